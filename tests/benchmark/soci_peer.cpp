#include <memory>
#include <string>
#include <vector>

#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>

#include "keys.hpp"
#include "peers.hpp"
#include "text.hpp"

namespace flowdb::benchmark {
namespace {

/// A block of rows as SOCI's vectors take them. What it would read as double, or without the
/// fraction of its seconds, is read as text.
struct Block {
  static constexpr std::size_t kRows = 1'000;

  std::vector<int> id{std::vector<int>(kRows)};
  std::vector<long long> account{std::vector<long long>(kRows)};
  std::vector<double> weight{std::vector<double>(kRows)};
  std::vector<std::string> amount{std::vector<std::string>(kRows)};
  std::vector<std::string> customer{std::vector<std::string>(kRows)};
  std::vector<std::string> due{std::vector<std::string>(kRows)};
  std::vector<std::string> created{std::vector<std::string>(kRows)};
  std::vector<std::string> paid{std::vector<std::string>(kRows)};
  std::vector<std::string> reference{std::vector<std::string>(kRows)};
  std::vector<int> quantity{std::vector<int>(kRows)};

  void add_to(CellSum& sum) const {
    for (std::size_t i = 0; i < id.size(); ++i) {
      sum.add(id[i]);
      sum.add(account[i]);
      sum.add_real(weight[i]);
      sum.add(to_hundredths(amount[i]));
      sum.add_text(customer[i]);
      sum.add(to_days(due[i]));
      sum.add(to_microseconds(created[i]));
      sum.add(paid[i] == "t" ? 1 : 0);
      sum.add_text(reference[i]);
      sum.add(quantity[i]);
    }
  }
};

}  // namespace

std::vector<Side> soci_one_row(const std::string& url, const RowQuery& query) {
  struct State {
    soci::session session;
    int key = 0;
    int id = 0;
    std::string customer;
    std::string amount;
    double weight = 0;
    std::string due;
    std::unique_ptr<soci::statement> statement;
  };
  const auto state = std::make_shared<State>();
  state->session.open(soci::postgresql, url);
  state->statement = std::make_unique<soci::statement>(
      (state->session.prepare << query.named, soci::use(state->key, "id"), soci::into(state->id),
       soci::into(state->customer), soci::into(state->amount), soci::into(state->weight),
       soci::into(state->due)));
  const auto run = [=] {
    return for_each_key(query.repetitions, query.keys, [&](std::int32_t key, CellSum& sum) {
      state->key = key;
      state->statement->execute(true);
      sum.add(state->id);
      sum.add_text(state->customer);
      sum.add(to_hundredths(state->amount));
      sum.add_real(state->weight);
      sum.add(to_days(state->due));
    });
  };
  return {{"SOCI prepared statement", run}};
}

std::vector<Side> soci_million_rows(const std::string& url, const char* select) {
  const auto session = std::make_shared<soci::session>(soci::postgresql, url);
  const auto run = [=] {
    CellSum sum;
    Block block;
    soci::statement statement =
        (session->prepare << select, soci::into(block.id), soci::into(block.account),
         soci::into(block.weight), soci::into(block.amount), soci::into(block.customer),
         soci::into(block.due), soci::into(block.created), soci::into(block.paid),
         soci::into(block.reference), soci::into(block.quantity));
    statement.execute();
    while (statement.fetch()) {
      block.add_to(sum);
    }
    return sum;
  };
  return {{"SOCI vectors of 1,000", run}};
}

}  // namespace flowdb::benchmark
