#include "config/dotenv_interpolation.hpp"

#include <cstddef>
#include <optional>

namespace flowdb::config {
namespace {

struct Reference {
  std::string_view name;
  std::string_view fallback;
  std::size_t end;  ///< just behind the `}`
};

/// The reference whose `${` is at `start`, or nullopt when what follows is not one.
std::optional<Reference> reference_at(std::string_view text, std::size_t start) {
  const auto name_start = start + 2;
  const auto name_end = text.find_first_of("}:", name_start);
  if (name_end == std::string_view::npos) {
    return std::nullopt;
  }
  const auto name = text.substr(name_start, name_end - name_start);
  if (text[name_end] == '}') {
    return Reference{name, {}, name_end + 1};
  }
  const auto fallback_start = name_end + 2;
  const auto end = text.find('}', name_end);
  if (text.substr(name_end, 2) != ":-" || end == std::string_view::npos) {
    return std::nullopt;
  }
  return Reference{name, text.substr(fallback_start, end - fallback_start), end + 1};
}

}  // namespace

std::string interpolate(std::string_view text, const VariableLookup& lookup) {
  std::string result;
  std::size_t copied = 0;
  auto dollar = text.find("${");
  while (dollar != std::string_view::npos) {
    const auto reference = reference_at(text, dollar);
    if (reference) {
      result.append(text.substr(copied, dollar - copied));
      const auto value = lookup(reference->name);
      result.append(value ? std::string_view{*value} : reference->fallback);
      copied = reference->end;
    }
    dollar = text.find("${", reference ? copied : dollar + 2);
  }
  return result.append(text.substr(copied));
}

}  // namespace flowdb::config
