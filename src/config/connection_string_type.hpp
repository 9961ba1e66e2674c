#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <flowdb/options.hpp>

namespace flowdb::config {

/// The scheme of a URL in lower case, without its `+driver`: `postgresql+psycopg2://…` →
/// `postgresql`. Empty when the text is keyword text.
std::string connection_string_scheme(std::string_view text);

/// Which kind of database a connection string is for: by its scheme, or by its first keyword
/// (libpq's `host=…`, ODBC's `DRIVER={…};SERVER=…`). nullopt when it does not say.
std::optional<DatabaseType> connection_string_type(std::string_view text);

/// The forms that are understood, for an error message.
std::string accepted_connection_strings(DatabaseType type);

}  // namespace flowdb::config
