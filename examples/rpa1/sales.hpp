#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <flowdb/types.hpp>

#include "common/money.hpp"

namespace flows::rpa1 {

struct Sale {
  std::string product;
  std::int64_t quantity = 0;  ///< > 0
  Cents price = 0;            ///< of one piece, > 0
  flowdb::Date date;
};

/// A line that is no sale; the flow counts it as failed and goes on.
struct RejectedLine {
  std::size_t line = 0;  ///< 1-based
  std::string reason;
};

struct SalesFile {
  std::vector<Sale> sales;
  std::vector<RejectedLine> rejected;
};

/// Reads CSV with the header `product,quantity,price,date`; lines may end in CRLF, empty ones are
/// passed over.
/// \throws std::runtime_error when the header is another one, or reading fails.
SalesFile read_sales(std::istream& csv);

struct SalesTotals {
  std::size_t records = 0;
  std::int64_t quantity = 0;
  Cents value = 0;                          ///< the sum of quantity × price
  std::optional<Cents> average_price = {};  ///< the mean of the records' prices, rounded half up
};

/// \throws std::overflow_error when a sum leaves the 64 bits.
SalesTotals add_up(const std::vector<Sale>& sales);

/// The totals, and those of each product by its name: what the flow stores of a file.
nlohmann::json results_of(const SalesFile& file);

}  // namespace flows::rpa1
