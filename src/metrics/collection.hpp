#pragma once

#include <utility>
#include <vector>

#include <flowdb/metrics.hpp>

#include "metrics/descriptions.hpp"
#include "metrics/duration_counts.hpp"

namespace flowdb::metrics {

/// The families as they are put together.
class Collection {
 public:
  using Labels = std::vector<MetricLabel>;

  /// A counter's or a gauge's value. `description` is one of `kDescriptions`.
  void add(const Description& description, Labels labels, double value);
  void add(const Description& description, Labels labels, const DurationCounts& durations);
  /// Those that have a metric, in the order of `kDescriptions`.
  std::vector<MetricFamily> take();

 private:
  std::vector<Metric>& metrics_of(const Description& description);

  std::vector<std::pair<const Description*, std::vector<Metric>>> found_;
};

}  // namespace flowdb::metrics
