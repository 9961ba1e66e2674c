#include "migration/file_set.hpp"

#include <algorithm>
#include <optional>
#include <system_error>
#include <tuple>
#include <utility>

#include <flowdb/embedded_migrations.hpp>
#include <flowdb/error.hpp>

#include "core/utf8.hpp"
#include "migration/file_reader.hpp"

namespace flowdb::migration {

namespace {

namespace fs = std::filesystem;

/// A file found, with the path that an error shows: relative to the migrations' directory.
struct FoundFile {
  std::string shown;
  std::string script;
  std::string_view contents;  ///< of one in memory
  FileName name = {};
  std::optional<MigrationEvent> event = {};  ///< of a callback
};

[[noreturn]] void refuse_unreadable(const fs::path& path, const std::error_code& reason) {
  throw MigrationError("Cannot read '" + path.string() + "': " + reason.message() +
                           "; check that it is there and that this user may read it.",
                       {}, path.filename().string());
}

bool is_hidden(const fs::path& path) {
  return path.filename().native().front() == '.';
}

/// Adds the file if it is a migration or a callback.
void add_file(std::vector<FoundFile>& found, std::string shown, std::string_view contents) {
  FoundFile file{shown, shown.substr(shown.rfind('/') + 1), contents};
  file.event = parse_callback_name(file.script);
  if (!file.event) {
    auto name = parse_file_name(file.script);
    if (!name) return;
    file.name = *std::move(name);
  }
  found.push_back(std::move(file));
}

std::vector<FoundFile> find_files(const fs::path& directory) {
  std::vector<FoundFile> found;
  std::error_code error;
  fs::recursive_directory_iterator entry{directory, fs::directory_options::follow_directory_symlink,
                                         error};
  const auto prefix = (directory / "").native().size();
  for (; !error && entry != fs::recursive_directory_iterator{}; entry.increment(error)) {
    const auto& path = entry->path();
    if (entry->is_directory(error)) {
      // A mounted ConfigMap keeps the files that it links to in hidden directories.
      if (is_hidden(path)) entry.disable_recursion_pending();
    } else {
      add_file(found, path.native().substr(prefix), {});
    }
    error.clear();  // of is_directory: a link to nothing is found out when it is read
  }
  if (error) refuse_unreadable(directory, error);
  return found;
}

bool is_repeatable(const FoundFile& file) {
  return file.name.kind == MigrationKind::repeatable;
}

/// Migrations in version order, then repeatable ones, then callbacks.
bool comes_before(const FoundFile& left, const FoundFile& right) {
  if (left.event.has_value() != right.event.has_value()) return right.event.has_value();
  if (left.event) {
    return std::tie(left.script, left.shown) < std::tie(right.script, right.shown);
  }
  if (is_repeatable(left) != is_repeatable(right)) return is_repeatable(right);
  return std::tie(left.name.version, left.name.kind, left.name.description, left.shown) <
         std::tie(right.name.version, right.name.kind, right.name.description, right.shown);
}

bool is_same_migration(const FoundFile& left, const FoundFile& right) {
  if (left.event || right.event) return left.event && right.event && left.script == right.script;
  return left.name.kind == right.name.kind && left.name.version == right.name.version &&
         (!is_repeatable(left) || left.name.description == right.name.description);
}

/// \param files in order, so the highest version stands before what has none.
void refuse_duplicates(const std::vector<FoundFile>& files) {
  const auto first = std::adjacent_find(files.begin(), files.end(), is_same_migration);
  if (first == files.end()) return;
  const auto& second = *std::next(first);
  const auto both = "'" + first->shown + "' and '" + second.shown + "' have the same ";
  if (second.event) throw MigrationError(both + "name; rename one of them.", {}, second.script);
  if (is_repeatable(second)) {
    throw MigrationError(
        both + "description '" + second.name.description + "'; rename one of them.", {},
        second.script);
  }
  const auto last = std::prev(std::find_if(first, files.end(), [](const FoundFile& file) {
    return file.event.has_value() || is_repeatable(file);
  }));
  throw MigrationError(both + "version " + second.name.version->text() +
                           "; give one of them another, the next free one is " +
                           last->name.version->next() + ".",
                       {}, second.script);
}

MigrationFile load(FoundFile& file, std::string_view contents) {
  MigrationFile result;
  result.script = std::move(file.script);
  result.name = std::move(file.name);
  result.checksum = checksum(contents, result.script);
  result.raw_checksum = raw_checksum(contents);
  result.contents = utf8::without_byte_order_mark(contents);
  return result;
}

/// \param read gives the contents of a file found, until it is called again.
template <class Read>
MigrationFiles load_all(std::string location, std::vector<FoundFile> found, const Read& read) {
  std::sort(found.begin(), found.end(), comes_before);
  refuse_duplicates(found);
  MigrationFiles result{std::move(location)};
  result.migrations.reserve(found.size());
  for (auto& file : found) {
    const auto event = file.event;
    auto loaded = load(file, read(file));
    if (event) {
      result.callbacks.push_back({*event, std::move(loaded)});
    } else {
      result.migrations.push_back(std::move(loaded));
    }
  }
  return result;
}

}  // namespace

MigrationFiles read_directory(const fs::path& directory) {
  std::error_code error;
  if (fs::status(directory, error).type() == fs::file_type::not_found) {
    return {.location = directory.string()};
  }
  FileReader reader;
  return load_all(directory.string(), find_files(directory), [&](const FoundFile& file) {
    const auto path = directory / file.shown;
    const auto contents = reader.read(path.c_str(), error);
    if (error) refuse_unreadable(path, error);
    return contents;
  });
}

MigrationFiles read_memory(std::string location, const std::vector<SourceFile>& files) {
  std::vector<FoundFile> found;
  found.reserve(files.size());
  for (const auto& file : files) add_file(found, file.path, file.contents);
  return load_all(std::move(location), std::move(found),
                  [](const FoundFile& file) { return file.contents; });
}

std::optional<MigrationFiles> read_embedded(const std::string& database_name) {
  const auto embedded = embedded_migrations(database_name);
  if (embedded.empty()) return std::nullopt;
  std::vector<SourceFile> files;
  files.reserve(embedded.size());
  for (const auto& file : embedded) files.push_back({std::string{file.path}, file.contents});
  return read_memory("embedded:" + database_name, files);
}

}  // namespace flowdb::migration
