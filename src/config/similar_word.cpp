#include "config/similar_word.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <string>
#include <vector>

#include "core/ascii.hpp"

namespace flowdb::config {
namespace {

/// Levenshtein's distance: how many letters to insert, delete or replace.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const auto replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string_view similar_word(std::string_view word, std::span<const std::string_view> words) {
  constexpr std::size_t kLongest = 40;
  std::size_t least = 3;
  std::string_view similar;
  const auto written = to_lower(word.substr(0, kLongest));
  for (const auto each : words) {
    const auto wrong = distance(written, to_lower(each));
    if (wrong < least && 2 * wrong < each.size()) {
      least = wrong;
      similar = each;
    }
  }
  return similar;
}

}  // namespace flowdb::config
