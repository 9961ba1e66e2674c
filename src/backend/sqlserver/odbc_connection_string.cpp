#include "backend/sqlserver/odbc_connection_string.hpp"

#include <algorithm>
#include <string_view>

#include "backend/sqlserver/utf16.hpp"
#include "config/connection_string_error.hpp"
#include "config/odbc_keyword_text.hpp"
#include "config/sqlserver_keywords.hpp"
#include "core/ascii.hpp"

namespace flowdb::backend::sqlserver {
namespace {

using config::SqlserverTarget;
using Encryption = SqlserverTarget::Encryption;

/// Puts the text together, keyword by keyword. Every value ends in `;`, the last one too: FreeTDS
/// takes the closing brace into a value that has none behind it.
class OdbcText {
 public:
  OdbcText(const std::string& database_name, const SqlserverTarget& target,
           const OdbcDriver& driver, const OdbcLogin& login)
      : database_name_(database_name), target_(target), driver_(driver), login_(login) {}

  Secret build() {
    add_driver();
    if (driver_.family == DriverFamily::freetds) {
      add_freetds_session();
    } else {
      add_microsoft_session();
    }
    if (!target_.application_intent.empty()) {
      add_raw("ApplicationIntent", target_.application_intent);
    }
    add("APP",
        target_.application_name.empty() ? login_.application_name : target_.application_name);
    add("DATABASE", target_.database);
    for (const auto& keyword : target_.others) {
      check_other(keyword);
      add(keyword.name, keyword.value.reveal());
    }
    add_credentials();
    return Secret{narrowed()};
  }

 private:
  [[noreturn]] void refuse(const std::string& why) const {
    config::refuse_connection_string(database_name_, why);
  }

  void add_raw(std::string_view name, std::string_view value) {
    text_ += name;
    text_ += '=';
    text_ += value;
    text_ += ';';
  }

  /// An empty value is left out.
  void add(std::string_view name, const std::string& value) {
    if (!value.empty()) {
      add_raw(name, driver_.family == DriverFamily::freetds ? freetds_value(value)
                                                            : config::odbc_value(value));
    }
  }

  /// FreeTDS up to 1.3 does not undouble a `}`, later ones want it doubled: so there are braces
  /// only where nothing else will do, around a `;` and before a leading `{`.
  std::string freetds_value(const std::string& value) const {
    const bool needs_braces = value.front() == '{' || value.find(';') != std::string::npos;
    if (value.find("};") != std::string::npos) {
      refuse(
          "FreeTDS cannot carry a password or another value with '};' in it; change it, or use "
          "Microsoft's ODBC driver");
    }
    return needs_braces ? "{" + value + "}" : value;
  }

  void add_driver() {
    if (target_.data_source.empty()) {
      add_raw("DRIVER", "{" + driver_.name + "}");
    } else {
      add_raw("DSN", config::odbc_value(target_.data_source));
    }
    // The driver manager sets this attribute before it lets the driver connect.
    const auto given = target_.login_timeout.value_or(login_.timeout);
    const auto timeout = given.count() == 0 ? login_.timeout : std::min(given, login_.timeout);
    add_raw("DMConnAttr", "{SQL_ATTR_LOGIN_TIMEOUT=" + std::to_string(timeout.count()) + "}");
  }

  void add_freetds_session();
  void add_microsoft_session();
  void check_freetds_tls() const;
  void check_microsoft_tls() const;
  void check_other(const SqlserverTarget::Keyword& keyword) const;
  void add_credentials();

  std::string narrowed() const {
    std::string narrow;
    for (const char16_t unit : to_utf16(text_)) {
      if (unit > 0xFF) {
        refuse(
            "the ODBC driver manager cannot carry a password or another value with a character "
            "beyond Latin-1 (U+00FF); change it");
      }
      narrow.push_back(static_cast<char>(unit));
    }
    return narrow;
  }

  bool has_other(std::string_view name) const {
    return std::any_of(
        target_.others.begin(), target_.others.end(),
        [&](const SqlserverTarget::Keyword& each) { return to_lower(each.name) == name; });
  }

  const std::string& database_name_;
  const SqlserverTarget& target_;
  const OdbcDriver& driver_;
  const OdbcLogin& login_;
  std::string text_;
};

void OdbcText::add_freetds_session() {
  constexpr int kDefaultPort = 1433;
  check_freetds_tls();
  add("SERVERNAME", target_.freetds_entry);
  if (!target_.host.empty()) {
    add_raw("SERVER",
            target_.host + (target_.instance.empty() ? std::string{} : "\\" + target_.instance));
    if (target_.port != 0 || target_.instance.empty()) {
      add_raw("PORT", std::to_string(target_.port == 0 ? kDefaultPort : target_.port));
    }
  }
  if (!has_other("tds_version")) {
    add_raw("TDS_Version", "7.4");
  }
  if (!has_other("clientcharset")) {
    add_raw("ClientCharset", "UTF-8");
  }
  add_raw("Encryption", target_.encryption == Encryption::mandatory  ? "require"
                        : target_.encryption == Encryption::optional ? "request"
                                                                     : "off");
}

void OdbcText::check_freetds_tls() const {
  const std::string remedy =
      "; FreeTDS verifies a certificate only by 'ca file' of an entry in freetds.conf that "
      "SERVERNAME=... names: take the keyword out, or use Microsoft's ODBC driver";
  if (target_.encryption == Encryption::strict) {
    refuse("Encrypt=strict takes Microsoft's ODBC driver 18");
  }
  if (target_.trust_server_certificate == false) {
    refuse("TrustServerCertificate=no cannot be asked of FreeTDS" + remedy);
  }
  if (!target_.certificate_host.empty()) {
    refuse("HostNameInCertificate cannot be asked of FreeTDS" + remedy);
  }
  if (!target_.server_certificate.empty()) {
    refuse("ServerCertificate cannot be asked of FreeTDS" + remedy);
  }
}

void OdbcText::add_microsoft_session() {
  check_microsoft_tls();
  if (!target_.host.empty()) {
    add_raw("SERVER", target_.host +
                          (target_.instance.empty() ? std::string{} : "\\" + target_.instance) +
                          (target_.port == 0 ? std::string{} : "," + std::to_string(target_.port)));
  }
  add_raw("Encrypt", target_.encryption == Encryption::strict      ? "strict"
                     : target_.encryption == Encryption::mandatory ? "yes"
                                                                   : "no");
  if (target_.trust_server_certificate) {
    add_raw("TrustServerCertificate", *target_.trust_server_certificate ? "yes" : "no");
  }
  add("HostNameInCertificate", target_.certificate_host);
  add("ServerCertificate", target_.server_certificate);
  if (target_.multi_subnet_failover) {
    add_raw("MultiSubnetFailover", *target_.multi_subnet_failover ? "yes" : "no");
  }
}

void OdbcText::check_microsoft_tls() const {
  constexpr int kFirstStrict = 18;
  if (!target_.freetds_entry.empty()) {
    refuse("SERVERNAME is FreeTDS' keyword for an entry in freetds.conf; this driver takes SERVER");
  }
  if (driver_.family != DriverFamily::microsoft || driver_.version >= kFirstStrict) {
    return;
  }
  if (target_.encryption == Encryption::strict) {
    refuse("Encrypt=strict takes Microsoft's ODBC driver 18");
  }
  if (!target_.certificate_host.empty() || !target_.server_certificate.empty()) {
    refuse("HostNameInCertificate and ServerCertificate take Microsoft's ODBC driver 18");
  }
}

/// A driver passes over what it does not know, so that a misspelt keyword would be lost. Its name
/// is shown only where it is one of some driver: it may be the rest of a password.
void OdbcText::check_other(const SqlserverTarget::Keyword& keyword) const {
  const bool is_freetds = config::is_freetds_keyword(keyword.name);
  const bool is_microsoft = config::is_microsoft_keyword(keyword.name);
  const bool is_known = driver_.family == DriverFamily::other ||
                        (driver_.family == DriverFamily::freetds ? is_freetds : is_microsoft);
  const std::string family =
      driver_.family == DriverFamily::freetds ? "FreeTDS" : "Microsoft's ODBC driver";
  if (!is_known) {
    const std::string similar{config::similar_sqlserver_keyword(keyword.name)};
    if (is_freetds || is_microsoft) {
      refuse("'" + keyword.name + "' is not known to " + family + "; take it out");
    }
    refuse("keyword " + std::to_string(keyword.place) + " is not known to " + family +
           (similar.empty() ? "; a value with a ';' is written between braces, and in a URL '&' is "
                              "written %26"
                            : "; did you mean '" + similar + "'?"));
  }
  const auto name = to_lower(keyword.name);
  const auto& value = keyword.value.reveal();
  if (name == "tds_version" && value != "7.3" && value != "7.4") {
    refuse("TDS_Version must be 7.4 or 7.3: the types of SQL Server 2008 and later take it");
  }
  if (name == "clientcharset" && to_lower(value) != "utf-8") {
    refuse("ClientCharset must be UTF-8, in which flowdb reads and writes");
  }
}

/// They come last: a `}` that is not doubled would hide what follows from the driver manager.
void OdbcText::add_credentials() {
  const bool is_password = to_lower(target_.authentication) == "sqlpassword";
  if (driver_.family == DriverFamily::freetds && !target_.authentication.empty() && !is_password) {
    refuse("FreeTDS knows no Authentication but SqlPassword; use Microsoft's ODBC driver");
  }
  if (target_.trusted_connection) {
    add_raw("Trusted_Connection", "yes");
    return;
  }
  if (driver_.family != DriverFamily::freetds) {
    add("Authentication", target_.authentication);
  }
  add("UID", target_.user);
  add("PWD", target_.password.reveal());
}

}  // namespace

Secret to_odbc_text(const std::string& database_name, const config::SqlserverTarget& target,
                    const OdbcDriver& driver, const OdbcLogin& login) {
  return OdbcText{database_name, target, driver, login}.build();
}

}  // namespace flowdb::backend::sqlserver
