#pragma once

#include <string_view>
#include <vector>

namespace flowdb::backend::sqlserver {

/// For each use of a parameter in a T-SQL statement, in order: whether the word NULL may stand
/// there in its place whatever the type wanted is. So behind `=`, as an entry of a row of VALUES,
/// and as an argument of EXEC; not within an expression or a function's arguments, where the server
/// wants to know the type of NULL.
std::vector<bool> null_places(std::string_view source);

}  // namespace flowdb::backend::sqlserver
