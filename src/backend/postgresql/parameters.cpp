#include "backend/postgresql/parameters.hpp"

#include <cstddef>
#include <limits>
#include <utility>
#include <variant>

#include <flowdb/error.hpp>

#include "backend/value_text.hpp"

namespace flowdb::backend::postgresql {
namespace {

constexpr std::size_t kMaxParameters = 65'535;  // the protocol counts them in 16 bits

constexpr std::size_t kMaxBytes = std::size_t{1} << 30U;  // of a field, and libpq counts in an int

/// A type and its array's, from src/include/catalog/pg_type.dat.
struct Type {
  Oid scalar = 0;
  Oid array = 0;
};

struct TypeOf {
  Type operator()(bool) const { return {16, 1000}; }
  Type operator()(std::int64_t number) const {
    return std::in_range<std::int32_t>(number) ? Type{23, 1007} : Type{20, 1016};
  }
  Type operator()(double) const { return {701, 1022}; }
  Type operator()(const Decimal&) const { return {1700, 1231}; }
  Type operator()(const Bytes&) const { return {17, 1001}; }
  Type operator()(const Date&) const { return {1082, 1182}; }
  Type operator()(const TimeOfDay&) const { return {1083, 1183}; }
  Type operator()(const Timestamp&) const { return {1114, 1115}; }
  Type operator()(const TimestampTz&) const { return {1184, 1185}; }
  Type operator()(const Uuid&) const { return {2950, 2951}; }
  Type operator()(const Array& array) const;
  template <class T>
  Type operator()(const T&) const {
    return {};
  }
};

bool is_wider(const Type& type, const Type& than) {
  return type.scalar == 20 && than.scalar == 23;
}

/// The array's type is that of its elements when they agree; integers of both sizes are int8.
Type TypeOf::operator()(const Array& array) const {
  Type common;
  for (const auto& element : array.elements) {
    if (element.is_null()) {
      continue;
    }
    const bool nested = std::holds_alternative<Array>(element.data());
    Type type = std::visit(*this, element.data());
    if (nested) {
      type = {type.array, type.array};
    }
    if (common.array == 0 || is_wider(type, common)) {
      common = type;
    } else if (type.array != common.array && !is_wider(common, type)) {
      return {};
    }
    if (common.array == 0) {
      return {};
    }
  }
  return {common.array, common.array};
}

}  // namespace

void Parameters::assign(const std::vector<const Value*>& values) {
  if (values.size() > kMaxParameters) {
    throw InvalidArgument("the statement has " + std::to_string(values.size()) +
                          " parameters, PostgreSQL takes at most " +
                          std::to_string(kMaxParameters) +
                          ": use bulk_insert() or execute_batch()");
  }
  const std::size_t count = values.size();
  types_.assign(count, 0);
  values_.assign(count, nullptr);
  lengths_.assign(count, 0);
  formats_.assign(count, 0);
  texts_.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    const Value& value = *values[i];
    if (value.is_null()) {
      continue;
    }
    types_[i] = std::visit(TypeOf{}, value.data()).scalar;
    if (const auto* bytes = std::get_if<Bytes>(&value.data())) {
      if (bytes->size() > kMaxBytes) {
        throw InvalidArgument("a value has " + std::to_string(bytes->size()) +
                              " bytes, PostgreSQL takes at most 1 GiB: store it in pieces");
      }
      static constexpr char kEmpty = '\0';
      values_[i] = bytes->empty() ? &kEmpty : reinterpret_cast<const char*>(bytes->data());
      lengths_[i] = static_cast<int>(bytes->size());
      formats_[i] = 1;
    } else if (const auto* text = std::get_if<std::string>(&value.data())) {
      values_[i] = text->c_str();
    } else {
      texts_[i] = value_text(value);
      values_[i] = texts_[i].c_str();
    }
  }
}

}  // namespace flowdb::backend::postgresql
