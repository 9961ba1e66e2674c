// Random SQL-like texts: whatever they hold, the scanner neither crashes nor changes a byte that is
// not a parameter's.

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include <flowdb/error.hpp>

#include "sql/script.hpp"
#include "sql/statement.hpp"

namespace flowdb::sql {
namespace {

constexpr int rounds = 20000;

constexpr std::string_view fragments[] = {
    "'",      "''",    "'a:b'",   "E'",         "e'\\'",   "U&'",     "U&\"",    "B'1'",  "N'x'",
    "$$",     "$t$",   "$1",      "$é$",        "$",       "\"",      "\"a:b\"", "[",     "]",
    "]]",     "--",    "-",       "/*",         "*/",      "*",       "/",       "\n",    "\r\n",
    " ",      "\t",    ":",       "::",         ":=",      ":a",      ":b1",     ":_",    ":name",
    "\\:",    "\\",    "?",       "?|",         "(",       ")",       ",",       ";",     ".",
    "1",      "1.5e3", "0x1F",    "a[1:2]",     "a[:i]",   "a",       "Größe",   "😀",     "\xFF",
    "SELECT", "INTO",  "IN",      "NOT",        "IN (:x)", "WITH",    "AS",      "BEGIN", "ATOMIC",
    "END",    "CASE",  "CREATE",  "FUNCTION",   "TEMP",    "EXPLAIN", "SET",     "@x",    "#t",
    "COMMIT", "TRAN",  "PREPARE", "set_config",
};

/// A generator whose numbers are the same everywhere (xorshift64).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::size_t below(std::size_t bound) {
    state_ ^= state_ << 13U;
    state_ ^= state_ >> 7U;
    state_ ^= state_ << 17U;
    return static_cast<std::size_t>(state_ % bound);
  }

 private:
  std::uint64_t state_;
};

std::string random_text(Random& random) {
  std::string text;
  const auto count = 1 + random.below(24);
  for (std::size_t index = 0; index < count; ++index) {
    const auto fragment = fragments[random.below(std::size(fragments))];
    const auto place = random.below(4) == 0 ? random.below(text.size() + 1) : text.size();
    text.insert(place, fragment);
    if (random.below(2) == 0) text += ' ';
  }
  return text;
}

/// What text() must be, put together from source() and uses(). `\:` outside literals is the one
/// thing that uses() does not tell, so sources with one are compared without backslashes.
std::string text_from_uses(const ParsedStatement& statement, const Dialect& dialect) {
  std::string text;
  std::size_t copied = 0;
  for (const auto& use : statement.uses()) {
    EXPECT_GE(use.begin, copied);
    EXPECT_EQ(statement.source().substr(use.begin, use.end - use.begin),
              ":" + statement.names().at(use.name_index));
    text += statement.source().substr(copied, use.begin - copied);
    const bool is_numbered = dialect.placeholder == Placeholder::numbered;
    text += is_numbered ? '$' : '?';
    if (is_numbered) text += std::to_string(use.name_index + 1);
    copied = use.end;
  }
  return text + statement.source().substr(copied);
}

std::string without_backslashes(std::string text) {
  std::erase(text, '\\');
  return text;
}

void expect_consistent(const std::string& source, const Dialect& dialect) {
  const ParsedStatement statement{source, dialect};
  const auto expected = text_from_uses(statement, dialect);
  if (source.find("\\:") == std::string::npos) {
    EXPECT_EQ(statement.text(), expected) << source;
  } else {
    EXPECT_EQ(without_backslashes(statement.text()), without_backslashes(expected)) << source;
  }
  EXPECT_EQ(statement.uses().empty(), statement.names().empty());
  const auto script = split_script(source, dialect);
  const bool has_command = std::any_of(script.begin(), script.end(),
                                       [](const auto& part) { return part.is_client_command(); });
  EXPECT_TRUE(has_command || statement.statement_count() == script.size()) << source;
  EXPECT_EQ(statement.statement_count() == 0, statement.kind() == StatementKind::empty) << source;
  for (const auto& use : statement.uses()) {
    EXPECT_FALSE(use.alone_in_list && use.within_list);
    if (!use.alone_in_list) continue;
    EXPECT_LT(use.in_begin, use.begin) << source;
    EXPECT_GT(use.in_end, use.end) << source;
    EXPECT_EQ(source[use.in_end - 1], ')') << source;
  }
}

class StatementMutation : public testing::TestWithParam<Dialect> {};

TEST_P(StatementMutation, ChangesNothingButParameters_WhateverTheText) {
  Random random{0x9E3779B97F4A7C15U};
  int accepted = 0;
  int with_parameters = 0;
  for (int round = 0; round < rounds && !HasFailure(); ++round) {
    const auto source = random_text(random);
    try {
      expect_consistent(source, GetParam());
      ++accepted;
      with_parameters += ParsedStatement{source, GetParam()}.names().empty() ? 0 : 1;
    } catch (const InvalidArgument&) {
      // Something never closed, or parameters of both kinds: refused is fine, crashed is not.
    }
  }
  EXPECT_GT(accepted, rounds / 20) << "the texts must be good ones often enough to tell anything";
  EXPECT_GT(with_parameters, rounds / 50);
}

INSTANTIATE_TEST_SUITE_P(Dialects, StatementMutation,
                         testing::Values(postgresql_dialect(), sqlserver_dialect()),
                         [](const auto& dialect) {
                           return dialect.param.statement_blocks ? "SqlServer" : "PostgreSql";
                         });

}  // namespace
}  // namespace flowdb::sql
