#include "config/url.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "config/connection_string_error.hpp"
#include "core/ascii.hpp"

namespace flowdb::config {
namespace {

constexpr auto kNotThere = std::string_view::npos;

int hexadecimal_digit(char c) {
  if (is_digit(c)) {
    return c - '0';
  }
  const char letter = lower(c);
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

/// `text` up to `separator`, which is taken from `text` as well.
std::string_view take_until(std::string_view& text, char separator) {
  const auto end = std::min(text.find(separator), text.size());
  const auto part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

class UrlParser {
 public:
  UrlParser(const std::string& database_name, QueryPlus query_plus)
      : database_name_(database_name), query_plus_(query_plus) {}

  Url parse(std::string_view text) const {
    text.remove_prefix(text.find("://") + 3);
    const auto authority = text.substr(0, text.find_first_of("/?"));
    auto rest = text.substr(authority.size());
    const auto path = take_until(rest, '?');
    // `user:pass/word@host` and `user:pass?word@host` would otherwise be a host named `user`.
    const bool may_cut_password =
        authority.find('@') == kNotThere && authority.find(':') != kNotThere;
    if (path.find('@') != kNotThere || (may_cut_password && rest.find('@') != kNotThere)) {
      refuse(
          "an '@' follows the first '/' or '?'; in a user name or password write '/' as %2F "
          "and '?' as %3F, anywhere else '@' as %40");
    }
    Url url;
    parse_authority(authority, url);
    url.path = path.empty() ? std::string{} : decode(path.substr(1));
    parse_query(rest, url);
    return url;
  }

 private:
  [[noreturn]] void refuse(const std::string& why) const {
    refuse_connection_string(database_name_, why);
  }

  std::string decode(std::string_view text) const {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] != '%') {
        result += text[i];
        continue;
      }
      const int high = i + 2 < text.size() ? hexadecimal_digit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hexadecimal_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0) {
        refuse("a '%' must be followed by two hexadecimal digits; a '%' itself is written %25");
      }
      if (high == 0 && low == 0) {
        refuse("it holds a NUL character (%00)");
      }
      result += static_cast<char>(high * 16 + low);
      i += 2;
    }
    return result;
  }

  void parse_authority(std::string_view authority, Url& url) const {
    if (const auto at = authority.rfind('@'); at != kNotThere) {
      auto password = authority.substr(0, at);
      url.user = decode(take_until(password, ':'));
      url.password = decode(password);
      authority.remove_prefix(at + 1);
    }
    parse_host(authority, url);
    while (!authority.empty()) {
      if (authority.front() != ',') {
        refuse("only ':port', ',' or '/' may follow the ']' of an IPv6 address");
      }
      authority.remove_prefix(1);
      parse_host(authority, url);
    }
  }

  /// Takes `name:port` or `[address]:port` from the front of `authority`.
  void parse_host(std::string_view& authority, Url& url) const {
    Url::Host host;
    if (!authority.empty() && authority.front() == '[') {
      const auto end = authority.find(']');
      if (end == kNotThere || end == 1) {
        refuse("an IPv6 address needs its closing ']', as in [::1]:5432");
      }
      host.name = decode(authority.substr(1, end - 1));
      authority.remove_prefix(end + 1);
    } else {
      const auto name = authority.substr(0, authority.find_first_of(":,"));
      host.name = decode(name);
      authority.remove_prefix(name.size());
    }
    if (!authority.empty() && authority.front() == ':') {
      const auto port = authority.substr(1, authority.substr(1).find(','));
      if (port.find(':') != kNotThere) {
        refuse(
            "a host has more than one ':'; an IPv6 address is written in brackets, as in "
            "[::1]:5432");
      }
      host.port = decode(port);
      authority.remove_prefix(port.size() + 1);
    }
    url.hosts.push_back(std::move(host));
  }

  void parse_query(std::string_view text, Url& url) const {
    while (!text.empty()) {
      auto value = take_until(text, '&');
      if (value.empty()) {
        continue;
      }
      if (value.find('=') == kNotThere) {
        refuse("parameter " + std::to_string(url.query.size() + 1) +
               " behind the '?' has no '='; a '&' in a value is written %26");
      }
      const auto name = take_until(value, '=');
      url.query.push_back({decode_query(name), decode_query(value)});
    }
  }

  std::string decode_query(std::string_view text) const {
    std::string spaced{text};
    if (query_plus_ == QueryPlus::space) {
      std::replace(spaced.begin(), spaced.end(), '+', ' ');
    }
    return decode(spaced);
  }

  const std::string& database_name_;
  QueryPlus query_plus_;
};

}  // namespace

Url parse_url(const std::string& database_name, std::string_view text, QueryPlus query_plus) {
  return UrlParser{database_name, query_plus}.parse(text);
}

}  // namespace flowdb::config
