#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flowdb::benchmark {

/// The sum of all cells that were read: equal for all sides of a workload, or
/// one of them is wrong.
struct CellSum {
  std::uint64_t whole = 0;  ///< integers, in modular arithmetic
  double real = 0;          ///< in the order of the rows, so that it is equal to the last bit

  void add(std::int64_t number) { whole += static_cast<std::uint64_t>(number); }
  void add_real(double number) { real += number; }
  void add_text(std::string_view text) {
    whole += text.size() + (text.empty() ? 0U : static_cast<unsigned char>(text.front()));
  }
  friend bool operator==(const CellSum&, const CellSum&) = default;
};

/// One way of doing a workload.
struct Side {
  std::string name;
  std::function<CellSum()> run = {};
  std::optional<double> memory = {};  ///< peak growth in MiB, where it was measured
  /// Instead of `run`: gives the figure itself, in nanoseconds an operation.
  std::function<double()> figure = {};
};

/// The same work done by several sides, the first of which the others are
/// compared with.
struct Workload {
  std::string name;
  std::string unit;            ///< of the figures: `us a query`
  double nanoseconds = 1;      ///< in that unit
  std::size_t operations = 1;  ///< in one run of a side
  int rounds = 5;
  std::vector<Side> sides = {};
  std::function<void()> before = {};  ///< each run; not measured
  std::function<CellSum()> after =
      {};  ///< each run, not measured; its sum is then the one that counts
};

/// What one side took for one operation, in the workload's unit.
struct Figures {
  std::vector<double> samples;  ///< one a round
  double median = 0;
  double minimum = 0;
  double maximum = 0;
  double ratio = 1;  ///< the median of the rounds' ratios to the first side
};

/// Runs the sides in turn, A B C A B C …, after one round that does not count.
/// \throws std::runtime_error when the sums of two runs differ.
std::vector<Figures> measure(const Workload& workload);

}  // namespace flowdb::benchmark
