#pragma once

#include <string>

namespace flowdb {
inline namespace v0_1 {

/// Who runs: stamped on every log record of this thread and, shortened, on the server's
/// `application_name`. Scoped and per thread: the constructor sets it, the destructor puts the
/// former one back; must be destroyed on the thread that made it, in reverse order.
///
///     flowdb::RunContext run{{.flow = "rpa1", .task = "load", .run_id = id, .user = "svc"}};
class RunContext {
 public:
  struct Fields {
    std::string flow = {};
    std::string task = {};
    std::string run_id = {};
    std::string user = {};
  };

  explicit RunContext(Fields fields);
  RunContext(const RunContext&) = delete;
  RunContext& operator=(const RunContext&) = delete;
  ~RunContext();

  /// The innermost one of this thread; all empty when there is none.
  static const Fields& current() noexcept;
  /// `flow/task/short run id`, at most 63 bytes of printable ASCII (PostgreSQL's NAMEDATALEN - 1);
  /// empty without a context.
  static const std::string& current_application_name() noexcept;

 private:
  Fields fields_;
  std::string application_name_;
  const RunContext* outer_;
};

}  // namespace v0_1
}  // namespace flowdb
