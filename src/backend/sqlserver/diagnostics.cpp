#include "backend/sqlserver/diagnostics.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "backend/sqlserver/utf16.hpp"

namespace flowdb::backend::sqlserver {
namespace {

constexpr int kStatementTerminated = 3621;
constexpr SQLSMALLINT kMostMessages = 32;
constexpr std::size_t kMessageUnits = 2048;  // SQL Server's longest message

std::string text_of(const SQLWCHAR* units, SQLSMALLINT count) {
  const auto size = std::clamp<std::size_t>(
      static_cast<std::size_t>(std::max<SQLSMALLINT>(count, 0)), 0, kMessageUnits - 1);
  std::u16string text(size, u'\0');
  std::transform(units, units + size, text.begin(),
                 [](SQLWCHAR unit) { return static_cast<char16_t>(unit); });
  return to_utf8(text);
}

int line_of(SQLSMALLINT handle_type, SQLHANDLE handle, SQLSMALLINT number) {
  SQLINTEGER line = 0;
  // A length of 0: FreeTDS takes SQL_IS_INTEGER for that of a text, and the driver manager for
  // ANSI converts what has one.
  const auto result =
      SQLGetDiagFieldW(handle_type, handle, number, kDiagnosticLine, &line, 0, nullptr);
  return SQL_SUCCEEDED(result) && line > 0 ? static_cast<int>(line) : 0;
}

}  // namespace

std::vector<Diagnostic> diagnostics_of(SQLSMALLINT handle_type, SQLHANDLE handle) {
  std::vector<Diagnostic> all;
  for (SQLSMALLINT number = 1; number <= kMostMessages; ++number) {
    std::array<SQLWCHAR, 6> sqlstate{};
    std::array<SQLWCHAR, kMessageUnits> text{};
    SQLINTEGER native = 0;
    SQLSMALLINT length = 0;
    const auto result = SQLGetDiagRecW(handle_type, handle, number, sqlstate.data(), &native,
                                       text.data(), static_cast<SQLSMALLINT>(text.size()), &length);
    if (!SQL_SUCCEEDED(result)) {
      break;
    }
    all.push_back({text_of(sqlstate.data(), 5), static_cast<int>(native),
                   without_senders(text_of(text.data(), length)),
                   line_of(handle_type, handle, number)});
  }
  return all;
}

bool is_information(const Diagnostic& diagnostic) noexcept {
  return diagnostic.sqlstate.compare(0, 2, "01") == 0 ||
         diagnostic.sqlstate.compare(0, 2, "00") == 0;
}

const Diagnostic* cause_of(const std::vector<Diagnostic>& diagnostics) noexcept {
  const auto is_error = [](const Diagnostic& diagnostic) { return !is_information(diagnostic); };
  const auto is_server_error = [&](const Diagnostic& diagnostic) {
    return is_error(diagnostic) && diagnostic.native_code != 0 &&
           diagnostic.native_code != kStatementTerminated && !tells_of_lost_connection(diagnostic);
  };
  auto found = std::find_if(diagnostics.begin(), diagnostics.end(), is_server_error);
  if (found == diagnostics.end()) {
    found = std::find_if(diagnostics.begin(), diagnostics.end(), is_error);
  }
  return found != diagnostics.end() ? &*found : nullptr;
}

bool tells_of_lost_connection(const Diagnostic& diagnostic) noexcept {
  return diagnostic.sqlstate.compare(0, 2, "08") == 0 || diagnostic.sqlstate == "HYT01";
}

std::string without_senders(std::string text) {
  std::size_t begin = 0;
  while (begin < text.size() && text[begin] == '[') {
    const auto end = text.find(']', begin);
    if (end == std::string::npos) {
      break;
    }
    begin = end + 1;
  }
  return text.substr(begin);
}

}  // namespace flowdb::backend::sqlserver
