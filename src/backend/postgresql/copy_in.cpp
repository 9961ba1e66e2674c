#include "backend/postgresql/copy_in.hpp"

#include <algorithm>
#include <cstddef>
#include <variant>

#include <flowdb/error.hpp>

#include "backend/bulk_rows.hpp"
#include "backend/postgresql/row_reader.hpp"
#include "backend/postgresql/sql_text.hpp"
#include "backend/value_text.hpp"

namespace flowdb::backend::postgresql {
namespace {

constexpr std::size_t kBufferBytes = 64 * 1024;

/// A value as COPY's text format wants it: tabs, line ends and backslashes behind a backslash.
void append_escaped(std::string& buffer, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '\\':
        buffer += "\\\\";
        break;
      case '\t':
        buffer += "\\t";
        break;
      case '\n':
        buffer += "\\n";
        break;
      case '\r':
        buffer += "\\r";
        break;
      default:
        buffer.push_back(c);
    }
  }
}

void append_value(std::string& buffer, const Value& value) {
  if (value.is_null()) {
    buffer += "\\N";
  } else if (const auto* text = std::get_if<std::string>(&value.data())) {
    append_escaped(buffer, *text);
  } else {
    append_escaped(buffer, value_text(value));
  }
}

void send_rows(StatementRun& run, const std::vector<std::vector<Value>>& rows) {
  std::string buffer;
  buffer.reserve(kBufferBytes * 2);
  for (const auto& row : rows) {
    for (const auto& value : row) {
      append_value(buffer, value);
      buffer.push_back('\t');
    }
    buffer.back() = '\n';
    if (buffer.size() >= kBufferBytes) {
      run.put_copy_data(buffer.data(), buffer.size());
      buffer.clear();
    }
  }
  run.put_copy_data(buffer.data(), buffer.size());
}

}  // namespace

std::uint64_t copy_in(Link& link, const ErrorContext& context, Effect effect,
                      std::string_view table, const std::vector<std::string>& columns,
                      const std::vector<std::vector<Value>>& rows, const Deadline& deadline) {
  auto statement = copy_statement(table, columns);
  check_bulk_rows(columns, rows);
  if (effect == Effect::none && link.watch.wants_id()) {
    // In one message: a COPY cannot be a part of a pipeline.
    statement = std::string{link.watch.question(true)} + ';' + statement;
  }
  StatementRun run{link, context, effect, deadline};
  run.sent(PQsendQuery(link.handle, statement.c_str()));
  run.begin_copy();
  try {
    send_rows(run, rows);
  } catch (const Error&) {
    throw;  // the connection has failed, or its time is up
  } catch (...) {
    run.abandon_copy();
    throw;
  }
  run.sent(PQputCopyEnd(link.handle, nullptr) == 1 ? 1 : 0);
  const auto result = run.next();
  const auto count = result != nullptr ? affected_rows(result.get()) : 0;
  run.finish();
  return count;
}

void copy_in(Link& link, const ErrorContext& context, Effect effect, std::string_view statement,
             std::string_view data, const Deadline& deadline) {
  StatementRun run{link, context, effect, deadline};
  run.sent(PQsendQuery(link.handle, std::string{statement}.c_str()));
  run.begin_copy();
  for (; !data.empty(); data.remove_prefix(std::min(kBufferBytes, data.size()))) {
    run.put_copy_data(data.data(), std::min(kBufferBytes, data.size()));
  }
  run.sent(PQputCopyEnd(link.handle, nullptr) == 1 ? 1 : 0);
  run.finish();
}

}  // namespace flowdb::backend::postgresql
