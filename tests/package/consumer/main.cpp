#include <iostream>

#include <flowdb/flowdb.hpp>
#include <flowdb/testing/mock_database_manager.hpp>

int main() {
  flowdb::testing::MockDatabaseManager database;
  database.when("SELECT 42").returns(flowdb::testing::make_rows({"answer"}, {{42}}));
  const int answer = database.execute_query("SELECT 42").scalar<int>();
  std::cout << "the answer is " << answer << '\n';
  return answer == 42 ? 0 : 1;
}
