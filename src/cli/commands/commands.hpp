#pragma once

#include "cli/program.hpp"

/// The commands, one file each. A new one is a file beside these, a line here and one in
/// add_commands().
namespace flowdb::cli {

void add_migrate(Program& program);
void add_info(Program& program);
void add_validate(Program& program);
void add_plan(Program& program);
void add_baseline(Program& program);
void add_repair(Program& program);
void add_undo(Program& program);
void add_lint(Program& program);
void add_new(Program& program);
void add_check(Program& program);
void add_health(Program& program);
void add_pool(Program& program);
void add_query(Program& program);
void add_completion(Program& program);

/// All of them, in the order in which --help lists them.
inline void add_commands(Program& program) {
  for (auto* add :
       {add_migrate, add_info, add_validate, add_plan, add_baseline, add_repair, add_undo, add_lint,
        add_new, add_check, add_health, add_pool, add_query, add_completion}) {
    add(program);
  }
}

}  // namespace flowdb::cli
