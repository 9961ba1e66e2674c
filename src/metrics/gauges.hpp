#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <flowdb/metrics.hpp>

namespace flowdb::metrics {

/// A gauge of the program's own.
struct Gauge {
  std::string name;
  std::string help;
  std::vector<MetricLabel> labels;  ///< by name
  std::mutex mutex;                 ///< held while `read` is called
  std::function<double()> read;     ///< empty when the registration has ended
};

/// The gauges that live now. Thread-safe.
class Gauges {
 public:
  /// \throws InvalidArgument when one of the same name and labels is there.
  void add(std::shared_ptr<Gauge> gauge);
  void remove(const std::shared_ptr<Gauge>& gauge);
  /// Asks each, in the order in which they came; families by their first gauge.
  std::vector<MetricFamily> read() const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<Gauge>> gauges_;
};

}  // namespace flowdb::metrics
