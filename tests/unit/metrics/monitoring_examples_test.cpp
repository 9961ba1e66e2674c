// What examples/monitoring asks for is what collect_metrics() gives.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "metrics/descriptions.hpp"

namespace flowdb::metrics {
namespace {

const std::filesystem::path kFolder =
    std::filesystem::path{FLOWDB_SOURCE_DIR} / "examples/monitoring";

std::string text_of(const std::string& file) {
  std::ifstream stream{kFolder / file};
  EXPECT_TRUE(stream) << file;
  return {std::istreambuf_iterator<char>{stream}, {}};
}

/// The names by which the series of all families can be asked for.
std::set<std::string> series() {
  std::set<std::string> names;
  for (const auto* description : kDescriptions) {
    const std::string name = description->name;
    if (description->type == MetricType::histogram) {
      for (const char* suffix : {"_bucket", "_sum", "_count"}) names.insert(name + suffix);
    } else {
      names.insert(name);
    }
  }
  return names;
}

/// The names of metrics in a query: of its words with a '_' those that stand neither in quotes,
/// braces or brackets nor in a list of labels, and are not label_values()'s last.
std::set<std::string> metrics_in(std::string query) {
  for (const char* other :
       {"\"[^\"]*\"", "\\{[^}]*\\}", "\\[[^\\]]*\\]", "\\b(by|on)\\s*\\([^)]*\\)", ",[^,()]*\\)"}) {
    query = std::regex_replace(query, std::regex{other}, " ");
  }
  const std::regex word{"[a-zA-Z_:][a-zA-Z0-9_:]*_[a-zA-Z0-9_:]*"};
  std::set<std::string> found;
  for (std::sregex_iterator match{query.begin(), query.end(), word}, end; match != end; ++match) {
    if (match->str() != "histogram_quantile" && match->str() != "label_values") {
      found.insert(match->str());
    }
  }
  return found;
}

/// Every text below `document` that stands under that key.
void collect_texts(const nlohmann::json& document, const std::string& key,
                   std::vector<std::string>& texts) {
  for (const auto& [name, value] : document.items()) {
    if (name == key && value.is_string()) texts.push_back(value);
    if (value.is_structured()) collect_texts(value, key, texts);
  }
}

void expect_known(const std::vector<std::string>& queries) {
  const auto known = series();
  for (const auto& query : queries) {
    const auto named = metrics_in(query);
    EXPECT_FALSE(named.empty()) << query;
    for (const auto& name : named) {
      EXPECT_TRUE(known.contains(name)) << name << " in " << query;
    }
  }
}

TEST(MonitoringExamples, AskForMetricsThatExist_InTheDashboard) {
  const auto dashboard = nlohmann::json::parse(text_of("grafana_dashboard.json"));
  std::vector<std::string> queries;
  collect_texts(dashboard["panels"], "expr", queries);
  EXPECT_GT(queries.size(), 25U);
  for (const auto& variable : dashboard["templating"]["list"]) {
    if (variable["type"] == "query") queries.push_back(variable["query"]["query"]);
  }
  expect_known(queries);
}

TEST(MonitoringExamples, ShowEveryMetricInTheDashboard) {
  const auto text = text_of("grafana_dashboard.json");
  for (const auto* description : kDescriptions) {
    const std::string name = description->name;
    const bool is_for_alerts_alone =
        name == "flowdb_health_check_timestamp_seconds" || name == "process_virtual_memory_bytes" ||
        name == "process_start_time_seconds" || name.starts_with("db_client_connection_idle_m");
    EXPECT_EQ(text.find(name) == std::string::npos, is_for_alerts_alone) << name;
  }
}

TEST(MonitoringExamples, PlaceEachPanelBesideTheOthers) {
  const auto dashboard = nlohmann::json::parse(text_of("grafana_dashboard.json"));
  std::set<std::pair<int, int>> taken;
  std::set<int> ids;
  for (const auto& panel : dashboard["panels"]) {
    EXPECT_TRUE(ids.insert(panel["id"].get<int>()).second);
    const auto& at = panel["gridPos"];
    for (int y = at["y"]; y < at["y"].get<int>() + at["h"].get<int>(); ++y) {
      for (int x = at["x"]; x < at["x"].get<int>() + at["w"].get<int>(); ++x) {
        EXPECT_LT(x, 24) << panel["title"];
        EXPECT_TRUE(taken.emplace(x, y).second) << panel["title"];
      }
    }
  }
}

TEST(MonitoringExamples, AskForMetricsThatExist_InTheAlerts) {
  const auto text = text_of("prometheus_alerts.yml");
  // An expression ends where the next key of the rule begins.
  const std::regex rule{"expr:((?:.|\n)*?)\n +(?:for|labels):"};
  std::vector<std::string> queries;
  for (std::sregex_iterator match{text.begin(), text.end(), rule}, end; match != end; ++match) {
    queries.push_back((*match)[1]);
  }
  EXPECT_EQ(queries.size(), 13U);
  expect_known(queries);
}

}  // namespace
}  // namespace flowdb::metrics
