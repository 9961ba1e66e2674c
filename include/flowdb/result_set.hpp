#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <flowdb/types.hpp>

namespace flowdb::result {
struct Table;
class TableBuilder;
enum class Encoding : std::uint8_t;
}  // namespace flowdb::result

namespace flowdb {
inline namespace v0_1 {

/// The kind of a column's values, the same for every server. `other` is any type that flowdb does
/// not know (interval, inet, an enumeration, geometry …): its values are the server's own text.
enum class ColumnType {
  boolean,
  int16,
  int32,
  int64,
  float32,
  float64,
  decimal,
  text,
  bytes,
  date,
  time,
  timestamp,
  timestamp_tz,
  uuid,
  json,
  array,
  other,
};

/// What an error message calls the type: `integer`, `text`, `timestamp with time zone` …
const char* to_string(ColumnType type) noexcept;

struct Column {
  std::string name;
  ColumnType type = ColumnType::other;
  ColumnType element_type = ColumnType::other;  ///< of an array
};

class Cell;

}  // namespace v0_1
}  // namespace flowdb

namespace flowdb::result {
/// How as<T>() reads T; specialised for each type that flowdb can read.
template <class T>
struct Reader;
[[noreturn]] void throw_null(const Cell& cell);
}  // namespace flowdb::result

namespace flowdb {
inline namespace v0_1 {

/// One value of a row: a view, valid as long as the ResultSet (of a stream: until the next row).
class Cell {
 public:
  bool is_null() const noexcept { return is_null_; }
  const Column& column() const noexcept { return *column_; }

  /// The value as T: bool, any integer, float, double, std::string, std::string_view, Decimal,
  /// Bytes, Date, TimeOfDay, Timestamp, TimestampTz, std::chrono::year_month_day,
  /// std::chrono::system_clock::time_point, Uuid, Json, nlohmann::json, std::vector<T> of these (an
  /// array; of more dimensions, vectors of vectors), std::optional<T> of any (NULL is nullopt).
  /// std::string reads every type but bytes, in PostgreSQL's text form with ISO dates, UTC.
  /// std::string_view shows text, JSON, arrays and ColumnType::other without a copy.
  /// No conversion loses anything: an integer that does not fit, a decimal with a fraction read as
  /// an integer, a text read as a number are errors. Decimals as double is the one exception.
  /// \throws InvalidArgument for NULL or a type that does not fit; names the column and the remedy.
  template <class T>
  T as() const {
    if constexpr (!result::Reader<T>::accepts_null) {
      if (is_null_) {
        result::throw_null(*this);
      }
    }
    return result::Reader<T>::read(*this);
  }

 private:
  friend class Row;
  friend class CellAccess;
  Cell(const Column& column, std::string_view raw, bool is_null, result::Encoding encoding) noexcept
      : column_(&column), raw_(raw), is_null_(is_null), encoding_(encoding) {}

  const Column* column_;
  std::string_view raw_;
  bool is_null_;
  result::Encoding encoding_;
};

/// One row: a view, valid as long as the ResultSet (of a stream: until the next row).
class Row {
 public:
  std::size_t size() const noexcept;
  const std::vector<Column>& columns() const noexcept;
  /// \throws InvalidArgument when there is no such column, or two of that name.
  Cell operator[](std::string_view name) const;
  Cell operator[](const char* name) const { return (*this)[std::string_view{name}]; }
  /// \throws InvalidArgument past the last column.
  template <std::integral Index>
  Cell operator[](Index index) const {
    return cell(std::in_range<std::size_t>(index) ? static_cast<std::size_t>(index)
                                                  : std::string_view::npos);
  }
  nlohmann::json to_json() const;

 private:
  friend class ResultSet;
  friend class RowStream;
  friend class OwningRow;
  Row(const result::Table& table, const char* cells) noexcept : table_(&table), cells_(cells) {}
  Cell cell(std::size_t index) const;

  const result::Table* table_;
  const char* cells_;
};

/// A row that keeps its result set alive: what a temporary ResultSet gives.
class OwningRow : public Row {
 private:
  friend class ResultSet;
  OwningRow(std::shared_ptr<const result::Table> table, const char* cells) noexcept;
  std::shared_ptr<const result::Table> owner_;
};

/// The rows of a statement, in memory, in one compact block; immutable, cheap to copy (copies share
/// the rows), safe to read from several threads.
class ResultSet {
 public:
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Row;
    using difference_type = std::ptrdiff_t;
    using pointer = const Row*;
    using reference = Row;

    Row operator*() const { return (*rows_)[index_]; }
    Iterator& operator++() {
      ++index_;
      return *this;
    }
    Iterator operator++(int) {
      auto before = *this;
      ++index_;
      return before;
    }
    friend bool operator==(const Iterator& a, const Iterator& b) { return a.index_ == b.index_; }

   private:
    friend class ResultSet;
    Iterator(const ResultSet* rows, std::size_t index) : rows_(rows), index_(index) {}
    const ResultSet* rows_ = nullptr;
    std::size_t index_ = 0;
  };

  ResultSet();  ///< no rows, no columns

  std::size_t size() const noexcept;
  bool empty() const noexcept { return size() == 0; }
  const std::vector<Column>& columns() const noexcept;
  /// Rows that an INSERT, UPDATE, DELETE or MERGE changed; for a SELECT the number of rows.
  std::uint64_t affected_rows() const noexcept;

  Iterator begin() const noexcept { return {this, 0}; }
  Iterator end() const noexcept { return {this, size()}; }
  /// \throws InvalidArgument past the last row.
  Row operator[](std::size_t index) const&;
  OwningRow operator[](std::size_t index) &&;

  /// The only row.
  /// \throws InvalidArgument when there is none or more than one.
  Row one() const&;
  OwningRow one() &&;

  /// The only column of the only row.
  /// \throws InvalidArgument when there are more, or none.
  template <class T>
  T scalar() const {
    return only_cell().as<T>();
  }

  /// A list of objects, one a row: integers and doubles as numbers, booleans, JSON embedded, arrays
  /// as lists; decimals, dates, times, uuids, NaN and infinities as strings (ISO 8601), bytes as
  /// base64. For a statement without columns `[{"affected_rows": n}]`.
  /// \throws InvalidArgument when two columns have one name.
  nlohmann::json to_json() const;

 private:
  friend class result::TableBuilder;
  explicit ResultSet(std::shared_ptr<const result::Table> table) noexcept;
  Cell only_cell() const;

  std::shared_ptr<const result::Table> table_;
};

}  // namespace v0_1
}  // namespace flowdb

#include <flowdb/detail/readers.hpp>  // IWYU pragma: export
