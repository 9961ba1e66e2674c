#include <nlohmann/json.hpp>

#include "cli/commands/commands.hpp"
#include "cli/text_table.hpp"

namespace flowdb::cli {

namespace {

/// A pool lives in its process, so this shows one of this command's own: with the settings of a
/// flow, and how long it takes to have a connection.
ExitCode pool(const Invocation& call) {
  auto database = call.open();
  database.execute_query("SELECT 1");
  const auto status = database.get_pool_status();
  if (call.is_json()) {
    call.print(status.to_json());
    return ExitCode::done;
  }
  TextTable table{{"Pool of " + status.database_name, ""}};
  table.align_right(1);
  const auto add = [&](const char* what, const std::string& text) { table.add({{what}, {text}}); };
  add("size", std::to_string(status.pool_size));
  add("overflow allowed", std::to_string(status.max_overflow));
  add("at most", std::to_string(status.max_connections));
  add("open and idle", std::to_string(status.checked_in));
  add("first connection after", std::to_string(status.acquire_time_ms.max) + " ms");
  table.print(call.out(), call.terminal());
  return ExitCode::done;
}

}  // namespace

void add_pool(Program& program) {
  program.add("pool", "The pool that a flow would have, and how long a connection takes", pool);
}

}  // namespace flowdb::cli
