#include "sql/statement_cache.hpp"

#include <utility>

namespace flowdb::sql {

StatementCache::StatementCache(Dialect dialect, std::size_t capacity)
    : dialect_(dialect), capacity_(capacity) {}

std::shared_ptr<const ParsedStatement> StatementCache::get(std::string_view text) {
  if (text.size() > kLongestKept || capacity_ == 0) {
    return std::make_shared<const ParsedStatement>(text, dialect_);
  }
  if (auto known = find(text)) return known;
  return keep(std::make_shared<const ParsedStatement>(text, dialect_));
}

StatementCache::Statement StatementCache::find(std::string_view text) {
  const std::lock_guard lock{mutex_};
  const auto found = by_text_.find(text);
  if (found == by_text_.end()) return nullptr;
  by_recency_.splice(by_recency_.begin(), by_recency_, found->second);
  return *found->second;
}

/// Parsing happens outside the lock, so another thread may have been faster: then its is the one.
StatementCache::Statement StatementCache::keep(Statement statement) {
  const std::lock_guard lock{mutex_};
  const auto found = by_text_.find(statement->source());
  if (found != by_text_.end()) return *found->second;
  by_recency_.push_front(statement);
  by_text_.emplace(statement->source(), by_recency_.begin());
  if (by_recency_.size() > capacity_) {
    by_text_.erase(by_recency_.back()->source());
    by_recency_.pop_back();
  }
  return statement;
}

}  // namespace flowdb::sql
