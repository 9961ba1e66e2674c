#include "metrics/collection.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>

const char* flowdb::to_string(MetricType type) noexcept {
  switch (type) {
    case MetricType::counter:
      return "counter";
    case MetricType::histogram:
      return "histogram";
    case MetricType::gauge:
      break;
  }
  return "gauge";
}

namespace flowdb {
namespace metrics {

std::vector<Metric>& Collection::metrics_of(const Description& description) {
  auto found = std::find_if(found_.begin(), found_.end(),
                            [&](const auto& entry) { return entry.first == &description; });
  if (found == found_.end()) {
    found_.emplace_back(&description, std::vector<Metric>{});
    found = std::prev(found_.end());
  }
  return found->second;
}

void Collection::add(const Description& description, Labels labels, double value) {
  metrics_of(description).push_back({.labels = std::move(labels), .value = value});
}

void Collection::add(const Description& description, Labels labels,
                     const DurationCounts& durations) {
  Metric metric{.labels = std::move(labels)};
  for (std::size_t i = 0; i < durations.counts.size(); ++i) {
    metric.count += durations.counts[i];
    const bool is_last = i == kDurationBounds.size();
    metric.buckets.push_back(
        {is_last ? std::numeric_limits<double>::infinity() : kDurationBounds[i], metric.count});
  }
  metric.sum = static_cast<double>(durations.nanoseconds) / 1e9;
  metrics_of(description).push_back(std::move(metric));
}

std::vector<MetricFamily> Collection::take() {
  std::vector<MetricFamily> families;
  for (const auto* description : kDescriptions) {
    auto& metrics = metrics_of(*description);
    if (!metrics.empty()) {
      families.push_back(
          {description->name, description->help, description->type, std::move(metrics)});
    }
  }
  return families;
}

}  // namespace metrics
}  // namespace flowdb
