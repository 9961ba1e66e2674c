#include "backend/binding.hpp"

#include <algorithm>
#include <string_view>

#include <flowdb/error.hpp>

#include "backend/value_text.hpp"
#include "core/ascii.hpp"

namespace flowdb::backend {
namespace {

[[noreturn]] void throw_missing(const std::string& name) {
  throw InvalidArgument("parameter ':" + name + "' of the statement is not given: add {\"" + name +
                        "\", value} to the parameters (a plain colon is written \\:)");
}

void check_no_surplus(const sql::ParsedStatement& statement, const Params& params) {
  for (const auto& param : params) {
    const auto& names = statement.names();
    if (std::find(names.begin(), names.end(), param.name) == names.end()) {
      throw InvalidArgument("parameter ':" + param.name +
                            "' is given but does not appear in the statement");
    }
    if (params.find(param.name) != &param.value) {
      throw InvalidArgument("parameter ':" + param.name + "' is given twice");
    }
  }
}

void check_text(const std::string& name, const Value& value) {
  if (holds_nul(value)) {
    throw InvalidArgument("parameter ':" + name +
                          "' is a text that contains a NUL character, which no server text can "
                          "hold: bind flowdb::Bytes to a binary column instead");
  }
}

const Array* as_list(const Value& value) {
  return std::get_if<Array>(&value.data());
}

/// The server finds the type where the value is used.
bool is_untyped(const Value& value) {
  return value.is_null() || std::holds_alternative<std::string>(value.data()) ||
         std::holds_alternative<Json>(value.data());
}

/// Writes the statement anew where lists take the place of parameters, or the uses of one name need
/// placeholders of their own.
class Expander {
 public:
  Expander(const sql::ParsedStatement& statement, Binding& binding,
           const std::vector<const Value*>& by_name)
      : statement_(statement), binding_(binding), by_name_(by_name) {}

  void run() {
    number_of_name_.assign(by_name_.size(), 0);
    for (const auto& use : statement_.uses()) {
      write_use(use);
    }
    copy_until(statement_.source().size());
    binding_.text = &binding_.expanded;
  }

 private:
  void write_use(const sql::ParameterUse& use) {
    const Value& value = *by_name_[use.name_index];
    const Array* list = as_list(value);
    if (list != nullptr && use.alone_in_list) {
      copy_until(use.in_begin);
      binding_.expanded += use.negated ? "<> ALL (" : "= ANY (";
      binding_.expanded += placeholder(use.name_index) + ")";
      copied_ = use.in_end;
    } else if (list != nullptr && use.within_list) {
      copy_until(use.begin);
      write_elements(use, *list);
      copied_ = use.end;
    } else {
      copy_until(use.begin);
      if (is_untyped(value) && use.null_test) {
        binding_.expanded += new_placeholder(value) + "::text";
      } else if (is_untyped(value) && !statement_.matches_expressions()) {
        binding_.expanded += new_placeholder(value);
      } else {
        binding_.expanded += placeholder(use.name_index);
      }
      copied_ = use.end;
    }
  }

  void write_elements(const sql::ParameterUse& use, const Array& list) {
    if (list.elements.empty()) {
      throw InvalidArgument("parameter ':" + statement_.names()[use.name_index] +
                            "' is an empty list among other entries of IN (…): let it stand alone");
    }
    for (const auto& element : list.elements) {
      if (&element != list.elements.data()) {
        binding_.expanded += ", ";
      }
      binding_.expanded += new_placeholder(element);
    }
  }

  std::string new_placeholder(const Value& value) {
    binding_.values.push_back(&value);
    return "$" + std::to_string(binding_.values.size());
  }

  /// The same one for every use of the name.
  std::string placeholder(std::size_t name_index) {
    auto& number = number_of_name_[name_index];
    if (number == 0) {
      binding_.values.push_back(by_name_[name_index]);
      number = binding_.values.size();
    }
    return "$" + std::to_string(number);
  }

  /// Copies the source up to `end`; `\:` is written as the colon that it stands for.
  void copy_until(std::size_t end) {
    const std::string_view source = statement_.source();
    binding_.expanded += statement_.plain_text(copied_, end);
    copied_ = std::min(end, source.size());
  }

  const sql::ParsedStatement& statement_;
  Binding& binding_;
  const std::vector<const Value*>& by_name_;
  std::vector<std::size_t> number_of_name_;
  std::size_t copied_ = 0;
};

bool needs_own_text(const sql::ParsedStatement& statement,
                    const std::vector<const Value*>& by_name) {
  const auto& uses = statement.uses();
  const bool shares = uses.size() > by_name.size() && !statement.matches_expressions();
  return std::any_of(uses.begin(), uses.end(), [&](const auto& use) {
    const Value& value = *by_name[use.name_index];
    const bool is_list = (use.alone_in_list || use.within_list) && as_list(value) != nullptr;
    return is_list || ((use.null_test || shares) && is_untyped(value));
  });
}

}  // namespace

void find_values(const sql::ParsedStatement& statement, const Params& params,
                 std::vector<const Value*>& by_name) {
  by_name.clear();
  for (const auto& name : statement.names()) {
    const Value* value = params.find(name);
    if (value == nullptr) {
      throw_missing(name);
    }
    check_text(name, *value);
    by_name.push_back(value);
  }
  if (params.size() != statement.names().size()) {
    check_no_surplus(statement, params);
  }
}

void bind_numbered(const sql::ParsedStatement& statement, const Params& params, Binding& binding) {
  binding.expanded.clear();
  find_values(statement, params, binding.values);
  binding.text = &statement.text();
  if (needs_own_text(statement, binding.values)) {
    const auto by_name = binding.values;
    binding.values.clear();
    Expander{statement, binding, by_name}.run();
  }
}

void check_single_statement(const sql::ParsedStatement& statement,
                            const std::string& database_name) {
  const auto refuse = [&](const std::string& what) {
    throw InvalidArgument(database_name + ": " + what, {.database_name = database_name});
  };
  if (statement.kind() == sql::StatementKind::empty) {
    refuse("the statement is empty");
  }
  if (statement.statement_count() > 1) {
    refuse("the text holds " + std::to_string(statement.statement_count()) +
           " statements, but one call executes one: use execute_transaction() or "
           "transaction(), or a migration");
  }
  if (statement.kind() == sql::StatementKind::transaction) {
    refuse_transaction_control(statement.verb(), database_name);
  }
  if (statement.kind() == sql::StatementKind::copy) {
    refuse(
        "COPY is not executed as a query: use bulk_insert() to load rows and stream_query() to "
        "read them");
  }
}

void refuse_transaction_control(std::string_view verb, const std::string& database_name) {
  throw InvalidArgument(
      database_name + ": " + to_upper(verb) +
          " is not executed as a query, because the connection goes back to the pool: use "
          "transaction(), execute_transaction() or Transaction::savepoint()",
      {.database_name = database_name});
}

}  // namespace flowdb::backend
