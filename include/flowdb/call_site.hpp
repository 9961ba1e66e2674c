#pragma once

namespace flowdb {
inline namespace v0_1 {

/// A place in a flow's source: where it called DatabaseManager. Every call takes one as its last,
/// defaulted argument; a helper of a flow's own that calls on behalf of others may pass on theirs.
/// Reports on who holds connections name it. (Where std::source_location is to be had it says the
/// same; not every compiler has it.)
struct CallSite {
  const char* file = "";  ///< as the compiler was given it; lives for ever
  int line = 0;           ///< 1-based; 0: not known

  /// As a default argument, the place of the call whose argument it is.
  static constexpr CallSite here(const char* file = __builtin_FILE(),
                                 int line = __builtin_LINE()) noexcept {
    return {file, line};
  }
};

}  // namespace v0_1
}  // namespace flowdb
