#include "harness.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>

namespace flowdb::benchmark {
namespace {

using Clock = std::chrono::steady_clock;

double median(std::vector<double> samples) {
  std::sort(samples.begin(), samples.end());
  const auto middle = samples.size() / 2;
  return samples.size() % 2 == 1 ? samples[middle] : (samples[middle - 1] + samples[middle]) / 2;
}

class Measurement {
 public:
  explicit Measurement(const Workload& workload)
      : workload_(workload), figures_(workload.sides.size()) {}

  std::vector<Figures> take() {
    for (const auto& side : workload_.sides) {
      run(side);
    }
    for (int round = 0; round < workload_.rounds; ++round) {
      for (std::size_t i = 0; i < figures_.size(); ++i) {
        figures_[i].samples.push_back(run(workload_.sides[i]));
      }
    }
    for (auto& figures : figures_) {
      summarise(figures);
    }
    return std::move(figures_);
  }

 private:
  double run(const Side& side) {
    if (side.figure) {
      return side.figure() / workload_.nanoseconds;
    }
    if (workload_.before) {
      workload_.before();
    }
    const auto start = Clock::now();
    auto sum = side.run();
    const std::chrono::duration<double, std::nano> elapsed = Clock::now() - start;
    if (workload_.after) {
      sum = workload_.after();
    }
    if (sum_.value_or(sum) != sum) {
      throw std::runtime_error(workload_.name + ": the cells of '" + side.name +
                               "' add up to another sum than those of '" +
                               workload_.sides.front().name + "'");
    }
    sum_ = sum;
    return elapsed.count() / workload_.nanoseconds / static_cast<double>(workload_.operations);
  }

  void summarise(Figures& figures) const {
    const auto [least, most] = std::minmax_element(figures.samples.begin(), figures.samples.end());
    figures.minimum = *least;
    figures.maximum = *most;
    figures.median = median(figures.samples);
    std::vector<double> ratios;
    for (std::size_t round = 0; round < figures.samples.size(); ++round) {
      ratios.push_back(figures.samples[round] / figures_.front().samples[round]);
    }
    figures.ratio = median(std::move(ratios));
  }

  const Workload& workload_;
  std::vector<Figures> figures_;
  std::optional<CellSum> sum_;
};

}  // namespace

std::vector<Figures> measure(const Workload& workload) {
  return Measurement{workload}.take();
}

}  // namespace flowdb::benchmark
