// The documents that tell of a pool.
#include <cmath>

#include <nlohmann/json.hpp>

#include <flowdb/reports.hpp>

#include "core/iso_time.hpp"
#include "monitoring/json_values.hpp"

namespace flowdb {
namespace {

using monitoring::rounded;
using monitoring::text_or_null;
using nlohmann::json;

double with_two_decimals(double number) {
  return std::round(number * 100) / 100;
}

json to_document(const Percentiles& times) {
  return {{"p50", rounded(times.p50)},
          {"p95", rounded(times.p95)},
          {"p99", rounded(times.p99)},
          {"max", rounded(times.max)}};
}

json to_list(const std::vector<ConnectionHolder>& holders) {
  auto list = json::array();
  for (const auto& holder : holders) {
    list.push_back(holder.to_json());
  }
  return list;
}

}  // namespace

json ConnectionHolder::to_json() const {
  return {{"operation", operation}, {"call_site", call_site},  {"context", context},
          {"thread", thread},       {"held_ms", held.count()}, {"is_running", is_running},
          {"statement", statement}};
}

}  // namespace flowdb

const char* flowdb::to_string(ExhaustionCause cause) noexcept {
  switch (cause) {
    case ExhaustionCause::leak:
      return "leak";
    case ExhaustionCause::slow_statements:
      return "slow_statements";
    case ExhaustionCause::server_down:
      return "server_down";
    case ExhaustionCause::pool_too_small:
      break;
  }
  return "pool_too_small";
}

namespace flowdb {

json PoolExhaustion::to_json() const {
  return {{"database_name", database_name},
          {"cause", to_string(cause)},
          {"waited_ms", waited.count()},
          {"max_connections", max_connections},
          {"checked_out", checked_out},
          {"checked_in", checked_in},
          {"opening", opening},
          {"invalid", invalid},
          {"waiting", waiting},
          {"last_connect_error", text_or_null(last_connect_error)},
          {"holders", to_list(holders)}};
}

json PoolStatus::to_json() const {
  json document{{"database_name", database_name},
                {"pool_size", pool_size},
                {"max_overflow", max_overflow},
                {"checked_in", checked_in},
                {"checked_out", checked_out},
                {"overflow", overflow},
                {"invalid", invalid},
                {"total_connections", total_connections},
                {"max_connections", max_connections},
                {"utilization_percent", with_two_decimals(utilization_percent)},
                {"opening", opening},
                {"waiting", waiting},
                {"acquire_time_ms", to_document(acquire_time_ms)},
                {"held_time_ms", to_document(held_time_ms)},
                {"is_circuit_open", is_circuit_open},
                {"last_connect_error", text_or_null(last_connect_error)},
                {"timestamp", core::iso_time(timestamp)}};
  if (holders) {
    document["holders"] = to_list(*holders);
  }
  if (replica != nullptr) {
    document["replica"] = replica->to_json();
    document["replica"]["lag_ms"] = replica->lag ? json(replica->lag->count()) : json();
  }
  return document;
}

}  // namespace flowdb
