#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <flowdb/error.hpp>

#include "cli/commands/commands.hpp"
#include "cli/csv.hpp"
#include "cli/report_text.hpp"
#include "cli/text_table.hpp"

namespace flowdb::cli {

namespace {

struct QueryFlags {
  std::string sql;
  std::vector<std::string> parameters;
  bool may_write = false;
  bool csv = false;
  std::optional<double> timeout;  // s
};

Params params_of(const std::vector<std::string>& given) {
  Params params;
  for (const auto& parameter : given) {
    const auto equals = parameter.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw InvalidArgument("--param takes name=value.");
    }
    params.set(parameter.substr(0, equals), parameter.substr(equals + 1));
  }
  return params;
}

std::optional<std::chrono::milliseconds> timeout_of(const QueryFlags& flags) {
  if (!flags.timeout) return std::nullopt;
  return std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::duration<double>{*flags.timeout});
}

ResultSet execute(const Invocation& call, const QueryFlags& flags) {
  auto database = call.open();
  const auto params = params_of(flags.parameters);
  const auto timeout = timeout_of(flags);
  if (flags.may_write) {
    return timeout ? database.execute_query_with_timeout(flags.sql, params, *timeout)
                   : database.execute_query(flags.sql, params);
  }
  TransactionOptions options;
  options.read_only = true;
  options.timeout = timeout;
  return database.transaction(
      [&](Transaction& transaction) { return transaction.execute_query(flags.sql, params); },
      options);
}

void print(const Invocation& call, const ResultSet& rows) {
  if (rows.columns().empty()) {
    call.out() << counted(rows.affected_rows(), "row") << " affected.\n";
    return;
  }
  std::vector<std::string> headings;
  for (const auto& column : rows.columns()) headings.push_back(printable(column.name));
  TextTable table{headings};
  for (const auto& row : rows) {
    std::vector<Cell> cells;
    for (std::size_t column = 0; column < headings.size(); ++column) {
      const auto text = row[column].as<std::optional<std::string>>();
      cells.push_back(text ? Cell{*text} : Cell{"NULL", Style::faint});
    }
    table.add(std::move(cells));
  }
  table.print(call.out(), call.terminal());
  call.out() << counted(rows.size(), "row") << ".\n";
}

ExitCode query(const Invocation& call, const QueryFlags& flags) {
  if (call.is_json() && flags.csv) throw InvalidArgument("Either --json or --csv, not both.");
  const auto rows = execute(call, flags);
  if (call.is_json()) {
    call.print(rows.to_json());
  } else if (flags.csv) {
    print_csv(call.out(), rows);
  } else {
    print(call, rows);
  }
  return ExitCode::done;
}

}  // namespace

void add_query(Program& program) {
  const auto flags = std::make_shared<QueryFlags>();
  auto& command = program.add("query", "Execute one statement, read-only unless --write says not",
                              [flags](const Invocation& call) { return query(call, *flags); });
  command.add_option("sql", flags->sql, "The statement, with :name parameters")->required();
  command.add_option("-p,--param", flags->parameters, "name=value, bound as text")
      ->allow_extra_args(false);
  command.add_flag("--csv", flags->csv, "Print comma-separated values (RFC 4180)");
  command.add_option("-t,--timeout", flags->timeout, "Cancelled after so many seconds")
      ->check(CLI::Range(0.001, 1e6));
  command.add_flag("--write", flags->may_write, "It may change data");
}

}  // namespace flowdb::cli
