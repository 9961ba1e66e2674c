#pragma once

#include <cstddef>
#include <iterator>
#include <memory>
#include <vector>

#include <flowdb/result_set.hpp>

namespace flowdb {
inline namespace v0_1 {

/// The rows of a statement as they arrive, block by block, in bounded memory. An input range: read
/// once, forward. A row is valid until the iterator moves on. Holds a connection until it is read
/// to its end or destroyed; leaving early cancels the statement on the server. Movable; not
/// thread-safe.
class RowStream {
 public:
  class Source;

  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Row;
    using difference_type = std::ptrdiff_t;
    using pointer = const Row*;
    using reference = Row;

    Iterator() = default;
    Row operator*() const { return stream_->current(); }
    /// \throws what DatabaseManager::execute_query() throws, when the server fails in mid-stream.
    Iterator& operator++() {
      stream_->advance();
      return *this;
    }
    void operator++(int) { ++*this; }
    friend bool operator==(const Iterator& iterator, std::default_sentinel_t) {
      return iterator.is_done();
    }

   private:
    friend class RowStream;
    explicit Iterator(RowStream* stream) : stream_(stream) {}
    bool is_done() const noexcept { return stream_ == nullptr || stream_->at_end(); }
    RowStream* stream_ = nullptr;
  };

  explicit RowStream(std::unique_ptr<Source> source);
  RowStream(RowStream&&) noexcept;
  RowStream& operator=(RowStream&&) noexcept;
  ~RowStream();

  Iterator begin() { return Iterator{this}; }
  std::default_sentinel_t end() const noexcept { return {}; }
  const std::vector<Column>& columns() const noexcept;

 private:
  Row current() const;
  void advance();
  bool at_end() const noexcept { return at_end_; }
  void load_block();

  std::unique_ptr<Source> source_;  // none once the end has been reached
  std::vector<Column> columns_;
  ResultSet block_;
  std::size_t index_ = 0;
  bool at_end_ = false;
};

}  // namespace v0_1
}  // namespace flowdb
