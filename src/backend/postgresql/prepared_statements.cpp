#include "backend/postgresql/prepared_statements.hpp"

#include <algorithm>
#include <functional>
#include <iterator>

namespace flowdb::backend::postgresql {
namespace {

/// A longer text is hardly the same twice, and would take much memory on both sides.
constexpr std::size_t kLongestText = 16 * 1024;

std::size_t hash_of(std::string_view text) {
  return std::hash<std::string_view>{}(text);
}

}  // namespace

PreparedStatements::Statement* PreparedStatements::use(std::string_view text,
                                                       const std::vector<Oid>& types,
                                                       bool at_once) {
  if (capacity_ == 0 || text.size() > kLongestText) {
    return nullptr;
  }
  const auto hash = hash_of(text);
  auto known = find(hash, text, types);
  if (known == statements_.end()) {
    if (statements_.size() == capacity_) {
      drop_oldest();
    }
    statements_.push_front({std::string{text}, types, {}});
    known = statements_.begin();
    by_hash_.emplace(hash, known);
    if (!at_once) {
      return nullptr;
    }
  }
  statements_.splice(statements_.begin(), statements_, known);
  if (known->name.empty()) {
    known->name = "flowdb_" + std::to_string(++names_given_);
  }
  return &*known;
}

PreparedStatements::List::iterator PreparedStatements::find(std::size_t hash, std::string_view text,
                                                            const std::vector<Oid>& types) {
  const auto [begin, end] = by_hash_.equal_range(hash);
  for (auto candidate = begin; candidate != end; ++candidate) {
    if (candidate->second->text == text && candidate->second->types == types) {
      return candidate->second;
    }
  }
  return statements_.end();
}

void PreparedStatements::drop_oldest() {
  const auto oldest = std::prev(statements_.end());
  if (oldest->prepared) {
    superfluous_.push_back(oldest->name);
  }
  erase(oldest);
}

void PreparedStatements::erase(List::iterator statement) {
  const auto [begin, end] = by_hash_.equal_range(hash_of(statement->text));
  by_hash_.erase(
      std::find_if(begin, end, [&](const auto& entry) { return entry.second == statement; }));
  statements_.erase(statement);
}

void PreparedStatements::forget(std::string_view name) {
  const auto known = std::find_if(statements_.begin(), statements_.end(),
                                  [&](const auto& statement) { return statement.name == name; });
  if (known != statements_.end()) {
    erase(known);
  }
}

void PreparedStatements::clear() {
  by_hash_.clear();
  statements_.clear();
  superfluous_.clear();
}

void PreparedStatements::disable() {
  clear();
  capacity_ = 0;
}

}  // namespace flowdb::backend::postgresql
