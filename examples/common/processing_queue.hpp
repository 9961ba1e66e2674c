#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include <flowdb/flowdb.hpp>

namespace flows {

/// A record that this process has claimed and must complete or fail.
struct QueueRecord {
  std::int64_t id = 0;
  nlohmann::json payload;
  int retry_count = 0;
  flowdb::Timestamp created_at;  ///< UTC
};

/// A record was completed or failed by a process that does not hold it.
class QueueError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// One flow's records in the table processing_queue, shared by any number of processes: no record
/// is claimed twice, and only the instance that claimed one may complete or fail it. Every call is
/// one statement, committed when it returns, but for those that take the caller's transaction.
/// Thread-safe. Throws what DatabaseManager throws.
class ProcessingQueue {
 public:
  /// Notified when records have become pending, with the flow's name as payload.
  static constexpr const char* channel = "processing_queue";

  struct OrphanReport {
    std::uint64_t requeued = 0;
    std::uint64_t given_up = 0;
  };
  /// Records by flow and status.
  using Counts = std::map<std::string, std::map<std::string, std::int64_t>>;

  /// `database` must outlive the queue. `instance_id` names this process; see make_instance_id().
  ProcessingQueue(flowdb::DatabaseManager& database, std::string flow_name,
                  std::string instance_id);

  const std::string& flow_name() const noexcept { return flow_name_; }
  const std::string& instance_id() const noexcept { return instance_id_; }

  /// Adds one pending record for each payload, in order, all or none.
  std::uint64_t enqueue(const std::vector<nlohmann::json>& payloads);

  /// The oldest pending records, at most `batch_size` (≥ 1) of them, now held by this instance.
  /// Records that others are claiming at this moment are passed over, never waited for.
  std::vector<QueueRecord> claim(int batch_size = 10);

  /// \throws QueueError when this instance does not hold the record.
  void complete(std::int64_t record_id);
  /// The same as part of the transaction that did the record's work: both happen, or neither.
  void complete(flowdb::Transaction& transaction, std::int64_t record_id);

  /// Stores `message` without the white space around it, and counts the attempt.
  /// \throws QueueError when this instance does not hold the record.
  void fail(std::int64_t record_id, std::string_view message);
  void fail(flowdb::Transaction& transaction, std::int64_t record_id, std::string_view message);

  /// Frees the records that some instance has held for longer than `age`, for it must have died:
  /// pending again while they were tried less than `max_retries` times, failed otherwise.
  OrphanReport clean_up_orphans(std::chrono::seconds age = std::chrono::hours{1},
                                int max_retries = 3);

  /// Makes failed records pending that were tried less than `max_retries` times; their number.
  std::uint64_t reset_failed(int max_retries = 3);

  /// Of all flows.
  Counts status() const;

 private:
  void check_held(const flowdb::ResultSet& result, std::int64_t record_id) const;

  flowdb::DatabaseManager& database_;
  std::string flow_name_;
  std::string instance_id_;
};

}  // namespace flows
