#include "transaction/engine.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

#include <sys/types.h>
#include <unistd.h>

#include "backend/backend.hpp"

namespace flowdb {
namespace {

/// Everything that makes a connection what it is, how many there may be, and whose they are: after
/// a fork() the child must not use its parent's.
struct Key {
  pid_t process;
  std::string database_name;
  DatabaseType type;
  Secret connection_string;
  bool read_only;
  bool allow_plaintext;
  std::size_t statement_cache_size;
  std::chrono::milliseconds replica_max_lag;  // of a replica
  config::PoolSettings pool;

  friend bool operator==(const Key&, const Key&) = default;
};

Key key_of(const config::Settings& settings) {
  return {getpid(),
          settings.database_name,
          settings.type,
          settings.connection_string,
          settings.read_only,
          settings.allow_plaintext,
          settings.statement_cache_size,
          settings.is_replica ? settings.replica_max_lag : std::chrono::milliseconds::zero(),
          settings.pool};
}

/// The engines of the process. Holds none of them alive; left to the operating system at exit, as
/// managers with static storage may be destroyed after it.
class EngineRegistry {
 public:
  static EngineRegistry& instance() {
    static auto* registry = new EngineRegistry;
    return *registry;
  }

  std::shared_ptr<Engine> find_or_make(const config::Settings& settings) {
    const auto key = key_of(settings);
    const std::lock_guard lock{mutex_};
    std::erase_if(entries_, [](const Entry& entry) { return entry.engine.expired(); });
    for (const auto& entry : entries_) {
      if (entry.key != key) {
        continue;
      }
      if (auto engine = entry.engine.lock()) {
        return engine;
      }
    }
    auto engine = std::make_shared<Engine>(settings);
    entries_.push_back({key, engine});
    return engine;
  }

 private:
  struct Entry {
    Key key;
    std::weak_ptr<Engine> engine;
  };
  std::mutex mutex_;
  std::vector<Entry> entries_;
};

}  // namespace

std::shared_ptr<Engine> Engine::of(const config::Settings& settings) {
  if (settings.backend != nullptr) {
    return std::make_shared<Engine>(settings);
  }
  return EngineRegistry::instance().find_or_make(settings);
}

Engine::Engine(const config::Settings& settings)
    : Engine(settings, backend::make_backend(settings)) {}

Engine::Engine(const config::Settings& settings, std::shared_ptr<backend::Backend> backend)
    : database_name_(settings.database_name),
      statements_(backend->dialect()),
      notifications_(std::make_shared<notification::Hub>(
          settings.database_name, backend,
          notification::HubTiming{.connect = std::min<std::chrono::milliseconds>(
                                      settings.timeout, std::chrono::seconds{30})})),
      pool_(settings.database_name, settings.pool, std::move(backend)) {}

Engine::~Engine() {
  if (notifications_->is_in_own_process()) {
    notifications_->retire();
  } else {
    // Kept for ever, as the pool of a parent is.
    static_cast<void>(new std::shared_ptr<notification::Hub>(std::move(notifications_)));
  }
}

}  // namespace flowdb
