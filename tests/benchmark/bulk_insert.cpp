// 200,000 rows of five columns into a table without WAL: bulk_insert beside
// COPY.

#include <array>
#include <charconv>
#include <memory>
#include <string>

#include "binary.hpp"
#include "order.hpp"
#include "workloads.hpp"

namespace flowdb::benchmark {
namespace {

constexpr std::size_t kRows = 200'000;
constexpr std::size_t kBufferBytes = std::size_t{64} * 1024;

template <class Number>
void append_number(std::string& buffer, Number number) {
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  buffer.append(text.data(), end);
}

void append_padded(std::string& buffer, unsigned pair) {
  buffer.push_back(static_cast<char>('0' + pair / 10));
  buffer.push_back(static_cast<char>('0' + pair % 10));
}

void append_escaped(std::string& buffer, std::string_view text) {
  for (auto rest = text;;) {
    const auto special = rest.find_first_of("\\\t\n\r");
    buffer.append(rest.substr(0, special));
    if (special == std::string_view::npos) {
      return;
    }
    const char character = rest[special];
    buffer.push_back('\\');
    buffer.push_back(character == '\t'   ? 't'
                     : character == '\n' ? 'n'
                     : character == '\r' ? 'r'
                                         : character);
    rest.remove_prefix(special + 1);
  }
}

struct TextFormat {
  static constexpr const char* kStatement = "COPY orders_target FROM STDIN";
  static void begin(std::string&) {}
  static void append(std::string& buffer, const Order& order) {
    append_number(buffer, order.id);
    buffer.push_back('\t');
    append_escaped(buffer, order.customer);
    buffer.push_back('\t');
    append_number(buffer, order.amount / 100);  // amounts are not negative
    buffer.push_back('.');
    append_padded(buffer, static_cast<unsigned>(order.amount % 100));
    buffer.push_back('\t');
    append_number(buffer, order.weight);
    buffer.push_back('\t');
    const std::chrono::year_month_day day{order.due};
    append_number(buffer, int{day.year()});  // of four digits
    buffer.push_back('-');
    append_padded(buffer, unsigned{day.month()});
    buffer.push_back('-');
    append_padded(buffer, unsigned{day.day()});
    buffer.push_back('\n');
  }
  static void end(std::string&) {}
};

struct BinaryFormat {
  static constexpr const char* kStatement = "COPY orders_target FROM STDIN (FORMAT binary)";
  static void begin(std::string& buffer) {
    buffer.append("PGCOPY\n\xff\r\n", 11);  // with its NUL
    append_integer(buffer, std::int32_t{0});
    append_integer(buffer, std::int32_t{0});
  }
  static void append(std::string& buffer, const Order& order) {
    append_integer(buffer, std::int16_t{5});
    append_integer(buffer, std::int32_t{4});
    append_integer(buffer, order.id);
    append_integer(buffer, static_cast<std::int32_t>(order.customer.size()));
    buffer.append(order.customer);
    append_numeric_field(buffer, order.amount);
    append_integer(buffer, std::int32_t{8});
    append_double(buffer, order.weight);
    append_integer(buffer, std::int32_t{4});
    append_date(buffer, order.due);
  }
  static void append_numeric_field(std::string& buffer, std::int64_t hundredths) {
    const auto start = buffer.size();
    append_integer(buffer, std::int32_t{0});
    append_numeric(buffer, hundredths);
    buffer[start + 3] = static_cast<char>(buffer.size() - start - 4);  // below 256
  }
  static void end(std::string& buffer) { append_integer(buffer, std::int16_t{-1}); }
};

template <class Format>
CellSum copy(PGconn* connection, const std::vector<Order>& orders) {
  const Result started{PQexec(connection, Format::kStatement)};
  require(PQresultStatus(started.get()) == PGRES_COPY_IN, connection);
  std::string buffer;
  buffer.reserve(kBufferBytes + 1024);
  const auto send = [&] {
    const auto size = static_cast<int>(buffer.size());
    require(PQputCopyData(connection, buffer.data(), size) == 1, connection);
    buffer.clear();
  };
  Format::begin(buffer);
  for (const auto& order : orders) {
    Format::append(buffer, order);
    if (buffer.size() >= kBufferBytes) {
      send();
    }
  }
  Format::end(buffer);
  send();
  require(PQputCopyEnd(connection, nullptr) == 1, connection);
  while (PGresult* const result = PQgetResult(connection)) {
    checked(result);
  }
  return {};
}

std::vector<std::vector<Value>> as_values(const std::vector<Order>& orders) {
  std::vector<std::vector<Value>> rows;
  rows.reserve(orders.size());
  for (const auto& order : orders) {
    rows.push_back({order.id, order.customer, Decimal::from_scaled(order.amount, 2), order.weight,
                    Date{order.due}});
  }
  return rows;
}

}  // namespace

Workload bulk_insert(Context context) {
  create_orders_target(context.raw);
  const auto orders = std::make_shared<const std::vector<Order>>(make_orders(kRows));
  const auto rows = std::make_shared<const std::vector<std::vector<Value>>>(as_values(*orders));
  const std::vector<std::string> columns{"id", "customer", "amount", "weight", "due"};
  const auto insert = [=] {
    context.db.bulk_insert("orders_target", columns, *rows);
    return CellSum{};
  };
  return {
      .name = "200,000 rows of 5 columns inserted",
      .unit = "us a row",
      .nanoseconds = 1e3,
      .operations = kRows,
      .rounds = 7,
      .sides = {{"libpq COPY, text", [=] { return copy<TextFormat>(context.raw, *orders); }},
                {"libpq COPY, binary", [=] { return copy<BinaryFormat>(context.raw, *orders); }},
                {"flowdb bulk_insert", insert}},
      .before = [=] { execute(context.raw, "TRUNCATE orders_target"); },
      .after = [=] { return sum_of_orders_target(context.raw); }};
}

}  // namespace flowdb::benchmark
