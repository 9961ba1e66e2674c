#include "sql/dialect.hpp"

namespace flowdb::sql {

Dialect postgresql_dialect() noexcept {
  return {.placeholder = Placeholder::numbered,
          .dollar_quotes = true,
          .square_brackets = false,
          .statement_blocks = false};
}

Dialect sqlserver_dialect() noexcept {
  return {.placeholder = Placeholder::question_mark,
          .dollar_quotes = false,
          .square_brackets = true,
          .statement_blocks = true};
}

}  // namespace flowdb::sql
