#include <algorithm>
#include <mutex>

#include <flowdb/embedded_migrations.hpp>

namespace flowdb {
namespace {

struct Entry {
  const EmbeddedMigrations* owner;
  std::string database_name;
  const EmbeddedFile* files;
  std::size_t count;
};

struct Registry {
  std::mutex mutex;
  std::vector<Entry> entries;
};

/// Never destroyed: the programs' own objects may go later than the library's.
Registry& registry() {
  static auto* const instance = new Registry;
  return *instance;
}

}  // namespace

EmbeddedMigrations::EmbeddedMigrations(std::string_view database_name, const EmbeddedFile* files,
                                       std::size_t count) {
  auto& known = registry();
  const std::lock_guard lock{known.mutex};
  known.entries.push_back({this, std::string{database_name}, files, count});
}

EmbeddedMigrations::~EmbeddedMigrations() {
  auto& known = registry();
  const std::lock_guard lock{known.mutex};
  auto& entries = known.entries;
  entries.erase(std::remove_if(entries.begin(), entries.end(),
                               [this](const Entry& entry) { return entry.owner == this; }),
                entries.end());
}

}  // namespace flowdb

std::vector<flowdb::EmbeddedFile> flowdb::embedded_migrations(std::string_view database_name) {
  auto& known = registry();
  const std::lock_guard lock{known.mutex};
  std::vector<EmbeddedFile> files;
  for (const auto& entry : known.entries) {
    if (entry.database_name == database_name) {
      files.insert(files.end(), entry.files, entry.files + entry.count);
    }
  }
  return files;
}
