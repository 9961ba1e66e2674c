#include "peers.hpp"

#include <iterator>
#include <utility>

namespace flowdb::benchmark {
namespace {

std::vector<Side> joined(std::vector<std::vector<Side>> lists) {
  std::vector<Side> all;
  for (auto& list : lists) {
    all.insert(all.end(), std::make_move_iterator(list.begin()),
               std::make_move_iterator(list.end()));
  }
  return all;
}

}  // namespace

std::vector<Side> one_row_peers(const std::string& url, const RowQuery& query) {
  return joined({pqxx_one_row(url, query), soci_one_row(url, query), sqlalchemy_one_row(query)});
}

std::vector<Side> million_rows_peers(const std::string& url, const char* select) {
  return joined({pqxx_million_rows(url, select), soci_million_rows(url, select),
                 sqlalchemy_million_rows(select)});
}

}  // namespace flowdb::benchmark
