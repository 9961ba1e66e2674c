#pragma once

#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <libpq-fe.h>

namespace flowdb::backend::postgresql {

/// What one connection knows of the statements that it sends again and again: a text with the types
/// of its parameters is prepared on the server when it comes for the second time, and executed by
/// name from then on, which saves the server the parsing and, after a few executions, the planning.
/// Bounded: what was not used for longest goes first. Sends nothing itself. Not thread-safe.
class PreparedStatements {
 public:
  struct Statement {
    std::string text;
    std::vector<Oid> types;
    std::string name;       ///< on the server; empty after the first use
    bool prepared = false;  ///< the server knows it
    /// It means the same whatever becomes of its tables; otherwise it is sent as it is after all.
    bool is_lasting = true;
    int result_format = 0;  ///< 1: all of its columns can be read in binary
    /// Its last answer was: the next one is then taken as a whole, which costs less than row by
    /// row.
    bool has_small_answer = false;
  };

  /// As many statements are remembered; 0: none, every one is sent as it is.
  explicit PreparedStatements(std::size_t capacity) : capacity_(capacity) {}
  PreparedStatements(const PreparedStatements&) = delete;
  PreparedStatements& operator=(const PreparedStatements&) = delete;

  /// Counts a use. The statement to be executed by its name, after preparing it when it is not yet;
  /// null when it is to be sent as it is: the first time, unless it pays `at_once`. Valid until the
  /// next call.
  Statement* use(std::string_view text, const std::vector<Oid>& types, bool at_once = false);
  /// The statement if the server knows it, and no use of it counted. Valid until the next call.
  const Statement* find_prepared(std::string_view text, const std::vector<Oid>& types);
  /// The server has none of them any more.
  void clear();
  /// They are out of date: the server is to free them, and each is made anew when it comes again.
  void retire_all();
  /// From now on all are sent as they are.
  void disable();
  /// Names that the server still holds for nothing: to be deallocated.
  const std::vector<std::string>& superfluous() const noexcept { return superfluous_; }
  void forget_superfluous() { superfluous_.clear(); }

 private:
  using List = std::list<Statement>;
  List::iterator find(std::size_t hash, std::string_view text, const std::vector<Oid>& types);
  void drop_oldest();

  std::size_t capacity_;
  List statements_;  // the one used last comes first
  std::unordered_multimap<std::size_t, List::iterator> by_hash_;
  std::vector<std::string> superfluous_;
  std::size_t names_given_ = 0;
};

}  // namespace flowdb::backend::postgresql
