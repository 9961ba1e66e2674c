#include "migration/problem.hpp"

#include <flowdb/error.hpp>

namespace flowdb::migration {

void throw_problems(const std::string& database_name, const std::vector<Problem>& problems) {
  auto message = "The migrations of '" + database_name +
                 "' cannot run, and none was begun: " + std::to_string(problems.size()) +
                 (problems.size() == 1 ? " problem" : " problems");
  for (const auto& problem : problems) message += "\n" + problem.text;
  const auto& first = problems.front();
  ErrorFacts facts;
  facts.database_name = database_name;
  throw MigrationError(message, facts, first.script, first.line, first.column);
}

}  // namespace flowdb::migration
