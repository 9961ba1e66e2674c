// The scanner of statements and their `:name` parameters, in both dialects.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <flowdb/error.hpp>

#include "sql/statement.hpp"

namespace {

void scan(std::string_view text, const flowdb::sql::Dialect& dialect) {
  try {
    const flowdb::sql::ParsedStatement statement{text, dialect};
    std::size_t behind = 0;
    for (const auto& use : statement.uses()) {
      const bool is_within = behind <= use.begin && use.begin + 1 < use.end &&
                             use.end <= text.size() && use.name_index < statement.names().size();
      if (!is_within) std::abort();
      const auto name = text.substr(use.begin + 1, use.end - use.begin - 1);
      if (text[use.begin] != ':' || name != statement.names()[use.name_index]) std::abort();
      behind = use.end;
    }
    if (statement.source() != text || statement.fingerprint().size() > 1024) std::abort();
  } catch (const flowdb::InvalidArgument&) {
    // Text that is no statement says so.
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  scan(text, flowdb::sql::postgresql_dialect());
  scan(text, flowdb::sql::sqlserver_dialect());
  return 0;
}
