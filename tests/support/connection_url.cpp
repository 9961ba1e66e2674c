#include "support/connection_url.hpp"

#include <cctype>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <libpq-fe.h>

namespace flowdb::test_support {
namespace {

std::string percent_encode(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    if (std::isalnum(byte) != 0 || std::string_view{"-._~"}.find(character) != std::string::npos) {
      encoded += character;
    } else {
      encoded += {'%', digits[byte >> 4U], digits[byte & 15U]};
    }
  }
  return encoded;
}

std::string take(ConnectionSettings& settings, const std::string& key) {
  auto node = settings.extract(key);
  return node ? std::move(node.mapped()) : std::string{};
}

/// "host:port"; empty, and nothing taken, for a socket folder or several hosts.
std::string take_single_host(ConnectionSettings& settings) {
  const std::string& host = settings["host"];
  if (host.empty() || host.find_first_of("/,@") != std::string::npos) return {};
  const std::string name = take(settings, "host");
  const std::string port = take(settings, "port");
  const std::string shown = name.find(':') == std::string::npos ? name : '[' + name + ']';
  return port.empty() ? shown : shown + ':' + port;
}

}  // namespace

ConnectionSettings parse_connection_url(const std::string& text) {
  char* message = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options{
      PQconninfoParse(text.c_str(), &message), &PQconninfoFree};
  const std::unique_ptr<char, decltype(&PQfreemem)> owned_message{message, &PQfreemem};
  if (!options) throw std::runtime_error("the test server's connection string is malformed");
  ConnectionSettings settings;
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val != nullptr) settings[option->keyword] = option->val;
  }
  return settings;
}

std::string make_connection_url(ConnectionSettings settings) {
  std::string url = "postgresql://";
  const std::string user = take(settings, "user");
  const std::string password = take(settings, "password");
  if (!user.empty()) {
    url += percent_encode(user);
    if (!password.empty()) url += ':' + percent_encode(password);
    url += '@';
  }
  url += take_single_host(settings);
  url += '/' + percent_encode(take(settings, "dbname"));
  char separator = '?';
  for (const auto& [key, value] : settings) {
    if (value.empty()) continue;
    url += separator + key + '=' + percent_encode(value);
    separator = '&';
  }
  return url;
}

std::string with_settings(const std::string& url, const ConnectionSettings& replacements) {
  ConnectionSettings settings = parse_connection_url(url);
  for (const auto& [key, value] : replacements) settings[key] = value;
  return make_connection_url(std::move(settings));
}

std::string url_of_several(const std::vector<std::string>& urls) {
  ConnectionSettings all = parse_connection_url(urls.front());
  all["host"].clear();
  all["port"].clear();
  for (const auto& url : urls) {
    const auto settings = parse_connection_url(url);
    const std::string comma = all["host"].empty() ? "" : ",";
    all["host"] += comma + settings.at("host");
    all["port"] += comma + settings.at("port");
  }
  return make_connection_url(std::move(all));
}

}  // namespace flowdb::test_support
