#include "config/sqlserver_server.hpp"

#include <algorithm>

#include "config/connection_string_error.hpp"
#include "config/plain_value.hpp"
#include "core/ascii.hpp"

namespace flowdb::config {
namespace {

constexpr auto kNone = std::string_view::npos;

/// Letters and digits of any script, and what else a host name, an address or its zone may hold.
bool is_host(std::string_view host) {
  constexpr std::string_view kOthers = "-._:%";
  return !host.empty() && std::all_of(host.begin(), host.end(), [&](char c) {
    return is_alphanumeric(c) || !is_ascii(c) || kOthers.find(c) != kNone;
  });
}

bool is_instance(std::string_view instance) {
  constexpr std::string_view kOthers = "_$#-";
  return !instance.empty() && std::all_of(instance.begin(), instance.end(), [&](char c) {
    return is_alphanumeric(c) || !is_ascii(c) || kOthers.find(c) != kNone;
  });
}

std::string_view without_protocol(const std::string& database_name, std::string_view text) {
  const auto protocol = to_lower(trim(text.substr(0, std::min(text.find(':'), text.size()))));
  if (text.find(':') == kNone) {
    return text;
  }
  for (const auto* const other : {"np", "lpc", "admin", "via"}) {
    if (protocol == other) {
      refuse_connection_string(database_name, "a server is spoken to over TCP only: tcp:host,port");
    }
  }
  return protocol == "tcp" ? trim(text.substr(text.find(':') + 1)) : text;
}

std::string host_name(const std::string& database_name, std::string_view text) {
  if (text == "." || to_lower(text) == "(local)") {
    return "localhost";
  }
  const bool is_bracketed = text.size() > 2 && text.front() == '[' && text.back() == ']';
  const auto host = is_bracketed ? text.substr(1, text.size() - 2) : text;
  if (std::count(host.begin(), host.end(), ':') == 1 || text.find("]:") != kNone) {
    refuse_connection_string(database_name,
                             "a port is written behind a comma, as in SERVER=host,1433");
  }
  if (!is_host(host)) {
    refuse_connection_string(database_name,
                             "the server is not a host name or an address, as in host,1433 or "
                             "host\\instance");
  }
  return std::string{host};
}

}  // namespace

int parse_sqlserver_port(const std::string& database_name, std::string_view text) {
  constexpr int kHighestPort = 65535;
  const bool is_plain = std::all_of(text.begin(), text.end(), is_digit);
  const int port = is_plain ? to_integer(text).value_or(0) : 0;
  if (port < 1 || port > kHighestPort) {
    refuse_connection_string(database_name,
                             "a port is not a number from 1 to 65535; in a URL's user name or "
                             "password write ':' as %3A, '/' as %2F, '?' as %3F, '@' as %40");
  }
  return port;
}

SqlserverServer parse_sqlserver_server(const std::string& database_name, std::string_view text) {
  SqlserverServer server;
  auto rest = without_protocol(database_name, trim(text));
  if (const auto comma = rest.find(','); comma != kNone) {
    server.port = parse_sqlserver_port(database_name, trim(rest.substr(comma + 1)));
    rest = trim(rest.substr(0, comma));
  }
  if (const auto slash = rest.find('\\'); slash != kNone) {
    const auto instance = rest.substr(slash + 1);
    if (!is_instance(instance)) {
      refuse_connection_string(
          database_name, "the instance behind the '\\' is not one name, as in host\\instance");
    }
    server.instance = instance;
    rest = rest.substr(0, slash);
  }
  const bool is_instance_alone = rest.empty() && !server.instance.empty();
  server.host = host_name(database_name, is_instance_alone ? "." : rest);
  return server;
}

}  // namespace flowdb::config
