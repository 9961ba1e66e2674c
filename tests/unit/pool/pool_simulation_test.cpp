// Random events against PoolState, compared after each of them with a model that keeps its own
// account of who is where.
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "pool/pool_core.hpp"
#include "pool/pool_state.hpp"
#include "unit/pool/state_driver.hpp"

namespace flowdb::pool {
namespace {

using namespace std::chrono_literals;

class Simulation {
 public:
  Simulation(const config::PoolSettings& settings, std::uint64_t seed)
      : settings_(settings),
        random_(seed),
        state_(settings, [] { return 0.0; }),
        slots_(settings.max_connections()) {}

  void run(int events) {
    for (int event = 0; event < events && !testing::Test::HasFailure(); ++event) {
      SCOPED_TRACE("event " + std::to_string(event));
      happen();
      check();
    }
  }

  /// All is well from now on: everybody must be served.
  void settle() {
    for (int round = 0; round < 10'000 && !queue_.empty(); ++round) {
      for (std::size_t slot = 0; slot < slots_.size(); ++slot) {
        if (slots_[slot].place == Place::opening) open(slot);
        if (slots_[slot].place == Place::leased) release(slot);
        if (slots_[slot].place == Place::closing) close(slot);
      }
      now_ += 1ms;
      maintain();
      check();
    }
    EXPECT_TRUE(queue_.empty());
    EXPECT_EQ(asked_, served_ + failed_ + gone_);
  }

  std::size_t served() const { return served_; }

 private:
  enum class Place { empty, opening, idle, leased, closing };
  struct Slot {
    Place place = Place::empty;
    bool abandoned = false;
    bool unwelcome = false;
    PoolState::TimePoint opened{};
    PoolState::TimePoint opening_since{};
  };

  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(random_()) % limit; }

  std::optional<std::size_t> any(Place place) {
    std::vector<std::size_t> found;
    for (std::size_t slot = 0; slot < slots_.size(); ++slot) {
      if (slots_[slot].place == place) found.push_back(slot);
    }
    return found.empty() ? std::nullopt : std::optional{found[below(found.size())]};
  }

  void happen() {
    now_ += std::chrono::milliseconds{below(4)};
    const auto dice = below(1000);
    if (dice < 330) {
      queue_.size() < 40 ? ask() : give_up();
    } else if (dice < 640) {
      if (const auto slot = any(Place::leased)) release(*slot);
    } else if (dice < 690) {
      if (const auto slot = any(Place::leased)) retire(*slot);
    } else if (dice < 800) {
      if (const auto slot = any(Place::opening)) below(10) < 8 ? open(*slot) : fail(*slot);
    } else if (dice < 900) {
      if (const auto slot = any(Place::closing)) close(*slot);
    } else if (dice < 940) {
      give_up();
    } else if (dice < 995) {
      now_ += std::chrono::milliseconds{below(400)};
      maintain();
    } else {
      dispose();
    }
  }

  void ask() {
    ++asked_;
    if (const auto grant = state_.acquire(now_)) {
      EXPECT_TRUE(queue_.empty()) << "somebody was passed by";
      EXPECT_EQ(slots_.at(grant->slot).place, Place::idle);
      EXPECT_NE(grant->check, Check::none);
      slots_[grant->slot].place = Place::leased;
      ++served_;
      return;
    }
    EXPECT_TRUE(!queue_.empty() || !any(Place::idle));
    if (state_.turns_away(now_)) {
      EXPECT_TRUE(state_.circuit().is_open());
      ++failed_;
      return;
    }
    const auto waiter = std::make_shared<Waiter>();
    waiters_[waiter.get()] = waiter;
    asked_at_[waiter.get()] = now_;
    const bool first = below(10) == 0;
    first ? queue_.push_front(waiter.get()) : queue_.push_back(waiter.get());
    apply(state_.enqueue(waiter.get(), first, now_));
  }

  void release(std::size_t slot) {
    const bool is_old =
        settings_.max_lifetime.count() > 0 && now_ >= slots_[slot].opened + settings_.max_lifetime;
    returned_ = slot;
    const auto decisions = state_.released(slot, now_);
    if (is_old || slots_[slot].unwelcome) {
      EXPECT_EQ(decisions.closes, std::vector{slot});
    }
    apply(decisions);
  }

  void retire(std::size_t slot) {
    const bool abandoned = below(2) == 0;
    const bool is_lost = below(3) == 0;
    const auto suspicion = is_lost ? Suspicion::may_be_dead : Suspicion::none;
    const auto decisions = state_.retired(slot, abandoned, suspicion);
    slots_[slot].place = Place::closing;
    slots_[slot].abandoned = abandoned;
    apply(decisions);
  }

  void open(std::size_t slot) {
    slots_[slot].opened = now_;
    returned_ = slot;
    slots_[slot].place = Place::leased;
    apply(state_.opened(slot, now_));
  }

  void fail(std::size_t slot) {
    const auto began = slots_[slot].opening_since;
    slots_[slot] = {};
    const auto found = std::find_if(queue_.begin(), queue_.end(),
                                    [&](Waiter* waiter) { return asked_at_.at(waiter) <= began; });
    const auto decisions = state_.open_failed(slot, OpenFailure::server, now_);
    if (decisions.failed != nullptr || !has_breaker()) {
      EXPECT_EQ(decisions.failed, found != queue_.end() ? *found : nullptr);
    } else if (decisions.turned_away.empty()) {
      EXPECT_TRUE(found == queue_.end() || any(Place::leased)) << "who is he waiting for?";
    }
    if (decisions.failed != nullptr) leave(found);
    apply(decisions);
  }

  void close(std::size_t slot) {
    slots_[slot] = {};
    apply(state_.closed(slot, now_));
  }

  void give_up() {
    if (queue_.empty()) return;
    const auto position = queue_.begin() + static_cast<std::ptrdiff_t>(below(queue_.size()));
    EXPECT_TRUE(state_.stop_waiting(*position));
    EXPECT_FALSE(state_.stop_waiting(*position));
    waiters_.erase(*position);
    queue_.erase(position);
    ++gone_;
  }

  void maintain() {
    const auto open_before = count(Place::idle) + count(Place::leased);
    const auto decisions = state_.maintain(now_);
    apply(decisions);
    if (settings_.max_lifetime.count() == 0) {
      EXPECT_GE(open_before - decisions.closes.size(), std::min(open_before, settings_.min_idle));
    }
    for (const auto& slot : slots_) {
      EXPECT_FALSE(slot.place == Place::idle && settings_.max_lifetime.count() > 0 &&
                   now_ >= slot.opened + settings_.max_lifetime);
    }
  }

  void dispose() {
    apply(state_.dispose());
    for (auto& slot : slots_) {
      EXPECT_NE(slot.place, Place::idle);
      slot.unwelcome = slot.place == Place::leased || slot.place == Place::opening;
    }
  }

  bool has_breaker() const { return settings_.breaker_failures > 0; }

  void leave(std::deque<Waiter*>::iterator waiter) {
    waiters_.erase(*waiter);
    queue_.erase(waiter);
    ++failed_;
  }

  void apply(const PoolState::Decisions& decisions) {
    if (!decisions.turned_away.empty()) {
      EXPECT_TRUE(state_.circuit().is_open());
      EXPECT_EQ(decisions.turned_away, std::vector(queue_.begin(), queue_.end()));
      while (!queue_.empty()) leave(queue_.begin());
    }
    for (const auto& hand_over : decisions.hand_overs) {
      ASSERT_FALSE(queue_.empty());
      EXPECT_EQ(hand_over.waiter, queue_.front());
      EXPECT_EQ(hand_over.grant.slot, returned_);
      answer_first();
      ++served_;
      returned_.reset();
    }
    for (const auto slot : decisions.closes) {
      EXPECT_TRUE(slots_.at(slot).place == Place::idle || returned_ == slot);
      slots_[slot].place = Place::closing;
      if (returned_ == slot) returned_.reset();
    }
    for (const auto slot : decisions.opens) {
      EXPECT_EQ(slots_.at(slot).place, Place::empty);
      slots_[slot] = {Place::opening, false, false, {}, now_};
    }
    if (returned_) {
      slots_[*returned_].place = Place::idle;
      returned_.reset();
    }
  }

  void answer_first() {
    waiters_.erase(queue_.front());
    queue_.pop_front();
  }

  std::size_t count(Place place) const {
    return static_cast<std::size_t>(std::count_if(
        slots_.begin(), slots_.end(), [place](const Slot& slot) { return slot.place == place; }));
  }

  void check() const {
    const auto counts = state_.counts();
    const auto open = count(Place::idle) + count(Place::leased);
    EXPECT_EQ(counts.idle, count(Place::idle));
    EXPECT_EQ(counts.leased, count(Place::leased));
    EXPECT_EQ(counts.opening, count(Place::opening));
    EXPECT_EQ(counts.closing, count(Place::closing));
    EXPECT_EQ(counts.abandoned, static_cast<std::size_t>(std::count_if(
                                    slots_.begin(), slots_.end(), [](const Slot& slot) {
                                      return slot.abandoned && slot.place == Place::closing;
                                    })));
    EXPECT_EQ(counts.overflow, open > settings_.pool_size ? open - settings_.pool_size : 0);
    EXPECT_EQ(counts.waiting, queue_.size());
    EXPECT_TRUE(queue_.empty() || counts.idle == 0) << "idle connections while somebody waits";
    if (state_.circuit().is_open()) {
      EXPECT_TRUE(queue_.empty() || counts.leased > 0 || counts.opening > 0)
          << "somebody waits for nothing";
    } else {
      EXPECT_TRUE(counts.opening >= queue_.size() || count(Place::empty) == 0 ||
                  counts.opening >= settings_.max_concurrent_connects)
          << "free slots while somebody waits for nothing";
    }
    EXPECT_LE(fresh_openings(), settings_.max_concurrent_connects + 1) << "and one probe";
    EXPECT_EQ(state_.is_exhausted(), counts.opening == 0 && count(Place::empty) == 0);
    check_maintenance();
  }

  std::size_t fresh_openings() const {
    return static_cast<std::size_t>(
        std::count_if(slots_.begin(), slots_.end(), [this](const Slot& slot) {
          return slot.place == Place::opening && now_ - slot.opening_since < 3s;
        }));
  }

  /// Nothing grows older than it may without a look being due.
  void check_maintenance() const {
    if (settings_.max_lifetime.count() == 0) return;
    const auto next = state_.next_maintenance(now_);
    for (const auto& slot : slots_) {
      const auto end = slot.opened + settings_.max_lifetime;
      const bool is_open = slot.place == Place::idle || slot.place == Place::leased;
      EXPECT_TRUE(!is_open || now_ >= end || (next && *next <= end));
    }
  }

  const config::PoolSettings settings_;
  std::mt19937_64 random_;
  PoolState state_;
  PoolState::TimePoint now_{1h};
  std::vector<Slot> slots_;
  std::deque<Waiter*> queue_;
  std::map<Waiter*, std::shared_ptr<Waiter>> waiters_;
  std::map<Waiter*, PoolState::TimePoint> asked_at_;
  std::optional<std::size_t> returned_;  // in a hand that must give it on
  std::size_t asked_ = 0;
  std::size_t served_ = 0;
  std::size_t failed_ = 0;
  std::size_t gone_ = 0;
};

TEST(PoolStateSimulation, KeepsItsPromisesThroughARandomLife) {
  auto brisk = pool_of(5, 10);
  brisk.min_idle = 2;
  brisk.max_lifetime = 3s;
  brisk.idle_timeout = 500ms;
  brisk.overflow_idle_timeout = 100ms;
  auto strict = pool_of(2, 3);
  strict.max_lifetime = 0ms;
  strict.idle_timeout = 200ms;
  strict.overflow_idle_timeout = 0ms;
  strict.min_idle = 1;
  auto single = pool_of(1, 0);
  single.max_lifetime = 1s;
  auto unguarded = pool_of(3, 4);
  unguarded.breaker_failures = 0;
  unguarded.max_concurrent_connects = 7;
  auto touchy = pool_of(3, 9);
  touchy.breaker_failures = 1;
  touchy.max_concurrent_connects = 1;
  touchy.breaker_probe_interval = 30ms;
  for (const auto& settings : {brisk, strict, single, pool_of(3, 0), unguarded, touchy}) {
    constexpr std::uint64_t seed = 20'240'115;
    SCOPED_TRACE("pool size " + std::to_string(settings.pool_size) + ", seed " +
                 std::to_string(seed));
    Simulation simulation{settings, seed};
    simulation.run(100'000);
    simulation.settle();
    EXPECT_GT(simulation.served(), 1'000U);
  }
}

}  // namespace
}  // namespace flowdb::pool
