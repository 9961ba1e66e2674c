#include "reliability/bank.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include "support/wait_until.hpp"

namespace flowdb::reliability {
namespace {

using namespace std::chrono_literals;

constexpr int kAccounts = 20;
constexpr int kBalance = 1'000'000;

DatabaseManager manager_of(const std::string& url) {
  DatabaseOptions options;
  options.type = DatabaseType::postgresql;
  options.connection_string = url;
  options.timeout = 10s;
  return DatabaseManager{"bank", ConfigManager{}, options};
}

void append(std::vector<std::int64_t>& all, const std::vector<std::int64_t>& some) {
  all.insert(all.end(), some.begin(), some.end());
}

/// Of the sorted `numbers` those that are (not) in the sorted `ledger`.
std::size_t count_in(const std::vector<std::int64_t>& numbers,
                     const std::vector<std::int64_t>& ledger) {
  std::vector<std::int64_t> common;
  std::set_intersection(numbers.begin(), numbers.end(), ledger.begin(), ledger.end(),
                        std::back_inserter(common));
  return common.size();
}

}  // namespace

Bank::Bank(TrialRun& trial, const std::string& url) : trial_(trial), db_(manager_of(url)) {
  db_.execute_query("CREATE TABLE accounts (id int PRIMARY KEY, balance bigint NOT NULL)");
  // No key: what is there twice is to be seen.
  db_.execute_query("CREATE TABLE ledger (number bigint, source int, target int, amount int)");
  db_.execute_query(
      "INSERT INTO accounts SELECT id, :balance FROM generate_series(1, :accounts) AS id",
      {{"balance", kBalance}, {"accounts", kAccounts}});
}

void Bank::open(int tellers) {
  is_open_ = true;
  for (int teller = 0; teller < tellers; ++teller) {
    tellers_.emplace_back([this, teller] { work(static_cast<std::uint64_t>(teller)); });
  }
}

void Bank::close() {
  is_open_ = false;
  for (auto& teller : tellers_) teller.join();
  tellers_.clear();
}

void Bank::work(std::uint64_t teller) {
  auto random = trial_.random(1000 + teller);
  const auto chosen = [&random](int from, int to) {
    return std::uniform_int_distribution<int>{from, to}(random);
  };
  Books books;
  while (is_open_) {
    const auto number = ++last_number_;
    const int source = chosen(1, kAccounts);
    const int target = source % kAccounts + 1;
    const int amount = chosen(1, 100);
    try {
      transfer(number, source, target, amount);
      books.acknowledged.push_back(number);
      ++acknowledged_count_;
    } catch (const Error& error) {
      auto& book = error.is_outcome_unknown() ? books.in_doubt : books.refused;
      book.push_back(number);
      trial_.expect(error.is_outcome_unknown() || error.is_transient(), error.what());
      std::this_thread::sleep_for(2ms);  // who is turned away is so in microseconds
    }
  }
  merge(std::move(books));
}

void Bank::transfer(std::int64_t number, int source, int target, int amount) {
  db_.transaction([&](Transaction& tx) {
    const char* const move = "UPDATE accounts SET balance = balance + :amount WHERE id = :id";
    tx.execute_query(move, {{"amount", -amount}, {"id", source}});
    tx.execute_query(move, {{"amount", amount}, {"id", target}});
    tx.execute_query(
        "INSERT INTO ledger VALUES (:number, :source, :target, :amount)",
        {{"number", number}, {"source", source}, {"target", target}, {"amount", amount}});
  });
}

void Bank::merge(Books books) {
  const std::lock_guard lock{mutex_};
  append(books_.acknowledged, books.acknowledged);
  append(books_.in_doubt, books.in_doubt);
  append(books_.refused, books.refused);
}

bool Bank::wait_until_acknowledged(std::int64_t count) const {
  return test_support::wait_until([&] { return acknowledged_count_ >= count; }, 30s);
}

void Bank::check_total() {
  constexpr std::int64_t kTotal = std::int64_t{kAccounts} * kBalance;
  const auto total =
      db_.execute_query("SELECT sum(balance)::bigint FROM accounts").scalar<std::int64_t>();
  trial_.expect(total == kTotal, "the total is " + std::to_string(total));
}

void Bank::audit() {
  std::vector<std::int64_t> ledger;
  for (const auto& row : db_.stream_query("SELECT number FROM ledger ORDER BY number")) {
    ledger.push_back(row[0].as<std::int64_t>());
  }
  for (auto* book : {&books_.acknowledged, &books_.in_doubt, &books_.refused}) {
    std::sort(book->begin(), book->end());
  }
  const auto twice = std::adjacent_find(ledger.begin(), ledger.end());
  trial_.expect(twice == ledger.end(), "a transfer was applied twice");
  const auto kept = count_in(books_.acknowledged, ledger);
  const auto lost = books_.acknowledged.size() - kept;
  trial_.expect(lost == 0, std::to_string(lost) + " acknowledged transfers are lost");
  const auto smuggled = count_in(books_.refused, ledger);
  trial_.expect(smuggled == 0, std::to_string(smuggled) + " refused transfers were applied");
  const auto applied = count_in(books_.in_doubt, ledger);
  trial_.expect(kept + smuggled + applied == ledger.size(), "the ledger knows of more transfers");
  const auto wrong =
      db_.execute_query(
             "SELECT count(*) FROM accounts LEFT JOIN"
             " (SELECT id, sum(amount) AS amount FROM"
             "   (SELECT target AS id, amount FROM ledger"
             "    UNION ALL SELECT source, -amount FROM ledger) AS moves GROUP BY id) AS sums"
             " USING (id) WHERE balance <> :balance + coalesce(amount, 0)",
             {{"balance", kBalance}})
          .scalar<std::int64_t>();
  trial_.expect(wrong == 0, std::to_string(wrong) + " balances are not what the ledger says");
  check_total();
  trial_.figure("acknowledged", static_cast<std::int64_t>(books_.acknowledged.size()));
  trial_.figure("refused", static_cast<std::int64_t>(books_.refused.size()));
  trial_.figure("in doubt", static_cast<std::int64_t>(books_.in_doubt.size()));
  trial_.figure("of them applied", static_cast<std::int64_t>(applied));
}

}  // namespace flowdb::reliability
