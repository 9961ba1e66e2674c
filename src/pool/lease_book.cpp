#include "pool/lease_book.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include <sys/syscall.h>
#include <unistd.h>

#include <flowdb/run_context.hpp>

#include "core/process_identity.hpp"

namespace flowdb::pool {
namespace {

/// The kernel's number of the calling thread, as debuggers and top show it. A child process has
/// inherited the variable of the thread that made it.
pid_t this_thread() noexcept {
  thread_local std::uint64_t process = 0;
  thread_local pid_t number = 0;
  if (const auto current = process_identity(); process != current) {
    process = current;
    number = static_cast<pid_t>(syscall(SYS_gettid));
  }
  return number;
}

/// The last two parts of a path: who built the program, and where, is nobody's business.
std::string short_path(std::string_view path) {
  const auto name = path.rfind('/');
  if (name == std::string_view::npos || name == 0) {
    return std::string{path};
  }
  const auto folder = path.rfind('/', name - 1);
  return std::string{folder == std::string_view::npos ? path : path.substr(folder + 1)};
}

}  // namespace

void LeaseBook::lend(std::size_t slot, const Borrower& borrower, TimePoint now) noexcept {
  auto& entry = entries_[slot];
  entry.is_lent = true;
  entry.is_reported = false;
  entry.is_running.store(true, std::memory_order_relaxed);
  entry.thread = this_thread();
  entry.borrower = borrower;
  entry.since = now;
  const auto& context = RunContext::current_application_name();
  const auto size = std::min(context.size(), entry.context.size() - 1);
  context.copy(entry.context.data(), size);
  entry.context[size] = '\0';
}

void LeaseBook::run(std::size_t slot, const std::string& fingerprint) noexcept {
  entries_[slot].borrower.fingerprint = &fingerprint;
  run_again(slot);
}

void LeaseBook::rest(std::size_t slot) noexcept {
  entries_[slot].is_running.store(false, std::memory_order_relaxed);
}

void LeaseBook::run_again(std::size_t slot) noexcept {
  entries_[slot].is_running.store(true, std::memory_order_relaxed);
}

ConnectionHolder LeaseBook::holder_of(const Entry& entry, TimePoint now) {
  ConnectionHolder holder;
  const auto& borrower = entry.borrower;
  holder.operation = borrower.operation;
  if (borrower.site.line > 0) {
    holder.call_site = short_path(borrower.site.file) + ":" + std::to_string(borrower.site.line);
  }
  holder.context = entry.context.data();
  holder.thread = entry.thread;
  holder.held = std::chrono::duration_cast<std::chrono::milliseconds>(now - entry.since);
  holder.is_running = entry.is_running.load(std::memory_order_relaxed);
  holder.statement = borrower.fingerprint != nullptr ? *borrower.fingerprint : std::string{};
  return holder;
}

std::vector<ConnectionHolder> LeaseBook::holders(TimePoint now) const {
  std::vector<ConnectionHolder> holders;
  for (const auto& entry : entries_) {
    if (entry.is_lent) {
      holders.push_back(holder_of(entry, now));
    }
  }
  std::stable_sort(holders.begin(), holders.end(),
                   [](const auto& a, const auto& b) { return a.held > b.held; });
  return holders;
}

std::vector<ConnectionHolder> LeaseBook::overdue(TimePoint now) {
  std::vector<ConnectionHolder> holders;
  if (leak_after_.count() == 0) {
    return holders;
  }
  for (auto& entry : entries_) {
    if (entry.is_lent && !entry.is_reported && now - entry.since >= leak_after_) {
      entry.is_reported = true;
      holders.push_back(holder_of(entry, now));
    }
  }
  return holders;
}

/// Who borrows from now on is not overdue before that.
std::optional<LeaseBook::TimePoint> LeaseBook::next_overdue(TimePoint now) const {
  if (leak_after_.count() == 0) {
    return std::nullopt;
  }
  auto next = now + leak_after_;
  for (const auto& entry : entries_) {
    if (entry.is_lent && !entry.is_reported) {
      next = std::min(next, entry.since + leak_after_);
    }
  }
  return next;
}

}  // namespace flowdb::pool
