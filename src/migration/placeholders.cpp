#include "migration/placeholders.hpp"

#include <utility>

#include "core/ascii.hpp"
#include "migration/script.hpp"

namespace flowdb::migration {

namespace {

constexpr std::string_view kOpening = "${";

std::string known_names(const std::map<std::string, std::string>& values) {
  std::string names;
  for (const auto& [name, value] : values) names += (names.empty() ? "" : ", ") + name;
  return names;
}

const std::string* find_value(const std::map<std::string, std::string>& values,
                              std::string_view name) {
  const auto wanted = to_lower(name);
  for (const auto& [known, value] : values) {
    if (to_lower(known) == wanted) return &value;
  }
  return nullptr;
}

}  // namespace

void replace_placeholders(MigrationFile& file, const std::map<std::string, std::string>& values,
                          std::vector<Problem>& problems) {
  const std::string_view text = file.contents;
  std::string result;
  std::vector<SourceMap::Piece> pieces;
  std::size_t copied = 0;
  for (auto at = text.find(kOpening); at != std::string_view::npos;) {
    const auto closing = text.find('}', at);
    const auto name_begin = at + kOpening.size();
    const auto name = text.substr(name_begin, closing - name_begin);
    if (closing == std::string_view::npos || name.find_first_of("\r\n") != std::string_view::npos) {
      problems.push_back(problem_at(file, at,
                                    "a placeholder that begins here has no } behind it; "
                                    "close it, or run without placeholders."));
      break;
    }
    const auto* value = find_value(values, name);
    if (value == nullptr) {
      problems.push_back(problem_at(file, at,
                                    "there is no value for the placeholder ${" + std::string{name} +
                                        "}; there are values for: " + known_names(values) + "."));
    } else {
      result.append(text.substr(copied, at - copied));
      const auto begin = result.size();
      result += *value;
      pieces.push_back({begin, result.size(), at, closing + 1});
      copied = closing + 1;
    }
    at = text.find(kOpening, closing);
  }
  if (pieces.empty()) return;
  result.append(text.substr(copied));
  file.source = {std::exchange(file.contents, std::move(result)), std::move(pieces)};
}

}  // namespace flowdb::migration
