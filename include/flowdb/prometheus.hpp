#pragma once

#include <string>
#include <vector>

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

/// collect_metrics() for prometheus-cpp, in a library of its own: link flowdb::prometheus. For an
/// Exposer, which serves them over HTTP:
///
///     prometheus::Exposer exposer{"127.0.0.1:9100"};
///     const auto metrics = std::make_shared<flowdb::PrometheusCollectable>();
///     exposer.RegisterCollectable(metrics);

namespace flowdb {
inline namespace v0_1 {

/// Collects anew at every call. Thread-safe.
class PrometheusCollectable : public ::prometheus::Collectable {
 public:
  std::vector<::prometheus::MetricFamily> Collect() const override;
};

/// The same as the text that Prometheus reads; its media type is `text/plain; version=0.0.4`.
std::string prometheus_text();

}  // namespace v0_1
}  // namespace flowdb
