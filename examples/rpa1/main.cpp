// rpa1 [FILE]: adds up a file of sales and stores the results. Without FILE it takes the project's
// sample, whose figures are known, and fails unless the database holds exactly those.
#include <exception>
#include <filesystem>
#include <iostream>

#include <nlohmann/json.hpp>

#include <flowdb/flowdb.hpp>

#include "common/expected_figures.hpp"
#include "common/identity.hpp"
#include "rpa1/flow.hpp"

int main(int argc, char** argv) try {
  const flowdb::ConfigManager config{{.flow_name = "rpa1"}};
  flowdb::DatabaseManager database{"rpa_db", config};
  database.run_migrations();

  const bool is_sample = argc < 2;
  const auto file = is_sample ? config.project_root() / "flows/rpa1/data/sales.csv"
                              : std::filesystem::path{argv[1]};
  const auto summary = flows::rpa1::run(database, file, flows::make_run_id());
  std::cout << summary.dump(2) << '\n';

  const nlohmann::json expected{{"records_processed", 5},
                                {"records_successful", 5},
                                {"total_quantity", 575},
                                {"total_value", 6243.75},
                                {"average_price", 12.15}};
  return is_sample && !flows::reaches(summary, expected, std::cerr) ? 1 : 0;
} catch (const std::exception& error) {
  std::cerr << "rpa1: " << error.what() << '\n';
  return 1;
}
