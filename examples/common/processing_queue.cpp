#include "common/processing_queue.hpp"

#include <utility>

namespace flows {
namespace {

constexpr std::string_view kEnqueue =
    "INSERT INTO processing_queue (flow_name, payload) VALUES (:flow_name, :payload)";

// The locking SELECT must be evaluated once, before the update: hence MATERIALIZED.
constexpr std::string_view kClaim = R"sql(
WITH chosen AS MATERIALIZED (
  SELECT id
  FROM processing_queue
  WHERE status = 'pending' AND flow_name = :flow_name
  ORDER BY created_at, id
  LIMIT :batch_size
  FOR UPDATE SKIP LOCKED
), claimed AS (
  UPDATE processing_queue AS record
  SET status = 'processing',
      flow_instance_id = :instance_id,
      claimed_at = timezone('utc', clock_timestamp())
  FROM chosen
  WHERE record.id = chosen.id
  RETURNING record.id, record.payload, record.retry_count, record.created_at
)
SELECT id, payload, retry_count, created_at FROM claimed ORDER BY created_at, id)sql";

constexpr std::string_view kComplete = R"sql(
UPDATE processing_queue
SET status = 'completed',
    completed_at = timezone('utc', clock_timestamp()),
    error_message = NULL
WHERE id = :id AND status = 'processing' AND flow_instance_id = :instance_id)sql";

constexpr std::string_view kFail = R"sql(
UPDATE processing_queue
SET status = 'failed', error_message = :message, retry_count = retry_count + 1
WHERE id = :id AND status = 'processing' AND flow_instance_id = :instance_id)sql";

constexpr std::string_view kCleanUpOrphans = R"sql(
UPDATE processing_queue
SET status = CASE WHEN retry_count < :max_retries THEN 'pending' ELSE 'failed' END,
    retry_count = CASE WHEN retry_count < :max_retries THEN retry_count + 1 ELSE retry_count END,
    error_message = CASE WHEN retry_count < :max_retries THEN error_message
                         ELSE 'given up: its process died each time it was tried' END,
    flow_instance_id = NULL,
    claimed_at = NULL
WHERE status = 'processing' AND flow_name = :flow_name
  AND claimed_at < timezone('utc', clock_timestamp()) - make_interval(secs => :age_seconds)
RETURNING status)sql";

constexpr std::string_view kResetFailed = R"sql(
UPDATE processing_queue
SET status = 'pending', flow_instance_id = NULL, claimed_at = NULL, error_message = NULL
WHERE status = 'failed' AND flow_name = :flow_name AND retry_count < :max_retries)sql";

constexpr std::string_view kStatus =
    "SELECT flow_name, status, count(*) AS records FROM processing_queue GROUP BY flow_name, "
    "status";

std::string_view trim(std::string_view text) {
  constexpr std::string_view kWhiteSpace = " \t\r\n\f\v";
  const auto first = text.find_first_not_of(kWhiteSpace);
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(kWhiteSpace) - first + 1);
}

}  // namespace

ProcessingQueue::ProcessingQueue(flowdb::DatabaseManager& database, std::string flow_name,
                                 std::string instance_id)
    : database_(database), flow_name_(std::move(flow_name)), instance_id_(std::move(instance_id)) {}

std::uint64_t ProcessingQueue::enqueue(const std::vector<nlohmann::json>& payloads) {
  std::vector<flowdb::Params> records;
  records.reserve(payloads.size());
  for (const auto& payload : payloads) {
    records.push_back({{"flow_name", flow_name_}, {"payload", payload}});
  }
  return database_.execute_batch(kEnqueue, records);
}

std::vector<QueueRecord> ProcessingQueue::claim(int batch_size) {
  if (batch_size < 1) {
    throw std::invalid_argument("claim: batch_size must be at least 1");
  }
  const auto rows = database_.execute_query(
      kClaim,
      {{"flow_name", flow_name_}, {"instance_id", instance_id_}, {"batch_size", batch_size}});
  std::vector<QueueRecord> records;
  records.reserve(rows.size());
  for (const auto& row : rows) {
    records.push_back({.id = row["id"].as<std::int64_t>(),
                       .payload = row["payload"].as<nlohmann::json>(),
                       .retry_count = row["retry_count"].as<int>(),
                       .created_at = row["created_at"].as<flowdb::Timestamp>()});
  }
  return records;
}

void ProcessingQueue::complete(std::int64_t record_id) {
  check_held(database_.execute_query(kComplete, {{"id", record_id}, {"instance_id", instance_id_}}),
             record_id);
}

void ProcessingQueue::complete(flowdb::Transaction& transaction, std::int64_t record_id) {
  check_held(
      transaction.execute_query(kComplete, {{"id", record_id}, {"instance_id", instance_id_}}),
      record_id);
}

void ProcessingQueue::fail(std::int64_t record_id, std::string_view message) {
  check_held(
      database_.execute_query(
          kFail, {{"id", record_id}, {"instance_id", instance_id_}, {"message", trim(message)}}),
      record_id);
}

void ProcessingQueue::fail(flowdb::Transaction& transaction, std::int64_t record_id,
                           std::string_view message) {
  check_held(
      transaction.execute_query(
          kFail, {{"id", record_id}, {"instance_id", instance_id_}, {"message", trim(message)}}),
      record_id);
}

ProcessingQueue::OrphanReport ProcessingQueue::clean_up_orphans(std::chrono::seconds age,
                                                                int max_retries) {
  const auto rows = database_.execute_query(
      kCleanUpOrphans,
      {{"flow_name", flow_name_}, {"age_seconds", age.count()}, {"max_retries", max_retries}});
  OrphanReport report;
  for (const auto& row : rows) {
    const bool is_requeued = row["status"].as<std::string_view>() == "pending";
    ++(is_requeued ? report.requeued : report.given_up);
  }
  return report;
}

std::uint64_t ProcessingQueue::reset_failed(int max_retries) {
  return database_
      .execute_query(kResetFailed, {{"flow_name", flow_name_}, {"max_retries", max_retries}})
      .affected_rows();
}

ProcessingQueue::Counts ProcessingQueue::status() const {
  Counts counts;
  const auto rows = database_.execute_query(kStatus);
  for (const auto& row : rows) {
    counts[row["flow_name"].as<std::string>()][row["status"].as<std::string>()] =
        row["records"].as<std::int64_t>();
  }
  return counts;
}

void ProcessingQueue::check_held(const flowdb::ResultSet& result, std::int64_t record_id) const {
  if (result.affected_rows() != 1) {
    throw QueueError("Record " + std::to_string(record_id) +
                     " not found or not in processing state for instance_id '" + instance_id_ +
                     "'");
  }
}

}  // namespace flows
