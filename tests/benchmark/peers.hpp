#pragma once

#include <string>
#include <vector>

#include "harness.hpp"

namespace flowdb::benchmark {

/// How other libraries do the same work, each on a connection of its own: libpqxx where it was
/// found, SOCI, and SQLAlchemy over psycopg2 where this machine has them. Their statements are
/// those of the workload, their cells add up to the same sum. (SQLAlchemy takes its URL from the
/// environment, where it is no argument that others could read.)

struct RowQuery {
  const char* numbered;     ///< with $1
  const char* named;        ///< with :id
  std::size_t repetitions;  ///< of the query in one run
  std::uint32_t keys;       ///< 1 … keys are in the table
};
std::vector<Side> one_row_peers(const std::string& url, const RowQuery& query);
std::vector<Side> million_rows_peers(const std::string& url, const char* select);

// One library each; empty where it is missing.
std::vector<Side> pqxx_one_row(const std::string& url, const RowQuery& query);
std::vector<Side> pqxx_million_rows(const std::string& url, const char* select);
std::vector<Side> soci_one_row(const std::string& url, const RowQuery& query);
std::vector<Side> soci_million_rows(const std::string& url, const char* select);
std::vector<Side> sqlalchemy_one_row(const RowQuery& query);
std::vector<Side> sqlalchemy_million_rows(const char* select);

}  // namespace flowdb::benchmark
