// rpa2: validates the day's users, reads survey responses from SurveyHub on SQL Server, which it
// only ever reads, and stores them in rpa_db. Fails unless the database holds the known figures.
//
// rpa2 --make-sample makes the SurveyHub that has these figures, in a database of one's own.
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <flowdb/flowdb.hpp>

#include "common/expected_figures.hpp"
#include "common/identity.hpp"
#include "rpa2/flow.hpp"
#include "rpa2/sample.hpp"
#include "rpa2/survey_hub.hpp"

namespace {

constexpr const char* kSurveyHub = "SurveyHub";

int make_sample(const flowdb::ConfigManager& config) {
  flowdb::DatabaseManager survey_hub{kSurveyHub, config, {.read_only = false}};
  const bool is_new = flows::rpa2::make_survey_hub(survey_hub, flows::rpa2::sample_responses());
  std::cout << (is_new ? "survey_responses made\n" : "survey_responses is there already\n");
  return 0;
}

int process(const flowdb::ConfigManager& config) {
  flowdb::DatabaseManager database{"rpa_db", config};
  flowdb::DatabaseManager survey_hub{kSurveyHub, config};
  database.run_migrations();

  const flows::rpa2::Input input{
      .users = flows::rpa2::sample_users(),
      .since = flowdb::Timestamp::parse(config.get_or("SURVEYS_SINCE", "2024-01-01 00:00:00")),
      .batch_size = config.get_positive_integer("BATCH_SIZE").value_or(10)};
  const auto summary = flows::rpa2::run(database, survey_hub, input, flows::make_run_id(),
                                        flows::make_instance_id());
  std::cout << summary.dump(2) << '\n';
  const bool is_right = flows::reaches(summary, flows::rpa2::expected_summary(), std::cerr);
  const bool are_right = flows::reaches(summary.value("survey_scores", nlohmann::json::object()),
                                        flows::rpa2::expected_scores(), std::cerr);
  return is_right && are_right ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) try {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const flowdb::ConfigManager config{{.flow_name = "rpa2"}};
  if (arguments.empty()) {
    return process(config);
  }
  if (arguments.size() == 1 && arguments[0] == "--make-sample") {
    return make_sample(config);
  }
  std::cerr << "usage: rpa2 [--make-sample]\n";
  return 2;
} catch (const std::exception& error) {
  std::cerr << "rpa2: " << error.what() << '\n';
  return 1;
}
