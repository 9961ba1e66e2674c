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

/// Whether `text` is a URL for a database of that type; otherwise it is keyword text.
/// \throws ConfigurationError for a control character in it, for the other type's string and for
/// text that is neither; it shows none of it.
bool is_connection_url(const std::string& database_name, std::string_view text, DatabaseType type);

/// The forms that are understood, for an error message.
std::string accepted_connection_strings(DatabaseType type);

}  // namespace flowdb::config
