#include "support/pgbouncer.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <fcntl.h>
#include <libpq-fe.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/connection_url.hpp"
#include "support/socket.hpp"
#include "support/wait_until.hpp"

namespace flowdb::test_support {
namespace {

constexpr const char* kProgram = "/usr/sbin/pgbouncer";

/// It reads the file as it is started, before it drops the rights of root.
void write_configuration(const std::string& file, const ConnectionSettings& server,
                         const std::string& port, const std::string& pool_mode, int pool_size) {
  std::ofstream out{file};
  std::filesystem::permissions(
      file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  out << "[databases]\n* = host=" << server.at("host") << " port=" << server.at("port")
      << " user=" << server.at("user") << " password=" << server.at("password")
      << "\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = " << port
      << "\nunix_socket_dir =\nauth_type = any\npool_mode = " << pool_mode
      << "\ndefault_pool_size = " << pool_size
      << "\nmax_client_conn = 200\nserver_tls_sslmode = require\nlog_connections = 0\n"
         "log_disconnections = 0\nignore_startup_parameters = extra_float_digits\n";
  if (!out.flush()) throw std::runtime_error("cannot write " + file);
}

pid_t start(const std::string& configuration, const std::string& log) {
  std::string program = kProgram;
  std::string user = "--user=nobody";
  std::string file = configuration;
  std::array<char*, 4> arguments{program.data(), file.data(), nullptr, nullptr};
  if (geteuid() == 0) arguments = {program.data(), user.data(), file.data(), nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log.c_str(),
                                   O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  pid_t process = -1;
  const int error =
      posix_spawn(&process, program.c_str(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    throw std::runtime_error(program + " cannot be started; run cmake/install_dependencies.sh");
  }
  return process;
}

}  // namespace

Pgbouncer::Pgbouncer(const std::string& server_url, const std::string& pool_mode, int pool_size) {
  const auto server = parse_connection_url(server_url);
  auto listener = listen_on_loopback();
  const auto port = std::to_string(local_port(listener));
  listener.close();
  const auto configuration = (directory_.path() / "pgbouncer.ini").string();
  const auto log = (directory_.path() / "pgbouncer.log").string();
  write_configuration(configuration, server, port, pool_mode, pool_size);
  url_ = make_connection_url({{"host", "127.0.0.1"},
                              {"port", port},
                              {"user", server.at("user")},
                              {"dbname", server.at("dbname")},
                              {"sslmode", "disable"}});
  process_ = start(configuration, log);
  const bool is_up =
      wait_until([&] { return PQping(url_.c_str()) == PQPING_OK; }, std::chrono::seconds{30});
  if (!is_up) {
    std::ifstream text{log};
    const std::string lines{std::istreambuf_iterator<char>{text}, std::istreambuf_iterator<char>{}};
    throw std::runtime_error("pgbouncer does not answer: " + lines);
  }
}

Pgbouncer::~Pgbouncer() {
  if (process_ > 0) {
    kill(process_, SIGKILL);
    while (waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
}

}  // namespace flowdb::test_support
