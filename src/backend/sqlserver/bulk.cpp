#include "backend/sqlserver/bulk.hpp"

#include <algorithm>

#include "backend/bulk_rows.hpp"
#include "backend/sqlserver/parameter.hpp"
#include "backend/sqlserver/parameter_array.hpp"
#include "backend/sqlserver/session_sql.hpp"

namespace flowdb::backend::sqlserver {
namespace {

/// Of one statement. More cost the server more to compile than they save, fewer leave more
/// statements to be executed.
constexpr std::size_t kParametersPerStatement = 100;

}  // namespace

BulkInsert::BulkInsert(std::string_view table, const std::vector<std::string>& columns,
                       const std::vector<std::vector<Value>>& rows, DriverFamily family)
    : rows_(rows), family_(family), head_(insert_head(table, columns)) {
  check_bulk_rows(columns, rows);
}

/// The rows of one VALUES share the types of their columns, and the server would convert: a text to
/// a number where one row has a number, a decimal to the digits that both leave room for. So a run
/// ends where a column's kind changes.
bool BulkInsert::joins_run(const std::vector<Value>& row) {
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (!go_together(*common_[i], row[i])) {
      return false;
    }
  }
  for (std::size_t i = 0; i < row.size(); ++i) {
    common_[i] = common_[i]->is_null() ? &row[i] : common_[i];
  }
  return true;
}

std::size_t BulkInsert::end_of_run(std::size_t begin) {
  common_.clear();
  for (const auto& value : rows_[begin]) {
    common_.push_back(&value);
  }
  std::size_t end = begin + 1;
  while (end < rows_.size() && joins_run(rows_[end])) {
    ++end;
  }
  return end;
}

std::uint64_t BulkInsert::run(Link& link, const ErrorContext& context, Effect effect,
                              const Deadline& deadline) {
  for (std::size_t begin = 0; begin < rows_.size();) {
    const auto end = end_of_run(begin);
    const auto together =
        std::clamp<std::size_t>(kParametersPerStatement / common_.size(), 1, end - begin);
    const auto rest = begin + (end - begin) / together * together;
    for (const auto& [from, to] : {std::pair{begin, rest}, std::pair{rest, end}}) {
      if (from < to) {
        const SingleSetsAgain single_sets{link.statement};
        Call call{link, context, effect, deadline};
        load(from, to, std::min(together, to - from), call);
      }
    }
    begin = end;
  }
  return rows_.size();
}

std::string BulkInsert::statement_text(std::size_t rows) const {
  std::string row = "(";
  for (const auto* value : common_) {
    const auto cast = parameter_cast(*value);
    if (value->is_null()) {
      row += "NULL,";
    } else if (cast.empty()) {
      row += "?,";
    } else {
      row.append("CAST(? AS ").append(cast).append("),");
    }
  }
  row.back() = ')';
  std::string text = head_;
  for (std::size_t i = 0; i < rows; ++i) {
    text += (i == 0 ? "" : ",") + row;
  }
  return text;
}

void BulkInsert::load(std::size_t begin, std::size_t end, std::size_t rows_per_set, Call& call) {
  const auto text = statement_text(rows_per_set);
  std::vector<const Value*> values;
  for (auto row = begin; row < end; ++row) {
    for (std::size_t i = 0; i < common_.size(); ++i) {
      if (!common_[i]->is_null()) {
        values.push_back(&rows_[row][i]);
      }
    }
  }
  if (values.empty()) {  // NULL, all of them
    for (auto row = begin; row < end; row += rows_per_set) {
      call.execute(text);
      call.finish();
    }
    return;
  }
  const auto places = values.size() / (end - begin) * rows_per_set;
  ParameterArray array{family_, places, values};
  array.run(call, text, [](std::size_t) {});
}

}  // namespace flowdb::backend::sqlserver
