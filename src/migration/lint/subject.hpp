#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "migration/lint/node.hpp"
#include "migration/lint/rules.hpp"

namespace flowdb::migration::lint {

/// A complaint, before it is known whether a comment silences it.
struct Complaint {
  Rule rule;
  std::size_t offset = 0;  ///< in the script
  std::string message;     ///< in place of the rule's own; empty: none
};

/// What the statements before it tell about the one under scrutiny.
struct ScriptState {
  /// Made by this script or temporary: nobody else uses them yet. Names as the script writes them.
  std::set<std::string> new_relations;
  /// `table.constraint`, added with NOT VALID.
  std::set<std::string> unproven_constraints;
  bool has_lock_timeout = false;
  bool has_transactional_parts = false;  ///< some statement of it needs a transaction

  bool is_new(const Node& relation) const {
    return relation["relpersistence"].is("t") || new_relations.count(relation_name(relation)) > 0;
  }
};

/// The statement under scrutiny, and where complaints about it go.
struct Subject {
  std::string kind;  ///< of its node: `IndexStmt`
  Node node;
  std::string_view text;
  std::size_t begin = 0;  ///< of `text` in the script
  const ScriptState& state;
  std::vector<Complaint>& complaints;

  /// \param offset in the statement
  void complain(Rule rule, std::size_t offset = 0, std::string message = {}) const {
    complaints.push_back({rule, begin + offset, std::move(message)});
  }
};

}  // namespace flowdb::migration::lint
