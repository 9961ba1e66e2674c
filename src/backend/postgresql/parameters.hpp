#pragma once

#include <string>
#include <vector>

#include <libpq-fe.h>

#include <flowdb/value.hpp>

namespace flowdb::backend::postgresql {

/// Bound values in the form in which libpq sends them; made to be used again, so that its memory is
/// allocated once a connection.
///
/// Types: integers as int4 when they fit, else int8; bool, float8, numeric, dates, times and uuid
/// as what they are; bytes as bytea in binary; text, JSON and NULL without a type, so that the
/// server takes the one that the statement wants there. Arrays have their elements' type.
class Parameters {
 public:
  void assign(const std::vector<const Value*>& values);

  int count() const noexcept { return static_cast<int>(types_.size()); }
  const Oid* types() const noexcept { return types_.data(); }
  const std::vector<Oid>& type_list() const noexcept { return types_; }
  const char* const* values() const noexcept { return values_.data(); }
  const int* lengths() const noexcept { return lengths_.data(); }
  const int* formats() const noexcept { return formats_.data(); }

 private:
  std::vector<Oid> types_;
  std::vector<const char*> values_;
  std::vector<int> lengths_;
  std::vector<int> formats_;
  std::vector<std::string> texts_;
};

}  // namespace flowdb::backend::postgresql
