#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace flowdb {
inline namespace v0_1 {

enum class MetricType {
  counter,    ///< never goes down while the process lives
  gauge,      ///< as it is at the moment of collecting
  histogram,  ///< how many values lie below each of some bounds
};
/// `counter`, `gauge` or `histogram`.
const char* to_string(MetricType type) noexcept;

struct MetricLabel {
  std::string name;
  std::string value;
};

/// How many values were at most `upper_bound`; the last bucket's bound is infinity.
struct MetricBucket {
  double upper_bound = 0;
  std::uint64_t cumulative_count = 0;
};

/// One time series of a family at one moment.
struct Metric {
  std::vector<MetricLabel> labels = {};
  double value = 0;                        ///< of a counter or a gauge
  std::vector<MetricBucket> buckets = {};  ///< of a histogram, by growing bounds
  std::uint64_t count = 0;                 ///< of a histogram: the last bucket's
  double sum = 0;                          ///< of a histogram
};

struct MetricFamily {
  std::string name;  ///< as Prometheus wants it: `db_client_operation_duration_seconds`
  std::string help;
  MetricType type = MetricType::gauge;
  std::vector<Metric> metrics;
};

/// What flowdb knows of itself in this process: every database that had a manager, the pools that
/// live, memory, CPU and open files of the process, and the gauges registered below. Talks to no
/// server. Counters and histograms belong to a database's name and go on when a manager ends and
/// another one comes; they begin anew in a child process. Names and labels follow OpenTelemetry's
/// semantic conventions for database clients where those have one, as Prometheus spells them;
/// the rest begins with `flowdb_`. Thread-safe.
std::vector<MetricFamily> collect_metrics();

/// Adds a gauge of the program's own to collect_metrics(), for as long as it lives: the length of a
/// queue, say. Several of one name and with different labels make one family, whose help is the
/// first one's.
class GaugeRegistration {
 public:
  /// `read` is called by whoever collects, on any thread but never by two at once; it must neither
  /// collect nor end this registration. When it throws, the gauge is left out that time, and the
  /// log says so.
  /// \throws InvalidArgument for a name or a label that Prometheus does not allow, for a name that
  /// begins as flowdb's own do (`flowdb_`, `db_client_`, `process_`), or when one of the same name
  /// and labels lives.
  GaugeRegistration(std::string name, std::string help, std::function<double()> read,
                    std::vector<MetricLabel> labels = {});
  GaugeRegistration(GaugeRegistration&&) noexcept;
  GaugeRegistration& operator=(GaugeRegistration&&) noexcept;
  /// Waits for a `read` that is under way.
  ~GaugeRegistration();

 private:
  struct Holder;
  std::unique_ptr<Holder> holder_;
};

}  // namespace v0_1
}  // namespace flowdb
