#include "config/postgresql_connection_string.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include "config/connection_string_error.hpp"
#include "config/connection_string_type.hpp"
#include "config/keyword_text.hpp"
#include "config/plain_value.hpp"
#include "config/postgresql_keywords.hpp"
#include "config/postgresql_tls.hpp"
#include "config/url.hpp"
#include "core/ascii.hpp"

namespace flowdb::config {
namespace {

void assign(PostgresqlTarget& target, const std::string& name, const std::string& value) {
  if (name == "password") {
    target.password = Secret{value};
  } else if (name == "sslpassword") {
    target.sslpassword = Secret{value};
  } else {
    target.set(name, value);
  }
}

/// Checks names and takes the values over. An unknown name is not shown: it may be the rest of a
/// password that was not quoted or encoded.
class KeywordReader {
 public:
  KeywordReader(const std::string& database_name, PostgresqlTarget& target)
      : database_name_(database_name), target_(target) {}

  void read(const std::string& name, const std::string& value) {
    if (!is_postgresql_keyword(name)) {
      refuse_unknown(name);
    }
    if (std::find(seen_.begin(), seen_.end(), name) != seen_.end()) {
      refuse_connection_string(database_name_, "'" + name + "' is given twice");
    }
    seen_.push_back(name);
    assign(target_, name, value);
  }

 private:
  [[noreturn]] void refuse_unknown(const std::string& name) const {
    const std::string similar{similar_postgresql_keyword(name)};
    refuse_connection_string(
        database_name_, "keyword " + std::to_string(seen_.size() + 1) + " is not known to libpq" +
                            (similar.empty() ? "; a value with spaces is quoted, and in a URL '&' "
                                               "is written %26"
                                             : "; did you mean '" + similar + "'?"));
  }

  const std::string& database_name_;
  PostgresqlTarget& target_;
  std::vector<std::string> seen_;
};

void read_keyword_text(const std::string& database_name, std::string_view text,
                       PostgresqlTarget& target) {
  KeywordReader reader{database_name, target};
  for (const auto& pair : parse_keyword_text(database_name, text)) {
    reader.read(pair.name, pair.value);
  }
}

void read_authority(const Url& url, PostgresqlTarget& target) {
  std::string names;
  std::string ports;
  bool has_port = false;
  for (std::size_t i = 0; i < url.hosts.size(); ++i) {
    names += (i == 0 ? "" : ",") + url.hosts[i].name;
    ports += (i == 0 ? "" : ",") + url.hosts[i].port;
    has_port = has_port || !url.hosts[i].port.empty();
  }
  const std::array<PostgresqlTarget::Keyword, 5> parts = {{{"user", url.user},
                                                           {"password", url.password},
                                                           {"host", names},
                                                           {"port", has_port ? ports : ""},
                                                           {"dbname", url.path}}};
  for (const auto& part : parts) {
    if (!part.value.empty()) {
      assign(target, part.name, part.value);
    }
  }
}

void read_url(const std::string& database_name, std::string_view text, PostgresqlTarget& target) {
  const auto url = parse_url(database_name, text);
  read_authority(url, target);
  KeywordReader reader{database_name, target};
  bool is_tls = false;
  for (const auto& parameter : url.query) {
    if (parameter.name == "ssl" && parameter.value == "true") {
      is_tls = true;  // as JDBC writes it
      continue;
    }
    reader.read(parameter.name, parameter.value);
  }
  if (is_tls && !target.has("sslmode")) {
    target.set("sslmode", "require");
  }
}

void check_ports(const std::string& database_name, const PostgresqlTarget& target) {
  constexpr int kHighestPort = 65535;
  const auto ports = split(target.value("port"), ',');
  for (const auto& port : ports) {
    const bool is_plain = std::all_of(port.begin(), port.end(), is_digit);
    const int number = is_plain ? to_integer(port).value_or(0) : 0;
    if (!port.empty() && (number < 1 || number > kHighestPort)) {
      refuse_connection_string(database_name,
                               "a port is not a number from 1 to 65535; in a URL's user name or "
                               "password write ':' as %3A, '/' as %2F, '?' as %3F, '@' as %40");
    }
  }
  if (ports.size() > 1 && ports.size() != target.hosts.size()) {
    refuse_connection_string(database_name, "there must be one port, or one for each host");
  }
}

void check_hosts(const std::string& database_name, const PostgresqlTarget& target) {
  const auto addresses = split(target.value("hostaddr"), ',');
  if (!target.value("hostaddr").empty() && addresses.size() != target.hosts.size()) {
    refuse_connection_string(database_name, "hostaddr must give one address for each host");
  }
}

void add_defaults(PostgresqlTarget& target) {
  static const std::array<PostgresqlTarget::Keyword, 7> kDefaults = {{
      {"gssencmode", "disable"},
      {"client_encoding", "UTF8"},
      {"keepalives", "1"},
      {"keepalives_idle", "30"},
      {"keepalives_interval", "10"},
      {"keepalives_count", "3"},
      {"tcp_user_timeout", "30000"},
  }};
  for (const auto& keyword : kDefaults) {
    if (!target.has(keyword.name)) {
      target.set(keyword.name, keyword.value);
    }
  }
}

}  // namespace

bool PostgresqlTarget::has(const std::string& name) const {
  return std::any_of(keywords.begin(), keywords.end(),
                     [&](const Keyword& keyword) { return keyword.name == name; });
}

void PostgresqlTarget::set(const std::string& name, const std::string& value) {
  for (auto& keyword : keywords) {
    if (keyword.name == name) {
      keyword.value = value;
      return;
    }
  }
  keywords.push_back({name, value});
}

std::string PostgresqlTarget::value(const std::string& name) const {
  for (const auto& keyword : keywords) {
    if (keyword.name == name) {
      return keyword.value;
    }
  }
  return {};
}

Secret PostgresqlTarget::to_conninfo() const {
  std::string text;
  for (const auto& keyword : keywords) {
    text += quoted_keyword(keyword.name, keyword.value) + " ";
  }
  if (!password.empty()) {
    text += quoted_keyword("password", password.reveal()) + " ";
  }
  if (!sslpassword.empty()) {
    text += quoted_keyword("sslpassword", sslpassword.reveal()) + " ";
  }
  return Secret{std::move(text)};
}

PostgresqlTarget parse_postgresql(const std::string& database_name, const Secret& text,
                                  bool allow_plaintext) {
  const std::string_view whole = text.reveal();
  PostgresqlTarget target;
  if (is_connection_url(database_name, whole, DatabaseType::postgresql)) {
    read_url(database_name, trim(whole), target);
  } else {
    read_keyword_text(database_name, whole, target);
  }
  const auto hosts = target.value("host");
  target.hosts = split(hosts.empty() ? target.value("hostaddr") : hosts, ',');
  check_ports(database_name, target);
  check_hosts(database_name, target);
  apply_tls_rule(database_name, allow_plaintext, target);
  add_defaults(target);
  return target;
}

}  // namespace flowdb::config
