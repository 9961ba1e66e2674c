#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "config/sqlserver_connection_string.hpp"
#include "config/sqlserver_keywords.hpp"

namespace flowdb::config {

/// Takes the keywords of a SQL Server connection string over into a target, one after the other,
/// and checks their values. An empty value counts as not given.
/// \throws ConfigurationError for a bad value and for a keyword that is given twice; it shows no
/// value, and no name that it does not know.
class SqlserverKeywordReader {
 public:
  /// Both must outlive the reader.
  SqlserverKeywordReader(const std::string& database_name, SqlserverTarget& target);

  /// The next keyword of the text.
  void read(const std::string& name, const std::string& value);
  /// A part of a URL that stands for a keyword.
  void set(SqlserverKeyword keyword, const std::string& value);
  bool has(SqlserverKeyword keyword) const;

 private:
  [[noreturn]] void refuse(const std::string& why) const;
  void assign(SqlserverKeyword keyword, const std::string& value);
  void assign_server(SqlserverKeyword keyword, const std::string& value);
  void assign_tls(SqlserverKeyword keyword, const std::string& value);
  void assign_session(SqlserverKeyword keyword, const std::string& value);
  bool flag(SqlserverKeyword keyword, const std::string& value) const;

  const std::string& database_name_;
  SqlserverTarget& target_;
  std::size_t place_ = 0;
  std::vector<SqlserverKeyword> seen_;
  std::vector<std::string> seen_others_;  ///< in lower case
};

}  // namespace flowdb::config
