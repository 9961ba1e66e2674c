#include "config/sqlserver_keywords.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <vector>

#include "config/similar_word.hpp"
#include "core/ascii.hpp"

namespace flowdb::config {
namespace {

struct Name {
  std::string_view text;
  SqlserverKeyword keyword;
};

using K = SqlserverKeyword;

/// The usual name of each keyword comes first.
constexpr auto kNames = std::to_array<Name>({
    {"DRIVER", K::driver},
    {"DSN", K::data_source},
    {"SERVERNAME", K::freetds_entry},
    {"SERVER", K::server},
    {"Address", K::server},
    {"Addr", K::server},
    {"Data Source", K::server},
    {"Network Address", K::server},
    {"PORT", K::port},
    {"DATABASE", K::database},
    {"Initial Catalog", K::database},
    {"UID", K::user},
    {"User", K::user},
    {"User Id", K::user},
    {"UserId", K::user},
    {"User Name", K::user},
    {"UserName", K::user},
    {"PWD", K::password},
    {"Password", K::password},
    {"Trusted_Connection", K::trusted_connection},
    {"Integrated Security", K::trusted_connection},
    {"Authentication", K::authentication},
    {"Encrypt", K::encrypt},
    {"Encryption", K::encryption},
    {"TrustServerCertificate", K::trust_server_certificate},
    {"Trust Server Certificate", K::trust_server_certificate},
    {"HostNameInCertificate", K::certificate_host},
    {"Host Name In Certificate", K::certificate_host},
    {"ServerCertificate", K::server_certificate},
    {"Server Certificate", K::server_certificate},
    {"ApplicationIntent", K::application_intent},
    {"Application Intent", K::application_intent},
    {"MultiSubnetFailover", K::multi_subnet_failover},
    {"Multi Subnet Failover", K::multi_subnet_failover},
    {"APP", K::application_name},
    {"Application Name", K::application_name},
    {"ApplicationName", K::application_name},
    {"Timeout", K::login_timeout},
    {"Login Timeout", K::login_timeout},
    {"LoginTimeout", K::login_timeout},
    {"Connect Timeout", K::login_timeout},
    {"Connection Timeout", K::login_timeout},
    {"ConnectionTimeout", K::login_timeout},
    {"odbc_connect", K::odbc_connect},
});

struct Refusal {
  std::string_view name;
  std::string_view why;
};

constexpr std::string_view kOfPyodbc = "is a parameter of pyodbc, not of the server; take it out";
constexpr std::string_view kOfFiles = "names a file; write its keywords here instead";

constexpr auto kRefusals = std::to_array<Refusal>({
    {"FileDSN", kOfFiles},
    {"SaveFile", "would write the connection string to a file; take it out"},
    {"RetryExec", "lets the driver run a statement twice without flowdb's knowledge; take it out"},
    {"ansi", kOfPyodbc},
    {"autocommit", kOfPyodbc},
    {"unicode_results", kOfPyodbc},
});

// "DSN and Connection String Keywords and Attributes" of Microsoft's ODBC driver, without those
// above.
constexpr auto kMicrosoft = std::to_array<std::string_view>({
    "AnsiNPW",
    "AttachDBFileName",
    "AutoTranslate",
    "ClientCertificate",
    "ClientKey",
    "ColumnEncryption",
    "ConnectRetryCount",
    "ConnectRetryInterval",
    "Description",
    "Failover_Partner",
    "FailoverPartnerSPN",
    "GetDataExtensions",
    "IpAddressPreference",
    "KeepAlive",
    "KeepAliveInterval",
    "KeystoreAuthentication",
    "KeystorePrincipalId",
    "KeystoreSecret",
    "Language",
    "LongAsMax",
    "MARS_Connection",
    "Net",
    "Network",
    "PacketSize",
    "QueryLog_On",
    "QueryLogFile",
    "QueryLogTime",
    "QuotedId",
    "Regional",
    "Replication",
    "ServerSPN",
    "StatsLog_On",
    "StatsLogFile",
    "TransparentNetworkIPResolution",
    "UseFMTONLY",
    "WSID",
});

// FreeTDS User Guide, "ODBC Connection Strings", without those above.
constexpr auto kFreetds = std::to_array<std::string_view>({
    "AttachDbFilename",
    "ClientCharset",
    "DebugFlags",
    "DumpFile",
    "DumpFileAppend",
    "Language",
    "MARS_Connection",
    "PacketSize",
    "REALM",
    "ServerSPN",
    "TDS_Version",
    "TextSize",
    "UseNTLMv2",
    "WSID",
});

bool is_same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                            [](char x, char y) { return lower(x) == lower(y); });
}

bool contains(std::span<const std::string_view> words, std::string_view name) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return is_same(word, name); });
}

const Refusal* find_refusal(std::string_view name) {
  const auto* const found =
      std::find_if(kRefusals.begin(), kRefusals.end(),
                   [&](const Refusal& refusal) { return is_same(refusal.name, name); });
  return found == kRefusals.end() ? nullptr : found;
}

}  // namespace

SqlserverKeyword sqlserver_keyword(std::string_view name) {
  const auto* const found = std::find_if(
      kNames.begin(), kNames.end(), [&](const Name& each) { return is_same(each.text, name); });
  if (found != kNames.end()) {
    return found->keyword;
  }
  return find_refusal(name) == nullptr ? K::other : K::refused;
}

std::string_view usual_name(SqlserverKeyword keyword) noexcept {
  const auto* const found = std::find_if(kNames.begin(), kNames.end(),
                                         [&](const Name& each) { return each.keyword == keyword; });
  return found == kNames.end() ? std::string_view{} : found->text;
}

std::string_view why_refused(std::string_view name) {
  const auto* const refusal = find_refusal(name);
  return refusal == nullptr ? std::string_view{} : refusal->why;
}

bool is_microsoft_keyword(std::string_view name) {
  return contains(kMicrosoft, name);
}

bool is_freetds_keyword(std::string_view name) {
  return contains(kFreetds, name);
}

std::string_view similar_sqlserver_keyword(std::string_view name) {
  std::vector<std::string_view> words{kMicrosoft.begin(), kMicrosoft.end()};
  words.insert(words.end(), kFreetds.begin(), kFreetds.end());
  for (const auto& each : kNames) {
    words.push_back(each.text);
  }
  return similar_word(name, words);
}

}  // namespace flowdb::config
