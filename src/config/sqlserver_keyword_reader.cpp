#include "config/sqlserver_keyword_reader.hpp"

#include <algorithm>
#include <optional>

#include "config/connection_string_error.hpp"
#include "config/plain_value.hpp"
#include "config/sqlserver_server.hpp"
#include "core/ascii.hpp"

namespace flowdb::config {
namespace {

using K = SqlserverKeyword;
using Encryption = SqlserverTarget::Encryption;

/// By the words of Microsoft's drivers and of FreeTDS.
std::optional<Encryption> to_encryption(K keyword, const std::string& value) {
  const auto word = to_lower(value);
  if (word == "strict") {
    return Encryption::strict;
  }
  if (keyword == K::encryption && word == "off") {
    return Encryption::off;
  }
  if (word == "optional" || word == "request") {
    return Encryption::optional;
  }
  if (word == "mandatory" || word == "require") {
    return Encryption::mandatory;
  }
  const auto flag = to_boolean(word);
  return flag ? std::optional{*flag ? Encryption::mandatory : Encryption::optional} : std::nullopt;
}

/// `{ODBC Driver 18 for SQL Server}` as some write it in a URL, without its braces.
std::string without_braces(const std::string& value) {
  const bool is_braced = value.size() > 1 && value.front() == '{' && value.back() == '}';
  return is_braced ? value.substr(1, value.size() - 2) : value;
}

}  // namespace

SqlserverKeywordReader::SqlserverKeywordReader(const std::string& database_name,
                                               SqlserverTarget& target)
    : database_name_(database_name), target_(target) {}

void SqlserverKeywordReader::read(const std::string& name, const std::string& value) {
  ++place_;
  const auto keyword = sqlserver_keyword(name);
  if (keyword == K::refused) {
    refuse("'" + name + "' " + std::string{why_refused(name)});
  }
  if (keyword != K::other) {
    set(keyword, value);
    return;
  }
  const auto lower_name = to_lower(name);
  if (std::find(seen_others_.begin(), seen_others_.end(), lower_name) != seen_others_.end()) {
    refuse("keyword " + std::to_string(place_) + " is given twice");
  }
  seen_others_.push_back(lower_name);
  target_.others.push_back({name, Secret{value}, place_});
}

void SqlserverKeywordReader::set(SqlserverKeyword keyword, const std::string& value) {
  if (value.empty()) {
    return;
  }
  if (has(keyword)) {
    refuse("'" + std::string{usual_name(keyword)} + "' is given twice");
  }
  seen_.push_back(keyword);
  assign(keyword, value);
}

bool SqlserverKeywordReader::has(SqlserverKeyword keyword) const {
  return std::find(seen_.begin(), seen_.end(), keyword) != seen_.end();
}

void SqlserverKeywordReader::refuse(const std::string& why) const {
  refuse_connection_string(database_name_, why);
}

void SqlserverKeywordReader::assign(SqlserverKeyword keyword, const std::string& value) {
  switch (keyword) {
    case K::driver:
    case K::data_source:
    case K::freetds_entry:
    case K::server:
    case K::port:
      return assign_server(keyword, value);
    case K::encrypt:
    case K::encryption:
    case K::trust_server_certificate:
    case K::certificate_host:
    case K::server_certificate:
      return assign_tls(keyword, value);
    default:
      return assign_session(keyword, value);
  }
}

void SqlserverKeywordReader::assign_server(SqlserverKeyword keyword, const std::string& value) {
  if (keyword == K::driver) {
    target_.driver = without_braces(value);
  } else if (keyword == K::data_source) {
    target_.data_source = value;
  } else if (keyword == K::freetds_entry) {
    target_.freetds_entry = value;
  } else if (keyword == K::port) {
    if (target_.port != 0) {
      refuse("'PORT' is given twice");
    }
    target_.port = parse_sqlserver_port(database_name_, value);
  } else {
    auto server = parse_sqlserver_server(database_name_, value);
    if (server.port != 0 && target_.port != 0) {
      refuse("'PORT' is given twice");
    }
    target_.host = server.host;
    target_.instance = server.instance;
    target_.port = server.port != 0 ? server.port : target_.port;
  }
}

void SqlserverKeywordReader::assign_tls(SqlserverKeyword keyword, const std::string& value) {
  if (keyword == K::trust_server_certificate) {
    target_.trust_server_certificate = flag(keyword, value);
  } else if (keyword == K::certificate_host) {
    target_.certificate_host = value;
  } else if (keyword == K::server_certificate) {
    target_.server_certificate = value;
  } else {
    const auto encryption = to_encryption(keyword, value);
    if (!encryption) {
      refuse("'" + std::string{usual_name(keyword)} +
             (keyword == K::encrypt ? "' must be one of yes, no, mandatory, optional and strict"
                                    : "' must be one of off, request and require"));
    }
    if (has(K::encrypt) && has(K::encryption)) {
      refuse("'Encrypt' and 'Encryption' are both given");
    }
    target_.encryption = *encryption;
  }
}

void SqlserverKeywordReader::assign_session(SqlserverKeyword keyword, const std::string& value) {
  if (keyword == K::database) {
    target_.database = value;
  } else if (keyword == K::user) {
    target_.user = value;
  } else if (keyword == K::password) {
    target_.password = Secret{value};
  } else if (keyword == K::trusted_connection) {
    target_.trusted_connection = to_lower(value) == "sspi" || flag(keyword, value);
  } else if (keyword == K::authentication) {
    target_.authentication = value;
  } else if (keyword == K::application_intent) {
    const auto word = to_lower(value);
    if (word != "readonly" && word != "readwrite") {
      refuse("'ApplicationIntent' must be ReadOnly or ReadWrite");
    }
    target_.application_intent = word == "readonly" ? "ReadOnly" : "ReadWrite";
  } else if (keyword == K::multi_subnet_failover) {
    target_.multi_subnet_failover = flag(keyword, value);
  } else if (keyword == K::application_name) {
    target_.application_name = value;
  } else if (keyword == K::login_timeout) {
    const auto seconds = to_integer(value);
    if (!seconds || *seconds < 0) {
      refuse("'Timeout' is not a number of seconds");
    }
    target_.login_timeout = std::chrono::seconds{*seconds};
  } else {
    refuse("'odbc_connect' is a parameter of a URL, and stands alone");
  }
}

bool SqlserverKeywordReader::flag(SqlserverKeyword keyword, const std::string& value) const {
  const auto result = to_boolean(value);
  if (!result) {
    refuse("'" + std::string{usual_name(keyword)} + "' must be yes or no");
  }
  return *result;
}

}  // namespace flowdb::config
