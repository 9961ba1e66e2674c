#pragma once

#include <string>

#include <flowdb/value.hpp>

namespace flowdb::backend {

/// The value as PostgreSQL reads it as text; bytes as `\x…`, arrays as `{…}`, NULL as nothing. Also
/// what error texts are searched for, so that no value stays in them.
std::string value_text(const Value& value);

/// Whether a text or a JSON document in the value contains a NUL, which no server text can hold.
bool holds_nul(const Value& value);

}  // namespace flowdb::backend
