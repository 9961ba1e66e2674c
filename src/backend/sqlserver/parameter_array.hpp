#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <flowdb/value.hpp>

#include "backend/sqlserver/call.hpp"
#include "backend/sqlserver/parameter.hpp"

namespace flowdb::backend::sqlserver {

/// Whether two values go into one column of a parameter array: NULL with all, else those of one
/// kind; decimals with as many digits behind the point, so that none gains zeros.
bool go_together(const Value& left, const Value& right) noexcept;

/// One statement executed for many parameter sets: prepared with the first, then sent with many
/// sets at once.
class ParameterArray {
 public:
  /// `sets` × `places` values, set by set; the values of a place must go together. What it refers
  /// to must outlive it. \throws InvalidArgument for a value that SQL Server has no type for.
  ParameterArray(DriverFamily family, std::size_t places, const std::vector<const Value*>& values);

  /// Executes; the sum of the affected rows. `on_failure(set)` is called before an error about that
  /// set is thrown.
  template <class OnFailure>
  std::uint64_t run(Call& call, std::string_view text, const OnFailure& on_failure) {
    prepare(call, text);
    std::uint64_t affected = 0;
    for (std::size_t begin = 0; begin < sets_;) {
      const auto end = end_of_chunk(begin);
      const auto result = execute(call, begin, end);
      if (result != SQL_SUCCESS && result != SQL_NO_DATA) {
        on_failure(begin + failed_set(end - begin));
      }
      call.check(result);
      affected += read_count(call);
      begin = end;
    }
    return affected;
  }

 private:
  struct Place {
    ParameterType type;
    bool is_typed = false;   // by a value that is not NULL
    std::size_t stride = 0;  // bytes of the buffer for one value
    std::vector<char> buffer;
    std::vector<SQLLEN> lengths;
  };

  void widen(Place& place, const Parameter& parameter) const;
  void prepare(Call& call, std::string_view text);
  std::size_t end_of_chunk(std::size_t begin) const;
  SQLRETURN execute(Call& call, std::size_t begin, std::size_t end);
  void fill(std::size_t row, std::size_t set);
  std::size_t failed_set(std::size_t count) const;
  static std::uint64_t read_count(Call& call);

  DriverFamily family_;
  const std::vector<const Value*>& values_;
  std::size_t sets_;
  std::size_t sets_per_chunk_ = 1;
  std::vector<Place> places_;
  std::vector<SQLUSMALLINT> statuses_;
  SQLULEN processed_ = 0;
  Parameter scratch_;
};

/// Gives the statement handle back to single parameter sets when it goes, which must be after the
/// call that used an array.
class SingleSetsAgain {
 public:
  explicit SingleSetsAgain(SQLHSTMT statement) noexcept : statement_(statement) {}
  SingleSetsAgain(const SingleSetsAgain&) = delete;
  SingleSetsAgain& operator=(const SingleSetsAgain&) = delete;
  ~SingleSetsAgain() { forget_arrays(statement_); }

 private:
  SQLHSTMT statement_;
};

}  // namespace flowdb::backend::sqlserver
