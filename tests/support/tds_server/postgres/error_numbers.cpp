#include "support/tds_server/postgres/error_numbers.hpp"

#include <string>
#include <string_view>

namespace flowdb::tds_server {
namespace {

struct Known {
  std::string_view sqlstate;
  std::int32_t number;
  std::uint8_t severity;
  ErrorScope scope;
};

/// SQL Server's error for a SQLSTATE, where the number alone is told by it.
constexpr Known kKnown[] = {
    {"23502", 515, 16, ErrorScope::statement},   {"23503", 547, 16, ErrorScope::statement},
    {"23514", 547, 16, ErrorScope::statement},   {"22001", 2628, 16, ErrorScope::statement},
    {"22012", 8134, 16, ErrorScope::statement},  {"22003", 8115, 16, ErrorScope::statement},
    {"22P02", 245, 16, ErrorScope::transaction}, {"22007", 241, 16, ErrorScope::transaction},
    {"22008", 242, 16, ErrorScope::transaction}, {"22009", 241, 16, ErrorScope::transaction},
    {"42P01", 208, 16, ErrorScope::batch},       {"3F000", 2760, 16, ErrorScope::batch},
    {"42703", 207, 16, ErrorScope::batch},       {"42702", 209, 16, ErrorScope::batch},
    {"42601", 102, 15, ErrorScope::batch},       {"42883", 195, 15, ErrorScope::batch},
    {"42804", 206, 16, ErrorScope::batch},       {"42846", 529, 16, ErrorScope::batch},
    {"42803", 8120, 16, ErrorScope::batch},      {"42501", 229, 14, ErrorScope::statement},
    {"42P07", 2714, 16, ErrorScope::batch},      {"42710", 2714, 16, ErrorScope::batch},
    {"42704", 3701, 11, ErrorScope::statement},  {"42701", 2705, 16, ErrorScope::batch},
    {"428C9", 544, 16, ErrorScope::statement},   {"21000", 512, 16, ErrorScope::statement},
    {"2200N", 9400, 16, ErrorScope::statement},  {"40P01", 1205, 13, ErrorScope::transaction},
    {"55P03", 1222, 16, ErrorScope::statement},  {"53300", 17809, 20, ErrorScope::transaction},
    {"25006", 3906, 16, ErrorScope::statement},  {"0A000", 40517, 16, ErrorScope::batch},
};

std::string_view field(const PGresult* result, int code) {
  const char* const text = PQresultErrorField(result, code);
  return text == nullptr ? std::string_view{} : std::string_view{text};
}

/// What stands in the first pair of double quotes of PostgreSQL's message.
std::string quoted_part(std::string_view message) {
  const std::size_t begin = message.find('"');
  if (begin == std::string_view::npos) return {};
  const std::size_t end = message.find('"', begin + 1);
  return std::string{message.substr(begin + 1, end - begin - 1)};
}

std::string table_of(const PGresult* result) {
  return "dbo." + std::string{field(result, PG_DIAG_TABLE_NAME)};
}

SqlError duplicate_key(const PGresult* result, KeyKind key) {
  const std::string name{field(result, PG_DIAG_CONSTRAINT_NAME)};
  if (key == KeyKind::unique_index) {
    return {2601,
            "Cannot insert duplicate key row in object '" + table_of(result) +
                "' with unique index '" + name + "'.",
            14};
  }
  return {2627,
          std::string{"Violation of "} + (key == KeyKind::primary_key ? "PRIMARY" : "UNIQUE") +
              " KEY constraint '" + name + "'. Cannot insert duplicate key in object '" +
              table_of(result) + "'.",
          14};
}

/// SQL Server's sentence, where programs are known to read it; else PostgreSQL's.
std::string text_for(std::int32_t number, const PGresult* result) {
  const std::string primary{field(result, PG_DIAG_MESSAGE_PRIMARY)};
  const std::string column{field(result, PG_DIAG_COLUMN_NAME)};
  const std::string constraint{field(result, PG_DIAG_CONSTRAINT_NAME)};
  switch (number) {
    case 515:
      return "Cannot insert the value NULL into column '" + column + "', table '" +
             table_of(result) + "'; column does not allow nulls. INSERT fails.";
    case 547:
      return "The statement conflicted with the constraint \"" + constraint +
             "\". The conflict occurred in table \"" + table_of(result) + "\".";
    case 2628:
      return "String or binary data would be truncated.";
    case 8134:
      return "Divide by zero error encountered.";
    case 245:
      return "Conversion failed: " + primary + ".";
    case 241:
      return "Conversion failed when converting date and/or time from character string.";
    case 242:
      return "The conversion of a data type resulted in an out-of-range value.";
    case 208:
      return "Invalid object name '" + quoted_part(primary) + "'.";
    case 207: {
      const std::string name = quoted_part(primary);
      return "Invalid column name '" + (name.empty() ? primary : name) + "'.";
    }
    case 102:
      return "Incorrect syntax near '" + quoted_part(primary) + "'.";
    case 1205:
      return "Transaction (Process ID) was deadlocked on lock resources with another process and "
             "has been chosen as the deadlock victim. Rerun the transaction.";
    case 1222:
      return "Lock request time out period exceeded.";
    case 3960:
      return "Snapshot isolation transaction aborted due to update conflict.";
    case 2714:
      return "There is already an object named '" + quoted_part(primary) + "' in the database.";
    case 3701:
      return "Cannot drop the " + primary.substr(0, primary.find(' ')) + " '" +
             quoted_part(primary) + "', because it does not exist or you do not have permission.";
    default:
      return primary;
  }
}

}  // namespace

SqlError sql_server_error(const PGresult* result, bool snapshot, KeyKind key) {
  const std::string_view sqlstate = field(result, PG_DIAG_SQLSTATE);
  if (sqlstate == "23505") return duplicate_key(result, key);
  // A query misses a "relation"; a DROP misses what it says.
  const std::string_view primary = field(result, PG_DIAG_MESSAGE_PRIMARY);
  if (sqlstate == "42P01" &&
      (primary.substr(0, 6) == "table " || primary.substr(0, 5) == "view ")) {
    return {3701, text_for(3701, result), 11};
  }
  if (sqlstate == "40001") {
    const std::int32_t number = snapshot ? 3960 : 1205;
    return {number, text_for(number, result), static_cast<std::uint8_t>(snapshot ? 16 : 13),
            ErrorScope::transaction};
  }
  for (const Known& known : kKnown) {
    if (known.sqlstate == sqlstate) {
      return {known.number, text_for(known.number, result), known.severity, known.scope};
    }
  }
  const std::string state = sqlstate.empty() ? "connection" : std::string{sqlstate};
  return {50000,
          "PostgreSQL [" + state + "]: " + std::string{field(result, PG_DIAG_MESSAGE_PRIMARY)}};
}

}  // namespace flowdb::tds_server
