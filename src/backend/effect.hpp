#pragma once

#include <flowdb/error.hpp>

namespace flowdb::backend {

/// What becomes of the caller when an answer does not come.
enum class Effect {
  preparation,  ///< nothing of what the caller asked for has been sent yet
  none,         ///< nothing can have been applied, or a transaction around it is rolled back
  query,        ///< a SELECT that commits by itself: what it calls may write
  write,        ///< a write that commits by itself: lost means unknown
  procedure,    ///< the same, and it may have committed before it failed: CALL, DO, EXEC
  commit,       ///< a COMMIT
  clean_up,     ///< takes something back; the connection is closed when that does not come about
};

/// It is committed without another word: when the answer is lost, nobody knows.
constexpr bool is_applied_by_itself(Effect effect) noexcept {
  return effect == Effect::query || effect == Effect::write || effect == Effect::procedure ||
         effect == Effect::commit;
}

/// How far the caller's own work has come once a statement of that effect is under way.
constexpr Phase phase_of(Effect effect) noexcept {
  switch (effect) {
    case Effect::preparation:
      return Phase::not_sent;
    case Effect::commit:
      return Phase::committing;
    case Effect::none:
    case Effect::query:
    case Effect::write:
    case Effect::procedure:
    case Effect::clean_up:
      break;
  }
  return Phase::sent;
}

}  // namespace flowdb::backend
