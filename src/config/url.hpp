#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace flowdb::config {

/// A connection URL taken apart:
/// `scheme://user:password@host1:port1,[::1]:port2/path?name=value&name=value`.
/// Percent-encoding is undone.
struct Url {
  struct Host {
    std::string name;  ///< an IPv6 address without its brackets; may be empty
    std::string port;  ///< as written; empty when not given
  };
  struct Parameter {
    std::string name;
    std::string value;
  };

  std::string user;
  std::string password;
  std::vector<Host> hosts;  ///< at least one
  std::string path;         ///< without its first slash
  std::vector<Parameter> query;
};

/// What a `+` stands for behind the `?`; before it, it is itself.
enum class QueryPlus { plus, space };

/// The last `@` before the path ends user and password, so both may hold any character but `/` and
/// `?` as it is.
/// \throws ConfigurationError when `text` cannot be understood; it shows none of it.
Url parse_url(const std::string& database_name, std::string_view text,
              QueryPlus query_plus = QueryPlus::plus);

}  // namespace flowdb::config
