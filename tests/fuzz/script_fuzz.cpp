// The splitter of PostgreSQL's scripts: whatever the text, statements come in order, within it, and
// nothing but white space, comments and `;` lies between them.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sql/lexer.hpp"
#include "sql/script.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check_gap(std::string_view gap) {
  flowdb::sql::Lexer lexer{gap, flowdb::sql::postgresql_dialect()};
  auto token = lexer.next();
  for (; token.kind != flowdb::sql::TokenKind::end; token = lexer.next()) {
    if (token.kind == flowdb::sql::TokenKind::comment || token.is_symbol(';')) continue;
    const auto line = gap.substr(token.begin, gap.find_first_of("\r\n", token.begin) - token.begin);
    require(line.substr(0, 9) == "\\restrict" || line.substr(0, 11) == "\\unrestrict");
    lexer.skip_to(token.begin + line.size());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  try {
    std::size_t behind = 0;
    for (const auto& statement :
         flowdb::sql::split_script(text, flowdb::sql::postgresql_dialect())) {
      require(behind <= statement.begin && statement.begin < statement.end &&
              statement.end <= size);
      require(flowdb::sql::position_at(text, statement.begin) == statement.position);
      check_gap(text.substr(behind, statement.begin - behind));
      behind = statement.end;
      if (!statement.copy_data) continue;
      require(behind <= statement.copy_data->begin &&
              statement.copy_data->begin <= statement.copy_data->end);
      check_gap(text.substr(behind, statement.copy_data->begin - behind));
      require(text.substr(statement.copy_data->end, 2) == "\\.");
      behind = statement.copy_data->end + 2;
    }
    check_gap(text.substr(behind));
  } catch (const flowdb::sql::LexicalError& error) {
    require(error.offset() <= size);
  }
  return 0;
}
