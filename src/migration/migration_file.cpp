#include "migration/migration_file.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>
#include <tuple>
#include <utility>

#include <flowdb/error.hpp>

#include "core/utf8.hpp"

namespace flowdb::migration {

namespace {

namespace fs = std::filesystem;

/// A file found, with the path that an error shows: relative to the migrations' directory.
struct FoundFile {
  fs::path path;
  std::string shown;
  FileName name;
};

[[noreturn]] void refuse_unreadable(const fs::path& path, const std::error_code& reason) {
  throw MigrationError("Cannot read '" + path.string() + "': " + reason.message() +
                           "; check that it is there and that this user may read it.",
                       {}, path.filename().string());
}

bool is_hidden(const fs::path& path) {
  return path.filename().native().front() == '.';
}

std::vector<FoundFile> find_files(const fs::path& directory) {
  std::vector<FoundFile> found;
  std::error_code error;
  fs::recursive_directory_iterator entry{directory, fs::directory_options::follow_directory_symlink,
                                         error};
  for (; !error && entry != fs::recursive_directory_iterator{}; entry.increment(error)) {
    const auto& path = entry->path();
    if (entry->is_directory(error)) {
      // A mounted ConfigMap keeps the files that it links to in hidden directories.
      if (is_hidden(path)) entry.disable_recursion_pending();
    } else if (auto name = parse_file_name(path.filename().string())) {
      found.push_back({path, path.lexically_relative(directory).string(), *std::move(name)});
    }
    error.clear();  // of is_directory: a link to nothing is found out when it is read
  }
  if (error) refuse_unreadable(directory, error);
  return found;
}

bool is_repeatable(const FoundFile& file) {
  return file.name.kind == MigrationKind::repeatable;
}

bool comes_before(const FoundFile& left, const FoundFile& right) {
  if (is_repeatable(left) != is_repeatable(right)) return is_repeatable(right);
  return std::tie(left.name.version, left.name.kind, left.name.description, left.shown) <
         std::tie(right.name.version, right.name.kind, right.name.description, right.shown);
}

bool is_same_migration(const FoundFile& left, const FoundFile& right) {
  return left.name.kind == right.name.kind && left.name.version == right.name.version &&
         (!is_repeatable(left) || left.name.description == right.name.description);
}

/// \param files in order, so the highest version stands before the repeatable scripts.
void refuse_duplicates(const std::vector<FoundFile>& files) {
  const auto first = std::adjacent_find(files.begin(), files.end(), is_same_migration);
  if (first == files.end()) return;
  const auto& second = *std::next(first);
  const auto both = "'" + first->shown + "' and '" + second.shown + "' have the same ";
  if (is_repeatable(second)) {
    throw MigrationError(
        both + "description '" + second.name.description + "'; rename one of them.", {},
        second.path.filename().string());
  }
  const auto last = std::prev(std::find_if(first, files.end(), is_repeatable));
  throw MigrationError(both + "version " + second.name.version->text() +
                           "; give one of them another, the next free one is " +
                           last->name.version->next() + ".",
                       {}, second.path.filename().string());
}

std::string read_file(const fs::path& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  if (error) refuse_unreadable(path, error);
  errno = 0;
  std::ifstream file{path, std::ios::binary};
  std::string contents(static_cast<std::size_t>(size), '\0');
  file.read(contents.data(), static_cast<std::streamsize>(contents.size()));
  if (!file) refuse_unreadable(path, {errno != 0 ? errno : EIO, std::generic_category()});
  return contents;
}

MigrationFile load(FoundFile file) {
  MigrationFile result;
  result.script = file.path.filename().string();
  result.name = std::move(file.name);
  const auto contents = read_file(file.path);
  result.checksum = checksum(contents, result.script);
  result.contents = utf8::without_byte_order_mark(contents);
  return result;
}

}  // namespace

std::vector<MigrationFile> read_directory(const fs::path& directory) {
  std::error_code error;
  if (fs::status(directory, error).type() == fs::file_type::not_found) return {};
  auto found = find_files(directory);
  std::sort(found.begin(), found.end(), comes_before);
  refuse_duplicates(found);

  std::vector<MigrationFile> migrations;
  migrations.reserve(found.size());
  std::transform(std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()),
                 std::back_inserter(migrations), load);
  return migrations;
}

}  // namespace flowdb::migration
