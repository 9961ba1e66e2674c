#pragma once

#include <vector>

#include "sql/statement.hpp"
#include "sql/token.hpp"

namespace flowdb::sql {

/// Finds the parameters of which a statement asks only whether they are NULL: `:name IS NULL`.
class NullTestFinder {
 public:
  /// `uses` must outlive the finder.
  explicit NullTestFinder(std::vector<ParameterUse>& uses) noexcept : uses_(&uses) {}

  /// Takes each token in turn but comments. A parameter's use is the last of `uses` by then.
  void add(const Token& token) {
    if (token.kind == TokenKind::parameter) {
      state_ = State::parameter;
    } else if (state_ == State::parameter && token.is_word("IS")) {
      state_ = State::is;
    } else if (state_ == State::is && token.is_word("NOT")) {
      state_ = State::is_not;
    } else {
      if ((state_ == State::is || state_ == State::is_not) && token.is_word("NULL")) {
        uses_->back().null_test = true;
      }
      state_ = State::other;
    }
  }

 private:
  enum class State { other, parameter, is, is_not };
  std::vector<ParameterUse>* uses_;
  State state_ = State::other;
};

}  // namespace flowdb::sql
