#include "integration/name_server.hpp"

#include <condition_variable>
#include <mutex>
#include <string_view>
#include <utility>

#include <dlfcn.h>
#include <netdb.h>

namespace flowdb::test {
namespace {

struct State {
  std::mutex mutex;
  std::condition_variable changed;
  bool is_there = false;
  bool is_dead = false;
  int waiting = 0;
  std::vector<std::string> addresses;
};

State& state() {
  static auto* const state = new State;  // its waiters may outlive everything else
  return *state;
}

using Resolve = int (*)(const char*, const char*, const addrinfo*, addrinfo**);

Resolve system_resolve() {
  static const auto function = reinterpret_cast<Resolve>(dlsym(RTLD_NEXT, "getaddrinfo"));
  return function;
}

bool is_ours(const char* name) {
  constexpr std::string_view domain = ".flowdb.test";
  const std::string_view text = name != nullptr ? name : "";
  return text.size() > domain.size() && text.substr(text.size() - domain.size()) == domain;
}

/// One list of all the addresses; each entry is freed by itself.
int answer(const std::vector<std::string>& addresses, const char* service, const addrinfo* hints,
           addrinfo** result) {
  *result = nullptr;
  addrinfo** end = result;
  for (const auto& address : addresses) {
    const int code = system_resolve()(address.c_str(), service, hints, end);
    if (code != 0) return code;
    while (*end != nullptr) end = &(*end)->ai_next;
  }
  return addresses.empty() ? EAI_NONAME : 0;
}

int resolve(const char* service, const addrinfo* hints, addrinfo** result) {
  std::unique_lock lock{state().mutex};
  if (state().is_dead) {
    ++state().waiting;
    state().changed.notify_all();
    state().changed.wait(lock, [] { return !state().is_there; });
    --state().waiting;
    state().changed.notify_all();
    return EAI_AGAIN;
  }
  return answer(state().addresses, service, hints, result);
}

}  // namespace

NameServer::NameServer(std::vector<std::string> addresses) {
  const std::lock_guard lock{state().mutex};
  state().is_there = true;
  state().is_dead = false;
  state().addresses = std::move(addresses);
}

NameServer::~NameServer() {
  std::unique_lock lock{state().mutex};
  state().is_there = false;
  state().changed.notify_all();
  state().changed.wait(lock, [] { return state().waiting == 0; });
}

void NameServer::die() {
  const std::lock_guard lock{state().mutex};
  state().is_dead = true;
}

void NameServer::heal() {
  const std::lock_guard lock{state().mutex};
  state().is_dead = false;
}

int NameServer::waiting() {
  const std::lock_guard lock{state().mutex};
  return state().waiting;
}

}  // namespace flowdb::test

/// Takes the place of the system's for the whole program.
extern "C" int getaddrinfo(const char* name, const char* service, const addrinfo* hints,
                           addrinfo** result) {
  return flowdb::test::is_ours(name) ? flowdb::test::resolve(service, hints, result)
                                     : flowdb::test::system_resolve()(name, service, hints, result);
}
