#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>

#include <unistd.h>

#include "support/tds_server/tds_server.hpp"

namespace {

constexpr const char* kUsage =
    "flowdb_tds_server --postgres CONNINFO --user NAME --password-file FILE [--port-file FILE]\n"
    "                  [--certificate FILE --key FILE] [--encrypt]\n"
    "Speaks TDS on a free port of 127.0.0.1, which it prints, until SIGTERM or SIGINT.\n";

std::map<std::string, std::string> read_arguments(int count, char** arguments) {
  std::map<std::string, std::string> options;
  for (int i = 1; i < count; ++i) {
    const std::string name = arguments[i];
    if (name == "--encrypt") {
      options[name] = "yes";
    } else if (name.rfind("--", 0) == 0 && i + 1 < count) {
      options[name] = arguments[++i];
    } else {
      throw std::runtime_error(kUsage);
    }
  }
  return options;
}

std::string first_line(const std::string& file) {
  std::ifstream stream{file};
  std::string line;
  if (!std::getline(stream, line)) throw std::runtime_error("cannot read " + file);
  return line;
}

/// Under another name first, so that whoever waits for the file finds it whole.
void write_whole(const std::string& file, const std::string& text) {
  const std::string unfinished = file + ".new";
  std::ofstream stream{unfinished};
  stream << text << '\n';
  stream.close();
  if (!stream || std::rename(unfinished.c_str(), file.c_str()) != 0) {
    throw std::runtime_error("cannot write " + file);
  }
}

int run(int count, char** arguments) {
  auto given = read_arguments(count, arguments);
  if (!given.contains("--postgres") || !given.contains("--user") ||
      !given.contains("--password-file")) {
    throw std::runtime_error(kUsage);
  }
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // for the threads of the server as well
  flowdb::tds_server::TdsServerOptions options;
  options.postgres = given["--postgres"];
  options.user = given["--user"];
  options.password = first_line(given["--password-file"]);
  options.certificate_file = given["--certificate"];
  options.key_file = given["--key"];
  if (given.contains("--encrypt")) options.encryption = flowdb::tds_server::Encryption::required;
  const flowdb::tds_server::TdsServer server{options};
  const std::string port = std::to_string(server.port());
  if (given.contains("--port-file")) write_whole(given["--port-file"], port);
  std::printf("%s\n", port.c_str());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&signals, &signal);
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  try {
    return run(count, arguments);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
