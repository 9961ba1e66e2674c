#include "backend/postgresql/name_resolver.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <system_error>
#include <thread>

#include <netdb.h>
#include <sys/socket.h>

namespace flowdb::backend::postgresql {
namespace {

constexpr std::chrono::seconds kAskAnew{1};
constexpr std::size_t kMostThreads = 8;

Resolution look_up(const std::string& host) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int code = getaddrinfo(host.c_str(), nullptr, &hints, &list);
  if (code != 0) {
    return {{}, gai_strerror(code)};
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner{list, &freeaddrinfo};
  Resolution resolution;
  for (const auto* entry = list; entry != nullptr; entry = entry->ai_next) {
    std::array<char, NI_MAXHOST> text{};
    if (getnameinfo(entry->ai_addr, entry->ai_addrlen, text.data(), text.size(), nullptr, 0,
                    NI_NUMERICHOST) != 0) {
      continue;
    }
    auto& addresses = resolution.addresses;
    if (std::find(addresses.begin(), addresses.end(), text.data()) == addresses.end()) {
      addresses.emplace_back(text.data());
    }
  }
  if (resolution.addresses.empty()) {
    resolution.error = "it has no address";
  }
  return resolution;
}

}  // namespace

struct NameResolver::Shared {
  struct Answer {
    std::uint64_t number = 0;  // rises with every answer for the name
    Resolution resolution;
  };
  std::mutex mutex;
  std::condition_variable answered;
  std::map<std::string, Answer> answers;
  std::size_t threads = 0;

  void note(const std::string& host, Resolution resolution) {
    const std::lock_guard lock{mutex};
    auto& answer = answers[host];
    ++answer.number;
    answer.resolution = std::move(resolution);
    --threads;
    answered.notify_all();
  }
};

NameResolver::NameResolver() : shared_(std::make_shared<Shared>()) {}

Resolution NameResolver::resolve(const std::string& host, const Deadline& deadline) {
  std::unique_lock lock{shared_->mutex};
  const auto before = shared_->answers[host].number;
  const auto is_answered = [&] { return shared_->answers[host].number != before; };
  while (!deadline.has_passed()) {
    if (shared_->threads < kMostThreads) {
      ++shared_->threads;
      try {
        std::thread{[shared = shared_, host] { shared->note(host, look_up(host)); }}.detach();
      } catch (const std::system_error& error) {
        --shared_->threads;
        return {{}, error.what()};
      }
    }
    const auto limit = earlier(deadline, Deadline::after(kAskAnew));
    if (shared_->answered.wait_until(lock, limit.moment(), is_answered)) {
      return shared_->answers[host].resolution;
    }
  }
  return {{}, "no name server has answered in time"};
}

}  // namespace flowdb::backend::postgresql
