#pragma once

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <flowdb/metrics.hpp>

namespace flowdb::test_support {

using LabelList = std::vector<std::pair<std::string, std::string>>;

/// Looks a metric up in what was collected when it was made.
class MetricFinder {
 public:
  MetricFinder() : families_(collect_metrics()) {}

  const std::vector<MetricFamily>& families() const { return families_; }

  /// The metrics of that family which have all of these labels.
  std::vector<Metric> all(const std::string& name, const LabelList& labels = {}) const {
    std::vector<Metric> found;
    for (const auto& family : families_) {
      if (family.name != name) continue;
      for (const auto& metric : family.metrics) {
        if (has(metric, labels)) found.push_back(metric);
      }
    }
    return found;
  }
  /// The only one. \throws std::runtime_error when there are several, or none.
  Metric one(const std::string& name, const LabelList& labels = {}) const {
    const auto found = all(name, labels);
    if (found.size() != 1) {
      throw std::runtime_error(std::to_string(found.size()) + " metrics are like " + name);
    }
    return found.front();
  }
  double value(const std::string& name, const LabelList& labels = {}) const {
    return one(name, labels).value;
  }

 private:
  static bool has(const Metric& metric, const LabelList& labels) {
    return std::all_of(labels.begin(), labels.end(), [&](const auto& wanted) {
      return std::any_of(metric.labels.begin(), metric.labels.end(), [&](const auto& label) {
        return label.name == wanted.first && label.value == wanted.second;
      });
    });
  }

  std::vector<MetricFamily> families_;
};

}  // namespace flowdb::test_support
