#include "rpa1/sales.hpp"

#include <charconv>
#include <istream>
#include <map>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "rpa1/csv.hpp"

namespace flows::rpa1 {
namespace {

constexpr std::string_view kHeader = "product,quantity,price,date";

std::int64_t parse_quantity(std::string_view text) {
  std::int64_t quantity = 0;
  const auto* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, quantity);
  if (error != std::errc{} || stop != end || quantity <= 0) {
    throw std::invalid_argument("quantity must be a whole number above 0");
  }
  return quantity;
}

Cents parse_price(std::string_view text) {
  const auto price = to_cents(flowdb::Decimal{text});
  if (price <= 0) {
    throw std::invalid_argument("price must be above 0");
  }
  return price;
}

flowdb::Date parse_date(std::string_view text) {
  const auto date = flowdb::Date::parse(text);
  if (!date.is_finite()) {
    throw std::invalid_argument("date must be a day");
  }
  return date;
}

Sale parse_sale(std::string_view line) {
  auto fields = split_csv_line(line);
  if (fields.size() != 4) {
    throw std::invalid_argument("expected 4 fields, found " + std::to_string(fields.size()));
  }
  if (fields[0].empty()) {
    throw std::invalid_argument("product must not be empty");
  }
  return {.product = std::move(fields[0]),
          .quantity = parse_quantity(fields[1]),
          .price = parse_price(fields[2]),
          .date = parse_date(fields[3])};
}

bool read_line(std::istream& csv, std::string& line) {
  if (!std::getline(csv, line)) {
    return false;
  }
  if (line.ends_with('\r')) {
    line.pop_back();
  }
  return true;
}

nlohmann::json to_json(const SalesTotals& totals) {
  nlohmann::json json{{"records", totals.records},
                      {"total_quantity", totals.quantity},
                      {"total_value", to_decimal(totals.value).to_double()},
                      {"average_price", nullptr}};
  if (totals.average_price) {
    json["average_price"] = to_decimal(*totals.average_price).to_double();
  }
  return json;
}

}  // namespace

SalesFile read_sales(std::istream& csv) {
  std::string line;
  if (!read_line(csv, line) || line != kHeader) {
    throw std::runtime_error("the file's first line must be " + std::string{kHeader});
  }
  SalesFile file;
  for (std::size_t number = 2; read_line(csv, line); ++number) {
    if (line.empty()) {
      continue;
    }
    try {
      file.sales.push_back(parse_sale(line));
    } catch (const std::invalid_argument& error) {
      file.rejected.push_back({number, error.what()});
    }
  }
  if (csv.bad()) {
    throw std::runtime_error("the file could not be read to its end");
  }
  return file;
}

SalesTotals add_up(const std::vector<Sale>& sales) {
  SalesTotals totals{.records = sales.size()};
  Cents prices = 0;
  for (const auto& sale : sales) {
    totals.quantity = add(totals.quantity, sale.quantity);
    totals.value = add(totals.value, multiply(sale.price, sale.quantity));
    prices = add(prices, sale.price);
  }
  if (!sales.empty()) {
    totals.average_price = divide_half_up(prices, static_cast<std::int64_t>(sales.size()));
  }
  return totals;
}

nlohmann::json results_of(const SalesFile& file) {
  std::map<std::string, std::vector<Sale>> by_product;
  for (const auto& sale : file.sales) {
    by_product[sale.product].push_back(sale);
  }
  auto results = to_json(add_up(file.sales));
  results["products"] = nlohmann::json::object();
  for (const auto& [product, sales] : by_product) {
    results["products"][product] = to_json(add_up(sales));
  }
  results["rejected_lines"] = nlohmann::json::array();
  for (const auto& rejected : file.rejected) {
    results["rejected_lines"].push_back({{"line", rejected.line}, {"reason", rejected.reason}});
  }
  return results;
}

}  // namespace flows::rpa1
