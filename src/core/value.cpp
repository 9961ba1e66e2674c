#include <algorithm>

#include <flowdb/value.hpp>

namespace flowdb {

bool Array::operator==(const Array& other) const {
  return elements == other.elements;
}

Value::Value(const char* text) {
  if (text != nullptr) {
    data_ = std::string{text};
  }
}

Params::Params(const std::map<std::string, Value>& params) {
  params_.reserve(params.size());
  for (const auto& [name, value] : params) {
    params_.push_back({name, value});
  }
}

Params& Params::set(std::string name, Value value) {
  const auto place =
      std::find_if(params_.begin(), params_.end(), [&](const auto& p) { return p.name == name; });
  if (place == params_.end()) {
    params_.push_back({std::move(name), std::move(value)});
  } else {
    place->value = std::move(value);
  }
  return *this;
}

const Value* Params::find(std::string_view name) const noexcept {
  const auto place =
      std::find_if(params_.begin(), params_.end(), [&](const auto& p) { return p.name == name; });
  return place == params_.end() ? nullptr : &place->value;
}

}  // namespace flowdb
