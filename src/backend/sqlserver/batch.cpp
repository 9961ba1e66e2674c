#include "backend/sqlserver/batch.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <variant>

#include "backend/binding.hpp"
#include "backend/sqlserver/parameter.hpp"
#include "backend/sqlserver/parameter_array.hpp"
#include "backend/sqlserver/row_reader.hpp"
#include "backend/sqlserver/statement_text.hpp"
#include "core/ascii.hpp"

namespace flowdb::backend::sqlserver {
namespace {

std::string operation_of(std::size_t set) {
  return "execute_batch (parameter set " + std::to_string(set) + ")";
}

class Batch {
 public:
  Batch(Link& link, DriverFamily family, const ErrorContext& context,
        const sql::ParsedStatement& statement, const std::vector<Params>& params,
        const Deadline& deadline)
      : link_(link),
        family_(family),
        context_(context),
        statement_(statement),
        params_(params),
        deadline_(deadline) {}

  std::uint64_t run() {
    std::uint64_t affected = 0;
    for (std::size_t begin = 0; begin < params_.size();) {
      const auto end = end_of_run(begin);
      affected += end - begin > 1 ? run_array(begin, end) : run_one(begin);
      begin = end;
    }
    return affected;
  }

 private:
  /// The sets from `begin` on that can be sent as one array; `values_` and `common_` are theirs.
  std::size_t end_of_run(std::size_t begin) {
    values_.clear();
    std::size_t set = begin;
    do {
      find_values(statement_, params_[set], by_name_);
      if (set == begin) {
        common_ = by_name_;
      } else if (!joins_run()) {
        break;
      }
      values_.insert(values_.end(), by_name_.begin(), by_name_.end());
      ++set;
    } while (set < params_.size() && goes_as_array());
    return set;
  }

  /// Only of what plainly writes is it known that it returns no rows between the counts.
  bool goes_as_array() const {
    return statement_.kind() == sql::StatementKind::write && !statement_.names().empty() &&
           !returns_rows() && std::none_of(common_.begin(), common_.end(), [](const auto* value) {
             return std::holds_alternative<Array>(value->data());
           });
  }

  bool returns_rows() const {
    return to_upper(statement_.text()).find("OUTPUT") != std::string::npos;
  }

  bool joins_run() {
    for (std::size_t i = 0; i < common_.size(); ++i) {
      if (!go_together(*common_[i], *by_name_[i])) {
        return false;
      }
    }
    for (std::size_t i = 0; i < common_.size(); ++i) {
      common_[i] = common_[i]->is_null() ? by_name_[i] : common_[i];
    }
    return true;
  }

  std::uint64_t run_array(std::size_t begin, std::size_t end) {
    std::vector<std::size_t> placeholders;
    const auto text = text_for_sets(statement_, common_, placeholders);
    if (placeholders.empty()) {
      std::uint64_t affected = 0;
      for (auto set = begin; set < end; ++set) {
        affected += run_one(set);
      }
      return affected;
    }
    const auto names = statement_.names().size();
    std::vector<const Value*> values;
    values.reserve((end - begin) * placeholders.size());
    for (std::size_t set = 0; set < end - begin; ++set) {
      for (const auto name : placeholders) {
        values.push_back(values_[set * names + name]);
      }
    }
    ParameterArray array{family_, placeholders.size(), values};
    const SingleSetsAgain single_sets{link_.statement};
    Call call{link_, context_, Effect::none, deadline_};
    std::string operation;
    return array.run(call, text, [&](std::size_t set) {
      operation = operation_of(begin + set);
      call.set_subject(operation, &params_[begin + set]);
    });
  }

  std::uint64_t run_one(std::size_t set) {
    const auto operation = operation_of(set);
    BoundText bound;
    bind_places(statement_, params_[set], bound);
    std::vector<Parameter> parameters(bound.values.size());
    Call call{link_, context_, Effect::none, deadline_};
    call.set_subject(operation, &params_[set]);
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      parameters[i].assign(*bound.values[i], family_);
      call.check(parameters[i].bind(call.statement(), static_cast<SQLUSMALLINT>(i + 1)));
    }
    call.execute(*bound.text);
    return read_answer(call).affected_rows();
  }

  Link& link_;
  DriverFamily family_;
  const ErrorContext& context_;
  const sql::ParsedStatement& statement_;
  const std::vector<Params>& params_;
  const Deadline& deadline_;
  std::vector<const Value*> by_name_;  // of the set looked at last
  std::vector<const Value*> common_;   // of the run: a value of each name, not NULL where one is
  std::vector<const Value*> values_;   // of the run: set by set, by name
};

}  // namespace

std::uint64_t run_batch(Link& link, DriverFamily family, const ErrorContext& context,
                        const sql::ParsedStatement& statement, const std::vector<Params>& params,
                        const Deadline& deadline) {
  return Batch{link, family, context, statement, params, deadline}.run();
}

}  // namespace flowdb::backend::sqlserver
