#include <algorithm>

#include "support/tds_server/tsql/program.hpp"
#include "support/tds_server/tsql/rewriter.hpp"
#include "support/tds_server/tsql/statement_end.hpp"
#include "support/tds_server/tsql/type_names.hpp"

namespace flowdb::tds_server {
namespace {

bool ends_select_list(const Lexeme& word) {
  return word.is_any("FROM", "INTO", "WHERE", "GROUP", "HAVING", "ORDER", "UNION", "EXCEPT",
                     "INTERSECT", "OPTION", "FOR");
}

/// Words that do not name a column although they stand last in an expression.
bool is_keyword_operand(const Lexeme& word) {
  return word.is_any("NULL", "END", "CURRENT_TIMESTAMP");
}

std::string decimal_type(std::string_view digits) {
  const std::size_t point = digits.find('.');
  const std::size_t scale = digits.size() - point - 1;
  std::size_t integer = point;
  if (integer == 1 && digits.front() == '0') integer = 0;
  const std::size_t precision = integer + scale == 0 ? 1 : integer + scale;
  return "numeric(" + std::to_string(precision) + ',' + std::to_string(scale) + ')';
}

/// UTF-16 code units, which T-SQL counts as characters.
std::size_t character_count(const std::string& text) {
  std::size_t count = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0U) != 0x80U) count += byte >= 0xF0 ? 2 : 1;
  }
  return count;
}

}  // namespace

std::string Rewriter::take_range(std::size_t begin, std::size_t end) {
  std::string kept = std::move(out_);
  out_.clear();
  range(begin, end);
  std::string taken = std::move(out_);
  out_ = std::move(kept);
  return taken;
}

/// From behind SELECT to the end of its list.
std::size_t Rewriter::select_head(std::size_t index, std::size_t end, bool outermost, Tail& tail) {
  put("SELECT");
  if (at(index).is_any("DISTINCT", "ALL")) put(at(index++).text);
  if (at(index).is("TOP")) {
    std::size_t behind = index + 2;
    if (at(index + 1).is_symbol("(")) behind = closing_parenthesis(*lexemes_, index + 1) + 1;
    tail.limit = " LIMIT " + take_range(index + 1, behind);
    if (at(behind).is_any("PERCENT", "WITH")) refuse("TOP … " + std::string{at(behind).text});
    index = behind;
  }
  std::size_t cases = 0;
  std::size_t list_end = index;
  while (list_end < end && (cases > 0 || !ends_select_list(at(list_end)))) {
    if (at(list_end).is("CASE")) ++cases;
    if (at(list_end).is("END") && cases > 0) --cases;
    list_end =
        at(list_end).is_symbol("(") ? closing_parenthesis(*lexemes_, list_end) + 1 : list_end + 1;
  }
  const auto items = split(index, list_end);
  if (items.empty()) fail_near(at(list_end));
  const bool first_of_union = result_.labels.empty();
  const std::vector<std::optional<std::string>> labels = result_.labels;
  bool separate = false;
  for (const auto& [begin, behind] : items) {
    if (begin == behind) fail_near(at(begin));
    if (separate) put(",");
    separate = true;
    select_item(begin, behind, outermost);
  }
  if (outermost && !first_of_union) result_.labels = labels;
  if (list_end < end && at(list_end).is("INTO")) {
    if (!outermost) fail_near(at(list_end));
    const std::string kept = std::move(out_);
    out_.clear();
    const std::size_t behind = name(list_end + 1, end);
    const bool temporary = plain_name(at(behind - 1)).front() == '#';
    out_ = (temporary ? "CREATE TEMP TABLE " : "CREATE TABLE ") + out_ + " AS " + kept;
    result_.labels.clear();
    return behind;
  }
  return list_end;
}

void Rewriter::select_item(std::size_t begin, std::size_t end, bool outermost) {
  std::string label;
  std::size_t last_lexeme = end;
  bool aliased = false;
  if (at(begin).kind == LexemeKind::variable && end - begin > 2 && at(begin + 1).is_symbol("=")) {
    if (!outermost) fail_near(at(begin + 1));
    result_.assigned.push_back(lower_case(at(begin).text));
    begin += 2;
  } else if (at(begin).is_name() && end - begin > 2 && at(begin + 1).is_symbol("=")) {
    label = display_name(at(begin));
    aliased = true;
    begin += 2;
  } else if (end - begin > 2 && at(end - 2).is("AS")) {
    const Lexeme& alias = at(end - 1);
    label = alias.is_name() ? display_name(alias) : string_value(alias);
    aliased = true;
    last_lexeme = end - 2;
  } else if (end - begin > 1 && at(end - 1).is_name() && !at(end - 2).is_symbol(".") &&
             !is_keyword_operand(at(end - 1)) &&
             (at(end - 2).kind != LexemeKind::symbol || at(end - 2).is_symbol(")"))) {
    label = display_name(at(end - 1));
    aliased = true;
    last_lexeme = end - 1;
  } else if (at(end - 1).is_name() && !is_keyword_operand(at(end - 1)) &&
             (end - begin == 1 || at(end - 2).is_symbol("."))) {
    label = display_name(at(end - 1));
  }
  if (!outermost || !typed_item(begin, last_lexeme)) range(begin, last_lexeme);
  if (aliased) put("AS " + quoted_name(lower_case(label)));
  if (!outermost) return;
  if (at(end - 1).is_symbol("*")) {
    result_.labels.emplace_back(std::nullopt);
  } else {
    result_.labels.emplace_back(label);
  }
}

/// A lone literal or variable, whose type nothing else would tell.
bool Rewriter::typed_item(std::size_t begin, std::size_t end) {
  const bool negative = end - begin == 2 && at(begin).is_symbol("-");
  if (end - begin != 1 && !negative) return false;
  const Lexeme& lexeme = at(end - 1);
  if (lexeme.is("NULL")) {
    put("NULL::int4");
    return true;
  }
  if (lexeme.kind == LexemeKind::variable) {
    if (negative) return false;
    variable(lexeme, true);
    return true;
  }
  if (lexeme.kind == LexemeKind::string || lexeme.kind == LexemeKind::national) {
    const std::string value = string_value(lexeme);
    DataType type;
    type.kind = lexeme.kind == LexemeKind::string ? TypeKind::varchar : TypeKind::nvarchar;
    type.length = std::max<std::size_t>(character_count(value), 1);
    if (type.length > 4000) type.length = DataType::kMax;
    piece(end - 1, end);
    out_ += "::" + postgres_type(type);
    return true;
  }
  if (lexeme.kind == LexemeKind::number) {
    const bool floating = lexeme.text.find_first_of("eE") != std::string_view::npos;
    if (!floating && lexeme.text.find('.') == std::string_view::npos) return false;
    put(std::string{negative ? "-" : ""} + std::string{lexeme.text} +
        "::" + (floating ? "float8" : decimal_type(lexeme.text)));
    return true;
  }
  return false;
}

}  // namespace flowdb::tds_server
