#include "backend/postgresql/prepared_statements.hpp"

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

const PreparedStatements::Statement* PreparedStatements::find_prepared(
    std::string_view text, const std::vector<Oid>& types) {
  const auto known = find(hash_of(text), text, types);
  return known != statements_.end() && known->prepared ? &*known : nullptr;
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
  const auto [begin, end] = by_hash_.equal_range(hash_of(oldest->text));
  for (auto entry = begin; entry != end; ++entry) {
    if (entry->second == oldest) {
      by_hash_.erase(entry);
      break;
    }
  }
  statements_.pop_back();
}

void PreparedStatements::clear() {
  by_hash_.clear();
  statements_.clear();
  superfluous_.clear();
}

void PreparedStatements::retire_all() {
  while (!statements_.empty()) {
    drop_oldest();
  }
}

void PreparedStatements::disable() {
  clear();
  capacity_ = 0;
}

}  // namespace flowdb::backend::postgresql
