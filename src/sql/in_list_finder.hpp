#pragma once

#include <cstddef>
#include <vector>

#include "sql/statement.hpp"
#include "sql/token.hpp"

namespace flowdb::sql {

/// Finds the parameters that are entries of an `IN (…)` list, where a list may take their place.
class InListFinder {
 public:
  /// `uses` must outlive the finder; its entries are marked as their lists close.
  explicit InListFinder(std::vector<ParameterUse>& uses) noexcept : uses_(&uses) {}

  /// Takes each token in turn but comments. A parameter's use is the last of `uses` by then.
  void add(const Token& token);

 private:
  /// What is open: parentheses or brackets, and the entry in them that is not yet ended.
  struct Group {
    bool is_in_list = false;
    bool negated = false;
    std::size_t in_begin = 0;
    std::size_t entries_before = 0;
    std::size_t entry_tokens = 0;
    bool has_parameter = false;  // in the entry
    std::size_t last_use = 0;    // of it

    bool is_parameter_entry() const noexcept {
      return is_in_list && has_parameter && entry_tokens == 1;
    }
  };

  void open(const Token& token);
  void close(const Token& token);
  void mark_entry(const Group& group);

  std::vector<ParameterUse>* uses_;
  std::vector<Group> groups_;
  Token previous_;
  Token before_previous_;
};

}  // namespace flowdb::sql
