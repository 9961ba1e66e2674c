#pragma once

#include <cstddef>
#include <exception>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include <flowdb/error.hpp>

namespace flowdb::config_test {

// Two halves: a mutation may cut the password in two, and neither part may be shown.
inline const std::string kFirstHalf = "canary";
inline const std::string kSecondHalf = "yranac";
inline const std::string kCanary = kFirstHalf + kSecondHalf;

inline void expect_no_canary(const std::string& said, const std::string& input) {
  EXPECT_EQ(said.find(kFirstHalf), std::string::npos) << input << "\n" << said;
  EXPECT_EQ(said.find(kSecondHalf), std::string::npos) << input << "\n" << said;
}

/// What an exception says, its facts and what is nested in it.
inline void expect_no_canary(const std::exception& error, const std::string& input) {
  expect_no_canary(std::string{error.what()}, input);
  if (const auto* failure = dynamic_cast<const FailureFacts*>(&error)) {
    const auto& facts = failure->facts();
    for (const auto& text : {facts.server_message, facts.hint, facts.context, facts.constraint,
                             facts.table, facts.database_name}) {
      expect_no_canary(text, input);
    }
  }
  try {
    std::rethrow_if_nested(error);
  } catch (const std::exception& cause) {
    expect_no_canary(cause, input);
  }
}

/// Runs `action`; true when it threw. What was said must not hold a part of the canary.
template <typename Action>
bool throws_without_canary(const std::string& input, Action action) {
  try {
    action();
  } catch (const std::exception& error) {
    expect_no_canary(error, input);
    return true;
  }
  return false;
}

/// Damages texts, always in the same way.
class Mutation {
 public:
  /// One to three characters inserted, deleted or replaced, mostly by those that mean something.
  std::string apply(std::string text) {
    const std::string alphabet("/?#@:%&=+[]{}'\"\\ ,;$\n\t\0x9", 25);
    for (std::size_t count = 1 + below(3); count > 0; --count) {
      const auto position = below(text.size());
      const char character = alphabet[below(alphabet.size())];
      switch (below(3)) {
        case 0:
          text.insert(position, 1, character);
          break;
        case 1:
          text.erase(position, 1);
          break;
        default:
          text[position] = character;
      }
    }
    return text;
  }

 private:
  std::size_t below(std::size_t bound) {
    return std::uniform_int_distribution<std::size_t>{0, bound - 1}(random_);
  }

  std::mt19937 random_{20240115};
};

}  // namespace flowdb::config_test
