// The splitter of T-SQL scripts into batches.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sql/batches.hpp"
#include "sql/lexer.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  try {
    std::size_t behind = 0;
    for (const auto& batch : flowdb::sql::split_batches(text)) {
      const bool is_within = behind <= batch.begin && batch.begin < batch.end && batch.end <= size;
      if (!is_within || batch.repetitions == 0) std::abort();
      if (flowdb::sql::position_at(text, batch.begin) != batch.position) std::abort();
      behind = batch.end;
    }
  } catch (const flowdb::sql::LexicalError& error) {
    if (error.offset() > size) std::abort();
  }
  return 0;
}
