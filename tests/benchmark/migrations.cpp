// A start at which nothing is pending: what run_migrations() costs beside reading its table.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "migration/migration_file.hpp"
#include "support/temporary_directory.hpp"
#include "workloads.hpp"

namespace flowdb::benchmark {
namespace {

/// A directory of migrations and the schema that says that all of them were applied.
class Applied {
 public:
  Applied(PGconn* raw, const std::string& url, int count)
      : raw_(raw), schema_("migrations_" + std::to_string(count)), count_(count) {
    create();
    connect(url);
  }
  Applied(const Applied&) = delete;
  Applied& operator=(const Applied&) = delete;

  CellSum read_rows() const {
    const auto result = execute(raw_, ("SELECT * FROM " + schema_ + ".schema_version").c_str());
    CellSum sum;
    sum.add(PQntuples(result.get()));
    return sum;
  }

  CellSum run() {
    const auto report = manager_->run_migrations();
    CellSum sum;
    sum.add(report.applied.empty() ? std::stoi(report.current_version.value().substr(1)) : -1);
    return sum;
  }

 private:
  void create() {
    std::string rows;
    for (int number = 1; number <= count_; ++number) {
      const auto text = std::to_string(number);
      const auto script = "V" + text + "__Create_table_" + text + ".sql";
      const auto contents = "CREATE TABLE table_" + text +
                            " (id bigint PRIMARY KEY, name text NOT NULL, created timestamp);\n"
                            "CREATE INDEX ON table_" +
                            text + " (name);\n";
      std::ofstream{directory_.path() / script} << contents;
      rows += (number == 1 ? "(" : ",(") + text + "," + text + ",'" + text + "','Create table " +
              text + "','SQL','" + script + "'," +
              std::to_string(migration::checksum(contents, script)) +
              ",'somebody','2024-01-15 10:30:00.123456',12,true)";
    }
    execute(raw_, ("DROP SCHEMA IF EXISTS " + schema_ + " CASCADE").c_str());
    execute(raw_, ("CREATE SCHEMA " + schema_).c_str());
    execute(raw_,
            ("CREATE TABLE " + schema_ +
             ".schema_version (version_rank INTEGER NOT NULL, installed_rank INTEGER NOT NULL,"
             " version VARCHAR(50) NOT NULL PRIMARY KEY, description VARCHAR(200) NOT NULL,"
             " type VARCHAR(20) NOT NULL, script VARCHAR(1000) NOT NULL, checksum INTEGER,"
             " installed_by VARCHAR(100) NOT NULL, installed_on TIMESTAMP NOT NULL,"
             " execution_time INTEGER NOT NULL, success BOOLEAN NOT NULL)")
                .c_str());
    execute(raw_, ("INSERT INTO " + schema_ + ".schema_version VALUES " + rows).c_str());
    execute(raw_, ("ANALYZE " + schema_ + ".schema_version").c_str());
  }

  /// Its connection is opened here, while the role's sessions begin in the schema.
  void connect(const std::string& url) {
    execute(raw_, ("ALTER ROLE CURRENT_USER SET search_path = " + schema_).c_str());
    DatabaseOptions options;
    options.type = DatabaseType::postgresql;
    options.allow_plaintext = true;
    options.connection_string = url;
    options.slow_statement = std::chrono::milliseconds{0};
    options.migrations_directory = directory_.path();
    manager_ = std::make_unique<DatabaseManager>(schema_, ConfigManager{}, options);
    run();
    execute(raw_, "ALTER ROLE CURRENT_USER RESET search_path");
  }

  PGconn* raw_;
  std::string schema_;
  int count_;
  test_support::TemporaryDirectory directory_{"benchmark"};
  std::unique_ptr<DatabaseManager> manager_;
};

}  // namespace

Workload migrations(Context context, const std::string& url, int count) {
  const auto applied = std::make_shared<Applied>(context.raw, url, count);
  Workload workload;
  workload.name = "nothing pending, " + std::to_string(count) + " migrations applied";
  workload.unit = "ms";
  workload.nanoseconds = 1e6;
  workload.rounds = 11;
  workload.sides = {{"libpq, the history's rows alone", [applied] { return applied->read_rows(); }},
                    {"flowdb run_migrations", [applied] { return applied->run(); }}};
  return workload;
}

}  // namespace flowdb::benchmark
