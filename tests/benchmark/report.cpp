#include "report.hpp"

#include <fstream>
#include <iomanip>
#include <ostream>
#include <stdexcept>
#include <utility>

namespace flowdb::benchmark {
namespace {

constexpr int kFactWidth = 24;
constexpr int kNameWidth = 38;
constexpr int kFigureWidth = 10;

nlohmann::json to_json(const Side& side, const Figures& figures) {
  nlohmann::json object{{"name", side.name},          {"median", figures.median},
                        {"minimum", figures.minimum}, {"maximum", figures.maximum},
                        {"ratio", figures.ratio},     {"samples", figures.samples}};
  if (side.memory) {
    object["peak_memory_growth_mib"] = *side.memory;
  }
  return object;
}

}  // namespace

Report::Report(std::ostream& out, nlohmann::json facts) : out_(out), document_(std::move(facts)) {
  for (const auto& [name, value] : document_.items()) {
    out_ << std::left << std::setw(kFactWidth) << name << value.get<std::string>() << '\n';
  }
  out_ << '\n' << std::left << std::setw(kNameWidth) << "" << std::right;
  for (const auto* heading : {"median", "min", "max", "ratio", "MiB"}) {
    out_ << std::setw(kFigureWidth) << heading;
  }
  out_ << std::endl;
  document_["workloads"] = nlohmann::json::array();
}

void Report::add(const Workload& workload, const std::vector<Figures>& figures) {
  auto sides = nlohmann::json::array();
  out_ << workload.name << ": " << workload.unit << ", " << workload.rounds << " rounds of "
       << workload.operations << '\n';
  for (std::size_t i = 0; i < figures.size(); ++i) {
    const auto& side = workload.sides[i];
    out_ << "  " << std::left << std::setw(kNameWidth - 2) << side.name << std::right << std::fixed
         << std::setprecision(3);
    for (const double figure :
         {figures[i].median, figures[i].minimum, figures[i].maximum, figures[i].ratio}) {
      out_ << std::setw(kFigureWidth) << figure;
    }
    if (side.memory) {
      out_ << std::setprecision(1) << std::setw(kFigureWidth) << *side.memory;
    }
    out_ << '\n';
    sides.push_back(to_json(side, figures[i]));
  }
  out_ << std::flush;
  document_["workloads"].push_back({{"name", workload.name},
                                    {"unit", workload.unit},
                                    {"operations", workload.operations},
                                    {"rounds", workload.rounds},
                                    {"sides", std::move(sides)}});
}

void Report::save_ratios(const std::string& path) const {
  std::ofstream file{path};
  for (const auto& workload : document_["workloads"]) {
    file << workload["name"].get<std::string>() << "\tnan\t0\n";
    for (const auto& side : workload["sides"]) {
      const auto name = side["name"].get<std::string>();
      file << name << '\t' << side["ratio"].get<double>() << '\t' << name.starts_with("flowdb")
           << '\n';
    }
  }
  file << std::flush;
  if (!file) {
    throw std::runtime_error("cannot write " + path);
  }
}

void Report::save(const std::string& path) const {
  std::ofstream file{path};
  file << document_.dump(2) << '\n' << std::flush;
  if (!file) {
    throw std::runtime_error("cannot write " + path);
  }
}

}  // namespace flowdb::benchmark
