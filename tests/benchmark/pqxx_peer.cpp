#include "keys.hpp"
#include "peers.hpp"
#include "text.hpp"

#ifdef FLOWDB_BENCHMARK_HAS_PQXX
#include <memory>

#include <pqxx/pqxx>

namespace flowdb::benchmark {
namespace {

std::string_view text_of(const pqxx::field& field) {
  return {field.c_str(), field.size()};
}

}  // namespace

std::vector<Side> pqxx_one_row(const std::string& url, const RowQuery& query) {
  const auto connection = std::make_shared<pqxx::connection>(url);
  connection->prepare("one_row", query.numbered);
  const auto run = [=] {
    return for_each_key(query.repetitions, query.keys, [&](std::int32_t key, CellSum& sum) {
      pqxx::nontransaction work{*connection};
      const auto row = work.exec_prepared1("one_row", key);
      sum.add(row[0].as<std::int32_t>());
      sum.add_text(text_of(row[1]));
      sum.add(to_hundredths(text_of(row[2])));
      sum.add_real(row[3].as<double>());
      sum.add(to_days(text_of(row[4])));
    });
  };
  return {{"libpqxx exec_prepared1", run}};
}

std::vector<Side> pqxx_million_rows(const std::string& url, const char* select) {
  const auto connection = std::make_shared<pqxx::connection>(url);
  const auto run = [=] {
    CellSum sum;
    pqxx::nontransaction work{*connection};
    for (const auto& row : work.exec(select)) {
      sum.add(row[0].as<std::int32_t>());
      sum.add(row[1].as<std::int64_t>());
      sum.add_real(row[2].as<double>());
      sum.add(to_hundredths(text_of(row[3])));
      sum.add_text(text_of(row[4]));
      sum.add(to_days(text_of(row[5])));
      sum.add(to_microseconds(text_of(row[6])));
      sum.add(row[7].as<bool>() ? 1 : 0);
      sum.add_text(text_of(row[8]));
      sum.add(row[9].as<std::int32_t>());
    }
    return sum;
  };
  return {{"libpqxx exec", run}};
}

}  // namespace flowdb::benchmark

#else

namespace flowdb::benchmark {

std::vector<Side> pqxx_one_row(const std::string&, const RowQuery&) {
  return {};
}

std::vector<Side> pqxx_million_rows(const std::string&, const char*) {
  return {};
}

}  // namespace flowdb::benchmark
#endif
