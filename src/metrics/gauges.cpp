#include "metrics/gauges.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

#include <flowdb/error.hpp>

#include "core/failure_text.hpp"
#include "core/utf8.hpp"
#include "logging/log.hpp"
#include "metrics/registry.hpp"

namespace flowdb {
namespace metrics {
namespace {

/// As Prometheus's data model has them; a label's name without the colon.
bool is_metric_word(std::string_view word, bool may_have_colons) {
  const auto fits = [&](char character) {
    const bool is_letter = (character >= 'a' && character <= 'z') ||
                           (character >= 'A' && character <= 'Z') || character == '_';
    return is_letter || (character >= '0' && character <= '9') ||
           (may_have_colons && character == ':');
  };
  return !word.empty() && !(word.front() >= '0' && word.front() <= '9') &&
         std::all_of(word.begin(), word.end(), fits);
}

void check_gauge(const Gauge& gauge) {
  if (!is_metric_word(gauge.name, true)) {
    throw InvalidArgument("'" + gauge.name +
                          "' is no name of a metric: letters, digits, '_' and ':', no digit first");
  }
  for (const std::string_view prefix : {"flowdb_", "db_client_", "process_"}) {
    if (gauge.name.starts_with(prefix)) {
      throw InvalidArgument("the gauge '" + gauge.name + "' begins with '" + std::string{prefix} +
                            "' as flowdb's own metrics do: name it after the program");
    }
  }
  if (gauge.read == nullptr) {
    throw InvalidArgument("the gauge '" + gauge.name + "' has nothing that reads it");
  }
  const std::string* former = nullptr;
  for (const auto& label : gauge.labels) {
    if (!is_metric_word(label.name, false) || label.name.starts_with("__")) {
      throw InvalidArgument("the gauge '" + gauge.name + "': '" + label.name +
                            "' is no name of a label: letters, digits and '_', no digit and no "
                            "'__' first");
    }
    if (former != nullptr && *former == label.name) {
      throw InvalidArgument("the gauge '" + gauge.name + "' has the label '" + label.name +
                            "' twice");
    }
    if (!utf8::is_valid(label.value)) {
      throw InvalidArgument("the gauge '" + gauge.name + "': the label '" + label.name +
                            "' is not UTF-8");
    }
    former = &label.name;
  }
  if (!utf8::is_valid(gauge.help)) {
    throw InvalidArgument("the gauge '" + gauge.name + "': its help is not UTF-8");
  }
}

bool have_equal_labels(const Gauge& a, const Gauge& b) {
  return std::equal(a.labels.begin(), a.labels.end(), b.labels.begin(), b.labels.end(),
                    [](const auto& left, const auto& right) {
                      return left.name == right.name && left.value == right.value;
                    });
}

/// nullopt: it has ended, or failed.
std::optional<double> value_of(Gauge& gauge) {
  const std::lock_guard lock{gauge.mutex};
  if (gauge.read == nullptr) {
    return std::nullopt;
  }
  try {
    return gauge.read();
  } catch (...) {
    logging::write(logging::Level::warning, "the gauge '" + gauge.name + "' could not be read: " +
                                                text_of_current_exception());
  }
  return std::nullopt;
}

}  // namespace

void Gauges::add(std::shared_ptr<Gauge> gauge) {
  const std::lock_guard lock{mutex_};
  for (const auto& other : gauges_) {
    if (other->name == gauge->name && have_equal_labels(*other, *gauge)) {
      throw InvalidArgument("there is a gauge '" + gauge->name + "' with the same labels already");
    }
  }
  gauges_.push_back(std::move(gauge));
}

void Gauges::remove(const std::shared_ptr<Gauge>& gauge) {
  {
    const std::lock_guard lock{mutex_};
    std::erase(gauges_, gauge);
  }
  const std::lock_guard lock{gauge->mutex};  // whoever reads it has a part in it
  gauge->read = nullptr;
}

std::vector<MetricFamily> Gauges::read() const {
  std::vector<std::shared_ptr<Gauge>> gauges;
  {
    const std::lock_guard lock{mutex_};
    gauges = gauges_;
  }
  std::vector<MetricFamily> families;
  for (const auto& gauge : gauges) {
    const auto value = value_of(*gauge);
    if (!value) {
      continue;
    }
    auto family = std::find_if(families.begin(), families.end(),
                               [&](const auto& known) { return known.name == gauge->name; });
    if (family == families.end()) {
      families.push_back({gauge->name, gauge->help, MetricType::gauge, {}});
      family = std::prev(families.end());
    }
    family->metrics.push_back({.labels = gauge->labels, .value = *value});
  }
  return families;
}

}  // namespace metrics

/// The registry is that of the process in which the gauge was made; a child leaves it alone.
struct GaugeRegistration::Holder {
  Holder(metrics::Registry& where, std::shared_ptr<metrics::Gauge> what)
      : registry(where), gauge(std::move(what)) {
    registry.gauges().add(gauge);
  }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;
  ~Holder() {
    if (&registry == &metrics::Registry::of_this_process()) {
      registry.gauges().remove(gauge);
    }
  }

  metrics::Registry& registry;
  std::shared_ptr<metrics::Gauge> gauge;
};

GaugeRegistration::GaugeRegistration(std::string name, std::string help,
                                     std::function<double()> read,
                                     std::vector<MetricLabel> labels) {
  auto gauge = std::make_shared<metrics::Gauge>();
  gauge->name = std::move(name);
  gauge->help = std::move(help);
  gauge->labels = std::move(labels);
  gauge->read = std::move(read);
  std::sort(gauge->labels.begin(), gauge->labels.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  metrics::check_gauge(*gauge);
  holder_ = std::make_unique<Holder>(metrics::Registry::of_this_process(), std::move(gauge));
}

GaugeRegistration::GaugeRegistration(GaugeRegistration&&) noexcept = default;
GaugeRegistration& GaugeRegistration::operator=(GaugeRegistration&&) noexcept = default;
GaugeRegistration::~GaugeRegistration() = default;

}  // namespace flowdb
