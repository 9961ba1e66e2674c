#pragma once

#include <cstddef>
#include <string_view>

#include <flowdb/error.hpp>

#include "sql/script.hpp"

namespace flowdb::migration::sqlserver {

/// Offset in the script of what the server complains about. It tells a line of the batch at best:
/// then the name that the message quotes, if that line has it once, else where the line's text
/// begins. Without a line, the batch's first word.
std::size_t failure_offset(std::string_view script, const sql::ScriptStatement& batch,
                           const ErrorFacts& facts);

}  // namespace flowdb::migration::sqlserver
