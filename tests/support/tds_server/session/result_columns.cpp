#include "support/tds_server/session/result_columns.hpp"

#include <algorithm>

namespace flowdb::tds_server {
namespace {

constexpr std::size_t kScaleOfNoValue = 6;

std::size_t scale_of(const std::optional<std::string_view>& value) {
  if (!value) return kScaleOfNoValue;
  const std::size_t point = value->find('.');
  return point == std::string_view::npos ? 0 : std::min<std::size_t>(value->size() - point - 1, 38);
}

void name(std::vector<Column>& columns, const std::vector<std::optional<std::string>>& labels) {
  const auto stars = std::count(labels.begin(), labels.end(), std::nullopt);
  const std::size_t named = labels.size() - static_cast<std::size_t>(stars);
  // Two stars leave open which columns are whose; PostgreSQL's names are then as good.
  if (stars > 1 || named > columns.size() || (stars == 0 && named != columns.size())) return;
  const std::size_t of_star = columns.size() - named;
  std::size_t at = 0;
  for (const auto& label : labels) {
    if (label) {
      columns[at++].name = *label;
    } else {
      at += of_star;
    }
  }
}

}  // namespace

std::vector<Column> result_columns(std::vector<Column> columns,
                                   const std::vector<std::optional<std::string>>& labels,
                                   const Cells* first) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    Column& column = columns[i];
    if (column.name == "?column?") column.name.clear();
    if (column.wire.type.kind != TypeKind::decimal || column.wire.type.precision != 0) continue;
    DataType type = column.wire.type;
    type.precision = 38;
    type.scale =
        static_cast<std::uint8_t>(first == nullptr ? kScaleOfNoValue : scale_of((*first)[i]));
    column.wire = wire_type(type);
  }
  name(columns, labels);
  return columns;
}

}  // namespace flowdb::tds_server
