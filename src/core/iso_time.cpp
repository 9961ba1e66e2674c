#include "core/iso_time.hpp"

#include "core/types/date_time_text.hpp"

namespace flowdb::core {

std::string iso_time(std::chrono::system_clock::time_point time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const auto since_midnight = std::chrono::floor<std::chrono::microseconds>(time - day);
  const auto second = std::chrono::floor<std::chrono::seconds>(since_midnight);
  std::string text;
  append_day(text, civil_from_days(day.time_since_epoch().count()));
  text += 'T';
  append_time(text, second);
  text += '.';
  append_padded(text, (since_midnight - second).count(), 6);
  text += 'Z';
  return text;
}

}  // namespace flowdb::core
