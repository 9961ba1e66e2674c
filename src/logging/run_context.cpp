#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

#include <flowdb/run_context.hpp>

namespace flowdb {
namespace {

constexpr std::size_t kMaxApplicationName = 63;  // PostgreSQL's NAMEDATALEN - 1
constexpr std::size_t kShortRunId = 8;

thread_local const RunContext* innermost = nullptr;

/// Printable ASCII only, as PostgreSQL itself replaces everything else.
std::string printable(std::string_view text) {
  std::string result{text};
  for (char& c : result) {
    if (c < ' ' || c > '~') {
      c = '?';
    }
  }
  return result;
}

std::string application_name_of(const RunContext::Fields& fields) {
  std::string tail;
  if (!fields.run_id.empty()) {
    tail = "/" + printable(std::string_view{fields.run_id}.substr(0, kShortRunId));
  }
  std::string head = printable(fields.flow);
  if (!fields.task.empty()) {
    head += "/" + printable(fields.task);
  }
  head.resize(std::min(head.size(), kMaxApplicationName - tail.size()));
  return head + tail;
}

}  // namespace

RunContext::RunContext(Fields fields)
    : fields_(std::move(fields)),
      application_name_(application_name_of(fields_)),
      outer_(innermost) {
  innermost = this;
}

RunContext::~RunContext() {
  innermost = outer_;
}

const RunContext::Fields& RunContext::current() noexcept {
  static const Fields none;
  return innermost != nullptr ? innermost->fields_ : none;
}

const std::string& RunContext::current_application_name() noexcept {
  static const std::string none;
  return innermost != nullptr ? innermost->application_name_ : none;
}

}  // namespace flowdb
