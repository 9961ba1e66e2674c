#include "backend/postgresql/connect_probe.hpp"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstddef>
#include <string_view>

#include "backend/postgresql/connecting.hpp"

namespace flowdb::backend::postgresql {
namespace {

constexpr std::chrono::seconds kLongestProbe{5};
constexpr std::size_t kSqlstateLength = 5;

bool is_sqlstate(std::string_view text) {
  const auto is_digit = [](unsigned char c) { return std::isdigit(c) != 0; };
  const auto is_part = [](unsigned char c) { return std::isdigit(c) != 0 || std::isupper(c) != 0; };
  // The severity FATAL has five capital letters, too; every SQLSTATE has a digit.
  return text.size() == kSqlstateLength && std::all_of(text.begin(), text.end(), is_part) &&
         std::any_of(text.begin(), text.end(), is_digit);
}

/// Finds `: 28P01: ` in a verbose message: severity, SQLSTATE and text, parted by colons.
std::string sqlstate_in(std::string_view message) {
  for (auto colon = message.find(':'); colon != std::string_view::npos;
       colon = message.find(':', colon + 1)) {
    const auto begin = message.find_first_not_of(' ', colon + 1);
    if (begin == std::string_view::npos || begin == colon + 1) {
      continue;
    }
    const auto code = message.substr(begin, kSqlstateLength);
    const auto behind = begin + kSqlstateLength;
    if (is_sqlstate(code) && behind < message.size() && message[behind] == ':') {
      return std::string{code};
    }
  }
  return {};
}

}  // namespace

std::string probe_refusal(const std::string& conninfo, const Deadline& deadline) {
  const ConnectionHandle connection{PQconnectStart(conninfo.c_str())};
  if (connection == nullptr || PQstatus(connection.get()) == CONNECTION_BAD) {
    return {};
  }
  PQsetErrorVerbosity(connection.get(), PQERRORS_VERBOSE);
  go_on_connecting(connection.get(), earlier(deadline, Deadline::after(kLongestProbe)), {});
  return sqlstate_in(PQerrorMessage(connection.get()));
}

}  // namespace flowdb::backend::postgresql
