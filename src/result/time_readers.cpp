#include <flowdb/result_set.hpp>

#include "result/reader_errors.hpp"

namespace flowdb::result {
namespace {

// No kind of date or time stands for another: that would take a zone or a time of day to be
// guessed.
template <class Parse>
auto read_as(const Cell& cell, ColumnType type, std::string_view wanted, Parse parse) {
  if (cell.column().type != type) {
    throw_wrong_type(cell, wanted);
  }
  return parse_cell(cell, parse);
}

}  // namespace

Date read_date(const Cell& cell) {
  return read_as(cell, ColumnType::date, "a date", Date::parse);
}

TimeOfDay read_time(const Cell& cell) {
  return read_as(cell, ColumnType::time, "a time of day", TimeOfDay::parse);
}

Timestamp read_timestamp(const Cell& cell) {
  return read_as(cell, ColumnType::timestamp, "a timestamp", Timestamp::parse);
}

TimestampTz read_timestamp_tz(const Cell& cell) {
  return read_as(cell, ColumnType::timestamp_tz, "a timestamp with time zone", TimestampTz::parse);
}

}  // namespace flowdb::result
