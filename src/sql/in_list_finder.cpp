#include "sql/in_list_finder.hpp"

namespace flowdb::sql {

void InListFinder::add(const Token& token) {
  if (token.is_symbol('(') || token.is_symbol('[')) {
    open(token);
  } else if (token.is_symbol(')') || token.is_symbol(']')) {
    close(token);
  } else if (!groups_.empty()) {
    auto& group = groups_.back();
    if (token.is_symbol(',')) {
      mark_entry(group);
      ++group.entries_before;
      group.entry_tokens = 0;
      group.has_parameter = false;
    } else {
      ++group.entry_tokens;
      if (token.kind == TokenKind::parameter) {
        group.has_parameter = true;
        group.last_use = uses_->size() - 1;
      }
    }
  }
  before_previous_ = previous_;
  previous_ = token;
}

void InListFinder::open(const Token& token) {
  if (!groups_.empty()) ++groups_.back().entry_tokens;
  Group group;
  group.is_in_list = token.is_symbol('(') && previous_.is_word("IN");
  group.negated = group.is_in_list && before_previous_.is_word("NOT");
  group.in_begin = group.negated ? before_previous_.begin : previous_.begin;
  groups_.push_back(group);
}

void InListFinder::close(const Token& token) {
  if (groups_.empty()) return;
  const auto group = groups_.back();
  groups_.pop_back();
  mark_entry(group);
  if (!group.is_parameter_entry() || group.entries_before > 0 || !token.is_symbol(')')) return;
  auto& use = (*uses_)[group.last_use];
  use.within_list = false;
  use.alone_in_list = true;
  use.negated = group.negated;
  use.in_begin = group.in_begin;
  use.in_end = token.end();
}

void InListFinder::mark_entry(const Group& group) {
  if (group.is_parameter_entry()) (*uses_)[group.last_use].within_list = true;
}

}  // namespace flowdb::sql
