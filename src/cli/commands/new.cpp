#include <cerrno>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <flowdb/error.hpp>
#include <flowdb/migrator.hpp>

#include "cli/commands/commands.hpp"

namespace flowdb::cli {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void throw_failure(const fs::path& path, int error) {
  throw MigrationError("Cannot write '" + path.string() +
                       "': " + std::generic_category().message(error) + ".");
}

/// Never overwrites: another process may have made one of that name meanwhile.
void create_file(const fs::path& path, const std::string& contents) {
  const int descriptor = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor < 0) throw_failure(path, errno);
  const auto written = write(descriptor, contents.data(), contents.size());
  const int error = written < 0 ? errno : EIO;
  const bool is_complete = written == static_cast<ssize_t>(contents.size());
  if (close(descriptor) != 0 || !is_complete) throw_failure(path, error);
}

ExitCode create(const Invocation& call, const std::string& description) {
  const auto directory = call.directory();
  const auto name = next_migration_name(directory, description);
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) throw_failure(directory, error.value());
  const auto path = directory / name;
  create_file(path, "-- " + description + "\n");
  if (call.is_json()) {
    call.print({{"script", name}, {"path", path.string()}});
  } else {
    call.out() << printable(path.string()) << '\n';
  }
  return ExitCode::done;
}

}  // namespace

void add_new(Program& program) {
  const auto description = std::make_shared<std::string>();
  auto& command =
      program.add("new", "Make the file of the next migration, and print its path",
                  [description](const Invocation& call) { return create(call, *description); });
  command.add_option("description", *description, "What it does: \"Add index on orders\"")
      ->required();
}

}  // namespace flowdb::cli
