#include "backend/postgresql/transaction_watch.hpp"

#include <charconv>
#include <string>
#include <string_view>

#include "backend/postgresql/fate_sql.hpp"

namespace flowdb::backend::postgresql {
namespace {

std::string_view cell(const PGresult* answer, int column) {
  return {PQgetvalue(answer, 0, column), static_cast<std::size_t>(PQgetlength(answer, 0, column))};
}

std::int64_t id_in(std::string_view text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

void TransactionWatch::reset(bool may_ask, bool behind_pooler) {
  may_ask_ = may_ask;
  behind_pooler_ = behind_pooler;
  trace_ = {};
}

void TransactionWatch::begin(bool read_only) {
  read_only_ = read_only;
  trace_.number = 0;
  if (behind_pooler_) {
    trace_.server.clear();
  }
}

const char* TransactionWatch::question(bool assigning) const {
  static const std::string short_question = transaction_question("txid_current_if_assigned", false);
  static const std::string full_question = transaction_question("txid_current_if_assigned", true);
  static const std::string short_assigning = transaction_question("txid_current", false);
  static const std::string full_assigning = transaction_question("txid_current", true);
  if (trace_.server.empty()) {
    return (assigning ? full_assigning : full_question).c_str();
  }
  return (assigning ? short_assigning : short_question).c_str();
}

void TransactionWatch::take(const PGresult* answer) {
  if (PQntuples(answer) != 1) {
    return;
  }
  trace_.number = id_in(cell(answer, 0));
  if (PQnfields(answer) > 1) {
    trace_.process = id_in(cell(answer, 1));
    trace_.server = cell(answer, 2);
    trace_.life = cell(answer, 3);
  }
}

std::optional<TransactionTrace> TransactionWatch::trace() const {
  if (trace_.number == 0 || trace_.server.empty()) {
    return std::nullopt;
  }
  return trace_;
}

}  // namespace flowdb::backend::postgresql
