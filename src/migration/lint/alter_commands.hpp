#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "migration/lint/subject.hpp"

namespace flowdb::migration::lint {

/// One command of an ALTER TABLE.
struct AlterCommand {
  Node node;               ///< AlterTableCmd
  std::size_t offset = 0;  ///< in the statement

  bool is(const char* subtype) const { return node["subtype"].is(subtype); }
  std::string name() const { return node["name"].text(); }
  Node column() const { return node["def"]["ColumnDef"]; }
  Node constraint() const { return node["def"]["Constraint"]; }
};

/// Those of an ALTER TABLE statement; of any other none. The tree does not say where most of them
/// stand, so their places are found in the text: between commas, behind the table's name.
std::vector<AlterCommand> alter_commands(const Subject& subject);

}  // namespace flowdb::migration::lint
