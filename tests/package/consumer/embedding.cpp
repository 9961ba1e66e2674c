// Says whether the migrations that are embedded in it are those that its arguments name:
// `database:file,file`; or prints one: `--print DATABASE FILE`.
#include <algorithm>
#include <iostream>
#include <string>

#include <flowdb/embedded_migrations.hpp>

namespace {

std::string names_of(const std::string& database) {
  std::string names;
  for (const auto& file : flowdb::embedded_migrations(database)) {
    names += (names.empty() ? "" : ",") + std::string{file.path};
  }
  return names;
}

int print(const std::string& database, const std::string& path) {
  const auto files = flowdb::embedded_migrations(database);
  const auto found =
      std::find_if(files.begin(), files.end(), [&](const auto& file) { return file.path == path; });
  if (found == files.end()) return 1;
  std::cout << found->contents;
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  if (count == 4 && std::string{arguments[1]} == "--print")
    return print(arguments[2], arguments[3]);
  int status = 0;
  for (int index = 1; index < count; ++index) {
    const std::string expected = arguments[index];
    const auto database = expected.substr(0, expected.find(':'));
    if (database + ":" + names_of(database) == expected) continue;
    std::cerr << database << " has: " << names_of(database) << '\n';
    status = 1;
  }
  return status;
}
