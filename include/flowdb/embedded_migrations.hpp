#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace flowdb {
inline namespace v0_1 {

/// A file within the program.
struct EmbeddedFile {
  std::string_view path;  ///< below the database's folder, `V001__Create_orders.sql`
  std::string_view contents;
};

/// Makes files known as the migrations of a database, for as long as the object lives: what CMake's
/// flowdb_embed_migrations() puts into a program, before its main(). Several for one database add
/// up. Thread-safe.
class EmbeddedMigrations {
 public:
  /// The files must outlive the object.
  EmbeddedMigrations(std::string_view database_name, const EmbeddedFile* files, std::size_t count);
  EmbeddedMigrations(const EmbeddedMigrations&) = delete;
  EmbeddedMigrations& operator=(const EmbeddedMigrations&) = delete;
  ~EmbeddedMigrations();
};

/// What is embedded for that database, in no order; nothing when there is none.
std::vector<EmbeddedFile> embedded_migrations(std::string_view database_name);

}  // namespace v0_1
}  // namespace flowdb
