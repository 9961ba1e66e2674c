#include "migration/postgresql/client_command.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace flowdb::migration::postgresql {

namespace {

struct Remedy {
  std::string_view command;
  const char* text;
};

// https://www.postgresql.org/docs/15/app-psql.html#APP-PSQL-META-COMMANDS
constexpr const char* kOtherDatabase =
    "the migrations' connection is to one database; remove it, and give another database "
    "migrations "
    "of its own";
constexpr const char* kInclude = "put what it includes here";
constexpr const char* kSend = "end the statement with a ; instead";
constexpr Remedy kRemedies[] = {
    {"\\connect", kOtherDatabase},
    {"\\c", kOtherDatabase},
    {"\\i", kInclude},
    {"\\ir", kInclude},
    {"\\include", kInclude},
    {"\\include_relative", kInclude},
    {"\\g", kSend},
    {"\\gexec", kSend},
    {"\\gset", kSend},
    {"\\;", kSend},
    {"\\copy", "write COPY … FROM STDIN with the data below it"},
    {"\\.", "it ends the data of a COPY … FROM STDIN, and none stands before it"},
    {"\\restrict", "a key of letters and digits has to follow it"},
    {"\\unrestrict", "a key of letters and digits has to follow it"},
};

}  // namespace

std::string client_command_objection(const std::string& command) {
  const auto* remedy =
      std::find_if(std::begin(kRemedies), std::end(kRemedies),
                   [&](const Remedy& candidate) { return candidate.command == command; });
  const std::string text =
      remedy == std::end(kRemedies) ? "write it as SQL, or remove it" : remedy->text;
  return command + " is a command of psql's, which the server does not know: " + text + ".";
}

}  // namespace flowdb::migration::postgresql
