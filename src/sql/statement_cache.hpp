#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string_view>
#include <unordered_map>

#include "sql/statement.hpp"

namespace flowdb::sql {

/// Parsed statements by their text; the least recently used one goes when it is full. Thread-safe.
class StatementCache {
 public:
  /// Longer texts are parsed each time: data written into SQL would push out what is used again.
  static constexpr std::size_t kLongestKept = std::size_t{64} * 1024;

  /// `capacity` in statements; 0 keeps none.
  explicit StatementCache(Dialect dialect, std::size_t capacity = 512);

  /// A hit allocates nothing and takes constant time (beside hashing the text).
  /// \throws InvalidArgument as ParsedStatement does; such a text is not kept.
  std::shared_ptr<const ParsedStatement> get(std::string_view text);

 private:
  using Statement = std::shared_ptr<const ParsedStatement>;

  Statement find(std::string_view text);
  Statement keep(Statement statement);

  const Dialect dialect_;
  const std::size_t capacity_;
  std::mutex mutex_;
  std::list<Statement> by_recency_;  // the most recently used first
  std::unordered_map<std::string_view, std::list<Statement>::iterator> by_text_;  // into source()
};

}  // namespace flowdb::sql
