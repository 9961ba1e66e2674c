#include "result/column_names.hpp"

#include <set>

#include <flowdb/error.hpp>

namespace flowdb::result {
namespace {

std::string quoted_name(std::string_view name) {
  return "'" + std::string{name} + "'";
}

[[noreturn]] void throw_missing(const std::vector<Column>& columns, std::string_view name) {
  if (columns.empty()) {
    throw InvalidArgument("there is no column " + quoted_name(name) +
                          ": the result has no columns");
  }
  std::string names;
  for (const auto& column : columns) {
    names += (names.empty() ? "" : ", ") + quoted_name(column.name);
  }
  throw InvalidArgument("there is no column " + quoted_name(name) + ": the columns are " + names);
}

}  // namespace

std::string describe(const Column& column) {
  return column.name.empty() ? "a column without a name" : "column " + quoted_name(column.name);
}

std::size_t find_column(const std::vector<Column>& columns, std::string_view name) {
  const auto none = columns.size();
  auto found = none;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name != name) {
      continue;
    }
    if (found != none) {
      throw InvalidArgument("more than one column is named " + quoted_name(name) +
                            ": give them different names with AS, or read them by index");
    }
    found = i;
  }
  if (found == none) {
    throw_missing(columns, name);
  }
  return found;
}

void require_distinct_names(const std::vector<Column>& columns) {
  std::set<std::string_view> names;
  for (const auto& column : columns) {
    if (!names.insert(column.name).second) {
      throw InvalidArgument("more than one column is named " + quoted_name(column.name) +
                            ": give them different names with AS for to_json()");
    }
  }
}

}  // namespace flowdb::result
