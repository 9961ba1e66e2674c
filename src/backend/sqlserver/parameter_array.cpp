#include "backend/sqlserver/parameter_array.hpp"

#include <algorithm>
#include <cstring>
#include <utility>
#include <variant>

namespace flowdb::backend::sqlserver {
namespace {

constexpr std::size_t kMostSetsPerChunk = 256;
constexpr std::size_t kChunkBytes = std::size_t{1} << 20U;

std::size_t fraction_digits(const Decimal& number) {
  const auto& text = number.to_string();
  return text.size() - std::min(text.find('.'), text.size());
}

}  // namespace

bool go_together(const Value& left, const Value& right) noexcept {
  if (left.is_null() || right.is_null()) {
    return true;
  }
  if (left.data().index() != right.data().index()) {
    return false;
  }
  const auto* number = std::get_if<Decimal>(&left.data());
  return number == nullptr ||
         fraction_digits(*number) == fraction_digits(std::get<Decimal>(right.data()));
}

ParameterArray::ParameterArray(DriverFamily family, std::size_t places,
                               const std::vector<const Value*>& values)
    : family_(family), values_(values), sets_(values.size() / places), places_(places) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!values[i]->is_null()) {
      scratch_.assign(*values[i], family_);
      widen(places_[i % places], scratch_);
    }
  }
  std::size_t row = 0;
  for (auto& place : places_) {
    place.stride = std::max<std::size_t>(place.stride, place.type.c_type == SQL_C_WCHAR ? 2 : 1);
    row += place.stride + sizeof(SQLLEN);
  }
  sets_per_chunk_ =
      std::min(sets_, std::clamp<std::size_t>(kChunkBytes / row, 1, kMostSetsPerChunk));
  for (auto& place : places_) {
    place.buffer.resize(place.stride * sets_per_chunk_);
    place.lengths.resize(sets_per_chunk_, SQL_NULL_DATA);
  }
  statuses_.resize(sets_per_chunk_);
}

/// The type and the room that hold what was there and the parameter: BIGINT beside INT, MAX beside
/// NVARCHAR(n), the most digits.
void ParameterArray::widen(Place& place, const Parameter& parameter) const {
  const auto& type = parameter.type();
  const bool is_first = std::exchange(place.is_typed, true) == false;
  const bool is_bigint = place.type.c_type == SQL_C_SBIGINT;
  const bool is_wider = type.size == 0 || (place.type.size != 0 && type.size > place.type.size);
  if (is_first || (is_wider && !is_bigint)) {
    place.type = type;
  }
  place.stride = std::max(place.stride, static_cast<std::size_t>(parameter.length()));
}

void ParameterArray::prepare(Call& call, std::string_view text) {
  call.prepare(text);
  SQLUSMALLINT number = 0;
  for (auto& place : places_) {
    call.check(SQLBindParameter(call.statement(), ++number, SQL_PARAM_INPUT, place.type.c_type,
                                place.type.sql_type, place.type.size, place.type.digits,
                                place.buffer.data(), static_cast<SQLLEN>(place.stride),
                                place.lengths.data()));
  }
  const auto set = [&](SQLINTEGER attribute, SQLPOINTER value) {
    call.check(SQLSetStmtAttr(call.statement(), attribute, value, 0));
  };
  set(SQL_ATTR_PARAM_STATUS_PTR, statuses_.data());
  set(SQL_ATTR_PARAMS_PROCESSED_PTR, &processed_);
}

/// The first set goes alone: with it the server prepares the statement, and the others refer to it.
std::size_t ParameterArray::end_of_chunk(std::size_t begin) const {
  return begin == 0 ? 1 : std::min(begin + sets_per_chunk_, sets_);
}

SQLRETURN ParameterArray::execute(Call& call, std::size_t begin, std::size_t end) {
  for (std::size_t set = begin; set < end; ++set) {
    fill(set - begin, set);
  }
  call.check(SQLSetStmtAttr(call.statement(), SQL_ATTR_PARAMSET_SIZE, as_pointer(end - begin), 0));
  std::fill(statuses_.begin(), statuses_.end(), SQLUSMALLINT{SQL_PARAM_UNUSED});
  return call.execute_prepared();
}

void ParameterArray::fill(std::size_t row, std::size_t set) {
  for (std::size_t i = 0; i < places_.size(); ++i) {
    auto& place = places_[i];
    const auto& value = *values_[set * places_.size() + i];
    char* const to = place.buffer.data() + row * place.stride;
    if (value.is_null()) {
      place.lengths[row] = SQL_NULL_DATA;
      continue;
    }
    if (place.type.c_type == SQL_C_SBIGINT) {
      const SQLBIGINT number = std::get<std::int64_t>(value.data());
      std::memcpy(to, &number, sizeof(number));
      place.lengths[row] = sizeof(number);
      continue;
    }
    scratch_.assign(value, family_);
    place.lengths[row] = scratch_.length();
    std::memcpy(to, scratch_.data(), static_cast<std::size_t>(scratch_.length()));
  }
}

std::size_t ParameterArray::failed_set(std::size_t count) const {
  const auto end = statuses_.begin() + static_cast<std::ptrdiff_t>(count);
  const auto failed = std::find(statuses_.begin(), end, SQLUSMALLINT{SQL_PARAM_ERROR});
  return failed == end ? 0 : static_cast<std::size_t>(failed - statuses_.begin());
}

std::uint64_t ParameterArray::read_count(Call& call) {
  std::uint64_t affected = 0;
  do {
    SQLLEN count = -1;
    call.check(SQLRowCount(call.statement(), &count));
    affected += count > 0 ? static_cast<std::uint64_t>(count) : 0;
  } while (call.next_result());
  return affected;
}

}  // namespace flowdb::backend::sqlserver
