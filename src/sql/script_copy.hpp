#pragma once

#include <cstddef>
#include <string_view>

#include "sql/script.hpp"
#include "sql/token.hpp"

namespace flowdb::sql {

/// Tells from its tokens whether a statement is `COPY … FROM STDIN`, whose data follow it in the
/// script.
class CopyFromStdin {
 public:
  /// Takes each token of the statement in turn but comments.
  void add(const Token& token) noexcept;
  bool is_found() const noexcept { return stage_ == Stage::found; }

 private:
  enum class Stage { start, copy, from, found, other };

  Stage stage_ = Stage::start;
  std::size_t parentheses_ = 0;
};

/// Where the data of the COPY lie whose statement, its `;` included, ends at `statement_end`: from
/// the next line to the line `\.`, as psql reads them. `behind` is where the script goes on.
struct CopyData {
  TextRange data;
  std::size_t behind = 0;
};

/// \throws LexicalError when something stands behind the statement on its line, or the line `\.`
/// is missing; `statement_begin` is the offset it then has.
CopyData find_copy_data(std::string_view script, std::size_t statement_begin,
                        std::size_t statement_end);

}  // namespace flowdb::sql
