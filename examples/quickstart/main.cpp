#include <exception>
#include <iostream>

#include <nlohmann/json.hpp>

#include <flowdb/flowdb.hpp>

int main() try {
  flowdb::DatabaseManager db{"rpa_db"};
  db.run_migrations();

  const auto inserted = db.execute_query(
      "INSERT INTO processed_surveys (survey_id, customer_id, customer_name, survey_type)"
      " VALUES (:survey, :customer, :name, 'Product Feedback') RETURNING id",
      {{"survey", "S-1"}, {"customer", "CUST-7"}, {"name", "Ada Lovelace"}});
  const auto rows =
      db.execute_query("SELECT customer_name, processed_at FROM processed_surveys WHERE id = :id",
                       {{"id", inserted.scalar<int>()}});
  for (const auto& row : rows) {
    const auto processed_at = row["processed_at"].as<std::optional<flowdb::Timestamp>>();
    std::cout << row["customer_name"].as<std::string>() << ": "
              << (processed_at ? processed_at->to_string() : "not processed yet") << '\n';
  }
  std::cout << db.health_check().to_json().dump(2) << '\n'
            << db.get_pool_status().to_json().dump(2) << '\n';
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
