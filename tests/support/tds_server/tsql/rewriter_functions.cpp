#include <array>

#include "support/tds_server/tsql/program.hpp"
#include "support/tds_server/tsql/rewriter.hpp"
#include "support/tds_server/tsql/statement_end.hpp"
#include "support/tds_server/tsql/type_names.hpp"

namespace flowdb::tds_server {

/// Functions that PostgreSQL has under another name or in another form. Moves `index` behind one.
bool Rewriter::special_function(std::size_t& index) {
  const Lexeme& word = at(index);
  if (index > 0 && at(index - 1).is_symbol(".")) return false;
  if (word.is("CURRENT_TIMESTAMP")) {
    put("tds.getdate()");
    ++index;
    return true;
  }
  if (!at(index + 1).is_symbol("(")) return false;
  const std::size_t closing = closing_parenthesis(*lexemes_, index + 1);
  const std::size_t begin = index + 2;
  if (word.is_any("CAST", "CONVERT")) {
    conversion(index, closing);
  } else if (word.is("ISNULL")) {
    arguments(begin, closing, "COALESCE");
  } else if (word.is("IIF")) {
    const auto parts = split(begin, closing);
    if (parts.size() != 3) fail_near(word);
    put("CASE WHEN");
    range(parts[0].first, parts[0].second);
    put("THEN");
    range(parts[1].first, parts[1].second);
    put("ELSE");
    range(parts[2].first, parts[2].second);
    put("END");
  } else if (word.is_any("DATEADD", "DATEDIFF", "DATEPART")) {
    put("tds." + lower_case(word.text) + "('" + lower_case(at(begin).text) + "'");
    range(begin + 1, closing);
    put(")");
  } else if (word.is_any("GETDATE", "GETUTCDATE", "SYSDATETIME", "SYSUTCDATETIME",
                         "SYSDATETIMEOFFSET", "NEWID")) {
    put("tds." + lower_case(word.text) + "()");
  } else if (word.is("COUNT")) {
    arguments(begin, closing, "tds.count");
  } else if (word.is("COUNT_BIG")) {
    arguments(begin, closing, "count");
  } else if (const auto fact = context_->fact(upper_case(word.text) + "()")) {
    put(*fact);
  } else if (word.is("SERVERPROPERTY")) {
    const auto property = context_->fact("SERVERPROPERTY " + upper_case(string_value(at(begin))));
    put(property.value_or("NULL::text"));
  } else {
    return false;
  }
  index = closing + 1;
  return true;
}

/// `[NOT] IN (SELECT CAST(NULL AS type) WHERE 1 = 0)`, a set without a type of its own: PostgreSQL
/// would compare with the type named, where SQL Server converts.
bool Rewriter::empty_set(std::size_t& index) {
  const bool negated = at(index).is("NOT") && at(index + 1).is("IN");
  const std::size_t in = negated ? index + 1 : index;
  if (!at(in).is("IN") || !at(in + 1).is_symbol("(") || !at(in + 2).is("SELECT") ||
      !at(in + 3).is("CAST") || !at(in + 5).is("NULL")) {
    return false;
  }
  const std::size_t closing = closing_parenthesis(*lexemes_, in + 1);
  const bool nothing = at(closing - 4).is("WHERE") && at(closing - 3).text == "1" &&
                       at(closing - 2).is_symbol("=") && at(closing - 1).text == "0";
  if (!nothing) return false;
  put(negated ? "<> ALL ('{}')" : "= ANY ('{}')");
  index = closing + 1;
  return true;
}

/// CAST (x AS type) and CONVERT (type, x), without a style.
void Rewriter::conversion(std::size_t index, std::size_t closing) {
  const std::size_t begin = index + 2;
  if (at(index).is("CAST")) {
    std::size_t as = closing;
    for (std::size_t i = begin; i < closing; ++i) {
      if (at(i).is_symbol("(")) {
        i = closing_parenthesis(*lexemes_, i);
      } else if (at(i).is("AS")) {
        as = i;
      }
    }
    std::size_t behind = as + 1;
    if (as == closing) fail_near(at(closing));
    const auto type = read_type(*lexemes_, behind, TypeUse::conversion);
    if (!type || behind != closing) refuse(std::string{at(as + 1).text});
    put("CAST(");
    range(begin, as);
    put("AS " + postgres_type(*type) + ")");
    return;
  }
  std::size_t behind = begin;
  const auto type = read_type(*lexemes_, behind, TypeUse::conversion);
  if (!type || !at(behind).is_symbol(",")) refuse("CONVERT to " + std::string{at(begin).text});
  const auto parts = split(behind + 1, closing);
  if (parts.size() != 1) refuse("CONVERT with a style");
  put("CAST(");
  range(parts[0].first, parts[0].second);
  put("AS " + postgres_type(*type) + ")");
}

void Rewriter::arguments(std::size_t begin, std::size_t end, const std::string& function) {
  put(function + "(");
  range(begin, end);
  put(")");
}

/// What stands between the commas of one level.
std::vector<std::pair<std::size_t, std::size_t>> Rewriter::split(std::size_t begin,
                                                                 std::size_t end) const {
  std::vector<std::pair<std::size_t, std::size_t>> parts;
  std::size_t from = begin;
  for (std::size_t i = begin; i < end; ++i) {
    if (at(i).is_symbol("(")) {
      i = closing_parenthesis(*lexemes_, i);
    } else if (at(i).is_symbol(",")) {
      parts.emplace_back(from, i);
      from = i + 1;
    }
  }
  if (from < end || !parts.empty()) parts.emplace_back(from, end);
  return parts;
}

}  // namespace flowdb::tds_server
