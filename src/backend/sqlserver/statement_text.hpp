#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <flowdb/value.hpp>

#include "sql/statement.hpp"

namespace flowdb::backend::sqlserver {

/// SQL Server's limit, 2,100, less the two that sp_executesql needs for itself.
inline constexpr std::size_t kMostParameters = 2098;

/// A statement's text for the driver and the values of its placeholders, one for each `?`.
struct BoundText {
  const std::string* text = nullptr;  ///< the statement's own, or `written`
  std::string written;                ///< when it had to be written anew
  std::vector<const Value*> values;
};

/// Finds the value of every use of a parameter. The text is written anew where a list stands in
/// `IN (:ids)` (an empty one becomes the empty set), where a value needs a cast, and where NULL
/// stands for a whole value (`= :x`, an entry of VALUES, an argument of EXEC): as a parameter it
/// would have a type, and SQL Server converts no type of NULL to all others.
/// \throws InvalidArgument for a missing or surplus parameter, naming it; for a NUL in a text; for
/// more parameters than the server takes.
void bind_places(const sql::ParsedStatement& statement, const Params& params, BoundText& bound);

/// The text for many parameter sets with one placeholder for each use of a name. `by_name` has a
/// value of each name, NULL only where that is NULL in every set; `placeholders` becomes the index
/// of the name of each `?`: a NULL that could be written into the text has none.
std::string text_for_sets(const sql::ParsedStatement& statement,
                          const std::vector<const Value*>& by_name,
                          std::vector<std::size_t>& placeholders);

}  // namespace flowdb::backend::sqlserver
