#include <utility>

#include <prometheus/client_metric.h>
#include <prometheus/metric_type.h>
#include <prometheus/text_serializer.h>

#include <flowdb/metrics.hpp>
#include <flowdb/prometheus.hpp>

namespace flowdb {
namespace {

::prometheus::MetricType type_for_prometheus(MetricType type) {
  switch (type) {
    case MetricType::counter:
      return ::prometheus::MetricType::Counter;
    case MetricType::histogram:
      return ::prometheus::MetricType::Histogram;
    case MetricType::gauge:
      break;
  }
  return ::prometheus::MetricType::Gauge;
}

::prometheus::ClientMetric::Histogram histogram_for_prometheus(const Metric& metric) {
  ::prometheus::ClientMetric::Histogram histogram;
  histogram.sample_count = metric.count;
  histogram.sample_sum = metric.sum;
  histogram.bucket.reserve(metric.buckets.size());
  for (const auto& bucket : metric.buckets) {
    ::prometheus::ClientMetric::Bucket& added = histogram.bucket.emplace_back();
    added.upper_bound = bucket.upper_bound;
    added.cumulative_count = bucket.cumulative_count;
  }
  return histogram;
}

::prometheus::ClientMetric metric_for_prometheus(const Metric& metric, MetricType type) {
  ::prometheus::ClientMetric converted;
  converted.label.reserve(metric.labels.size());
  for (const auto& label : metric.labels) {
    ::prometheus::ClientMetric::Label& added = converted.label.emplace_back();
    added.name = label.name;
    added.value = label.value;
  }
  switch (type) {
    case MetricType::counter:
      converted.counter.value = metric.value;
      break;
    case MetricType::gauge:
      converted.gauge.value = metric.value;
      break;
    case MetricType::histogram:
      converted.histogram = histogram_for_prometheus(metric);
      break;
  }
  return converted;
}

/// prometheus-cpp writes it as it is, into one line whose only escapes are for backslash and
/// newline.
std::string help_for_prometheus(const std::string& help) {
  std::string line;
  for (const char character : help) {
    if (character == '\\') {
      line += '\\';
    }
    const bool ends_line = character == '\n' || character == '\r';
    line += ends_line ? ' ' : character;
  }
  return line;
}

}  // namespace

std::vector<::prometheus::MetricFamily> PrometheusCollectable::Collect() const {
  std::vector<::prometheus::MetricFamily> converted;
  for (auto& family : collect_metrics()) {
    auto& added = converted.emplace_back();
    added.name = std::move(family.name);
    added.help = help_for_prometheus(family.help);
    added.type = type_for_prometheus(family.type);
    added.metric.reserve(family.metrics.size());
    for (const auto& metric : family.metrics) {
      added.metric.push_back(metric_for_prometheus(metric, family.type));
    }
  }
  return converted;
}

}  // namespace flowdb

std::string flowdb::prometheus_text() {
  return ::prometheus::TextSerializer{}.Serialize(PrometheusCollectable{}.Collect());
}
