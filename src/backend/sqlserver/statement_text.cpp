#include "backend/sqlserver/statement_text.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>
#include <variant>

#include <flowdb/error.hpp>

#include "backend/binding.hpp"
#include "backend/sqlserver/null_places.hpp"
#include "backend/sqlserver/parameter.hpp"
#include "sql/lexer.hpp"

namespace flowdb::backend::sqlserver {
namespace {

/// Converted to whatever it is compared with; a bare NULL would be an INT, which no DATE is
/// compared with.
constexpr std::string_view kEmptySet = "SELECT CAST(NULL AS nvarchar(1)) WHERE 1 = 0";

const Array* as_list(const Value& value) {
  return std::get_if<Array>(&value.data());
}

/// Writes the statement anew.
class Writer {
 public:
  Writer(const sql::ParsedStatement& statement, BoundText& bound,
         const std::vector<const Value*>& by_name)
      : statement_(statement),
        bound_(bound),
        by_name_(by_name),
        is_exec_(statement.verb() == "EXEC" || statement.verb() == "EXECUTE") {}

  void run(const std::vector<bool>& null_places) {
    for (std::size_t i = 0; i < statement_.uses().size(); ++i) {
      const auto& use = statement_.uses()[i];
      copy_until(use.begin);
      write_use(use, i < null_places.size() && null_places[i]);
      copied_ = use.end;
    }
    copy_until(statement_.source().size());
    bound_.text = &bound_.written;
  }

 private:
  void write_use(const sql::ParameterUse& use, bool may_be_null) {
    const Value& value = *by_name_[use.name_index];
    const Array* list = as_list(value);
    if (list != nullptr && (use.alone_in_list || use.within_list)) {
      write_list(use, *list);
    } else {
      write_value(value, may_be_null);
    }
  }

  void write_list(const sql::ParameterUse& use, const Array& list) {
    if (list.elements.empty() && !use.alone_in_list) {
      throw InvalidArgument("parameter ':" + statement_.names()[use.name_index] +
                            "' is an empty list among other entries of IN (…): let it stand alone");
    }
    if (list.elements.empty()) {
      bound_.written += kEmptySet;
    }
    for (const auto& element : list.elements) {
      bound_.written += &element != list.elements.data() ? ", " : "";
      write_value(element, true);
    }
  }

  void write_value(const Value& value, bool may_be_null) {
    if (value.is_null() && may_be_null) {
      bound_.written += "NULL";
      return;
    }
    bound_.values.push_back(&value);
    // EXEC takes no expressions; the procedure's own type converts the text.
    const auto cast = is_exec_ ? std::string_view{} : parameter_cast(value);
    if (cast.empty()) {
      bound_.written += '?';
    } else {
      bound_.written.append("CAST(? AS ").append(cast).append(")");
    }
  }

  void copy_until(std::size_t end) {
    bound_.written += statement_.plain_text(copied_, end);
    copied_ = end;
  }

  const sql::ParsedStatement& statement_;
  BoundText& bound_;
  const std::vector<const Value*>& by_name_;
  bool is_exec_;
  std::size_t copied_ = 0;
};

/// Drivers look for `?` themselves, and do not know that comments nest: none is left in comments.
void blank_marks_in_comments(std::string& text) {
  std::vector<std::size_t> marks;
  sql::Lexer lexer{text, sql::sqlserver_dialect()};
  for (auto token = lexer.next(); token.kind != sql::TokenKind::end; token = lexer.next()) {
    for (std::size_t i = token.begin; i < token.end(); ++i) {
      if (token.kind == sql::TokenKind::comment && text[i] == '?') {
        marks.push_back(i);
      }
    }
  }
  for (const auto mark : marks) {
    text[mark] = ' ';
  }
}

bool has_marks_beside_comments(const std::string& source) {
  return source.find("/*") != std::string::npos && source.find('?') != std::string::npos;
}

}  // namespace

std::string text_for_sets(const sql::ParsedStatement& statement,
                          const std::vector<const Value*>& by_name,
                          std::vector<std::size_t>& placeholders) {
  BoundText bound;
  const auto places = null_places(statement.source());
  Writer{statement, bound, by_name}.run(places);
  if (has_marks_beside_comments(statement.source())) {
    blank_marks_in_comments(bound.written);
  }
  placeholders.clear();
  for (std::size_t i = 0; i < statement.uses().size(); ++i) {
    const auto name = statement.uses()[i].name_index;
    if (!by_name[name]->is_null() || !places[i]) {
      placeholders.push_back(name);
    }
  }
  return std::move(bound.written);
}

void bind_places(const sql::ParsedStatement& statement, const Params& params, BoundText& bound) {
  bound.written.clear();
  bound.values.clear();
  std::vector<const Value*> by_name;
  find_values(statement, params, by_name);
  const auto any = [&](const auto& test) {
    return std::any_of(by_name.begin(), by_name.end(),
                       [&](const auto* value) { return test(*value); });
  };
  const bool has_null = any([](const Value& value) { return value.is_null(); });
  const bool has_marks = has_marks_beside_comments(statement.source());
  if (has_null || has_marks || any([](const Value& value) {
        return as_list(value) != nullptr || !parameter_cast(value).empty();
      })) {
    Writer{statement, bound, by_name}.run(has_null ? null_places(statement.source())
                                                   : std::vector<bool>{});
  } else {
    for (const auto& use : statement.uses()) {
      bound.values.push_back(by_name[use.name_index]);
    }
    bound.text = &statement.text();
  }
  if (has_marks) {
    blank_marks_in_comments(bound.written);
  }
  if (bound.values.size() > kMostParameters) {
    throw InvalidArgument("the statement has " + std::to_string(bound.values.size()) +
                          " parameters; SQL Server takes at most 2,100, two of which are the "
                          "driver's own: use bulk_insert() or execute_batch(), or a shorter list");
  }
}

}  // namespace flowdb::backend::sqlserver
