#include <array>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "peers.hpp"

namespace flowdb::benchmark {
namespace {

/// The Python program beside this file, which runs what it is sent a line each.
class PythonStack {
 public:
  PythonStack() {
    std::array<int, 2> to{};
    std::array<int, 2> from{};
    if (pipe2(to.data(), O_CLOEXEC) != 0 || pipe2(from.data(), O_CLOEXEC) != 0) {
      throw std::runtime_error("no pipe for the Python program");
    }
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, to[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files, from[1], STDOUT_FILENO);
    std::string program = "/usr/bin/python3";  // Debian's, with its packages
    std::string script = FLOWDB_BENCHMARK_FOLDER "/sqlalchemy_peer.py";
    std::array<char*, 3> arguments{program.data(), script.data(), nullptr};
    const int error =
        posix_spawn(&child_, program.c_str(), &files, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&files);
    close(to[0]);
    close(from[1]);
    to_ = fdopen(to[1], "w");
    from_ = fdopen(from[0], "r");
    if (error != 0 || line() != "ready") {
      throw std::runtime_error("tests/benchmark/sqlalchemy_peer.py does not start");
    }
  }
  PythonStack(const PythonStack&) = delete;
  PythonStack& operator=(const PythonStack&) = delete;
  ~PythonStack() {
    fclose(to_);  // its input ends, and so does it
    fclose(from_);
    waitpid(child_, nullptr, 0);
  }

  static bool is_installed() {
    return std::system("/usr/bin/python3 -c 'import sqlalchemy, psycopg2' 2>/dev/null") == 0;
  }

  CellSum run(const nlohmann::json& work) {
    const auto request = work.dump() + "\n";
    fputs(request.c_str(), to_);
    fflush(to_);
    const auto answer = line();
    const auto space = answer.find(' ');
    if (space == std::string::npos) {
      throw std::runtime_error("tests/benchmark/sqlalchemy_peer.py failed");
    }
    return {std::stoull(answer.substr(0, space)), real(answer.substr(space + 1))};
  }

 private:
  std::string line() {
    std::string text;
    for (int character = fgetc(from_); character != EOF && character != '\n';
         character = fgetc(from_)) {
      text += static_cast<char>(character);
    }
    return text;
  }

  /// The bytes of a double in hexadecimal digits, the lowest first.
  static double real(const std::string& digits) {
    std::uint64_t bits = 0;
    for (std::size_t i = digits.size(); i >= 2; i -= 2) {
      bits = bits << 8U | std::stoul(digits.substr(i - 2, 2), nullptr, 16);
    }
    return std::bit_cast<double>(bits);
  }

  pid_t child_ = -1;
  FILE* to_ = nullptr;
  FILE* from_ = nullptr;
};

std::vector<Side> sides(const char* name, const nlohmann::json& work) {
  if (!PythonStack::is_installed()) {
    return {};
  }
  const auto python = std::make_shared<PythonStack>();
  return {{name, [=] { return python->run(work); }}};
}

}  // namespace

std::vector<Side> sqlalchemy_one_row(const RowQuery& query) {
  return sides("SQLAlchemy execute().one()",
               {{"sql", query.named}, {"repetitions", query.repetitions}, {"keys", query.keys}});
}

std::vector<Side> sqlalchemy_million_rows(const char* select) {
  return sides("SQLAlchemy fetchall()", {{"sql", select}});
}

}  // namespace flowdb::benchmark
