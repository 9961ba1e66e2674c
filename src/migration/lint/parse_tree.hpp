#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace flowdb::migration::lint {

/// Whether libpg_query was there when flowdb was built.
bool has_parser() noexcept;

/// What PostgreSQL's parser makes of one statement.
struct ParseTree {
  nlohmann::json statement;      ///< `{"IndexStmt": {…}}`; null when it is none, or very long
  std::string error;             ///< the parser's own words; empty: it understood
  std::size_t error_offset = 0;  ///< byte in the statement
};

/// Parses one statement without its `;`. Without a parser the tree is empty. Thread-safe, but what
/// other threads write to standard error meanwhile is lost.
/// The nodes are those of https://github.com/pganalyze/libpg_query (protobuf/pg_query.proto), the
/// locations in them bytes from the statement's start.
ParseTree parse(std::string_view statement);

}  // namespace flowdb::migration::lint
