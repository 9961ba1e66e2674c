#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

#include <flowdb/error.hpp>
#include <flowdb/prometheus.hpp>
#include <flowdb/reports.hpp>
#include <flowdb/status_server.hpp>
#include <flowdb/version.hpp>

#include "core/failure_text.hpp"
#include "core/iso_time.hpp"
#include "core/process_identity.hpp"
#include "core/ticker.hpp"
#include "logging/log.hpp"
#include "metrics/process_figures.hpp"
#include "metrics/registry.hpp"
#include "status_server/http_server.hpp"
#include "status_server/page_files.hpp"
#include "status_server/shared_result.hpp"
#include "status_server/watched_pools.hpp"

namespace flowdb {
namespace {

using nlohmann::json;
using status_server::Answer;

std::vector<DatabaseManager*> checked(std::vector<DatabaseManager*> databases,
                                      const StatusServerOptions& options) {
  if (databases.empty()) {
    throw InvalidArgument("A StatusServer needs a database to tell of");
  }
  std::set<std::string> names;
  for (const auto* database : databases) {
    if (database == nullptr) {
      throw InvalidArgument("A StatusServer was given a null pointer for a database");
    }
    if (!names.insert(database->database_name()).second) {
      throw InvalidArgument("A StatusServer was given two managers of '" +
                            database->database_name() +
                            "'; they share one pool, and one is enough");
    }
  }
  if (options.threads < 2) {
    throw InvalidArgument("StatusServerOptions::threads must be at least 2, got " +
                          std::to_string(options.threads));
  }
  if (options.client_timeout <= std::chrono::milliseconds::zero()) {
    throw InvalidArgument("StatusServerOptions::client_timeout must be positive, got " +
                          std::to_string(options.client_timeout.count()) + " ms");
  }
  return databases;
}

std::string text_of(const json& document) {
  return document.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

json slow_statements() {
  auto list = json::array();
  for (const auto& slow : metrics::Registry::of_this_process().slow_statements().latest()) {
    const std::chrono::duration<double, std::milli> duration = slow.duration;
    list.push_back({{"database", slow.database_name},
                    {"operation", slow.operation},
                    {"statement", slow.fingerprint},
                    {"outcome", slow.outcome},
                    {"duration_ms", duration.count()},
                    {"rows", slow.rows},
                    {"time", core::iso_time(slow.time)}});
  }
  return list;
}

template <class Figure>
json figure_or_null(const std::optional<Figure>& figure) {
  return figure ? json(*figure) : json();
}

json process_document(const metrics::ProcessFigures& figures) {
  return {{"resident_bytes", figure_or_null(figures.resident_bytes)},
          {"cpu_seconds", figure_or_null(figures.cpu_seconds)},
          {"open_files", figure_or_null(figures.open_files)}};
}

}  // namespace

struct StatusServer::Impl {
  Impl(std::vector<DatabaseManager*> given, StatusServerOptions given_options)
      : options(std::move(given_options)),
        databases(checked(std::move(given), options)),
        pools(databases),
        health([this] { return health_check_all(databases); }, options.threads / 2 - 1),
        server(status_server::HttpServer::make(options.threads, options.client_timeout)) {
    add_routes();
    port = server->start(options.address, options.port);
  }

  void add_routes() {
    add_file("/", "text/html; charset=utf-8", status_server::kPageHtml);
    add_file("/page.css", "text/css; charset=utf-8", status_server::kPageCss);
    add_file("/page.js", "text/javascript; charset=utf-8", status_server::kPageJs);
    server->add_route("/status.json", [this] { return Answer{.body = text_of(status())}; });
    server->add_route("/health/live", [] { return Answer{.body = "{\"status\": \"alive\"}\n"}; });
    server->add_route("/health/ready", [this] { return answer_health(false); });
    server->add_route("/health", [this] { return answer_health(true); });
    server->add_route("/metrics", [] {
      return Answer{.media_type = "text/plain; version=0.0.4; charset=utf-8",
                    .body = prometheus_text()};
    });
  }

  void add_file(const std::string& path, const std::string& media_type, std::string_view text) {
    server->add_route(path, [media_type, text] {
      return Answer{.media_type = media_type, .body = std::string{text}};
    });
  }

  Answer answer_health(bool in_full) {
    const auto summary = health.get();
    if (summary == nullptr) {
      return {.status = 503, .body = "{\"status\": \"unknown\", \"error\": \"too many ask\"}\n"};
    }
    const json status{{"status", to_string(summary->status)}};
    return {.status = summary->status == Health::unhealthy ? 503 : 200,
            .body = text_of(in_full ? summary->to_json() : status)};
  }

  json status() const {
    const std::chrono::duration<double> uptime = std::chrono::steady_clock::now() - start;
    return {{"title", options.title},
            {"version", version()},
            {"timestamp", core::iso_time(std::chrono::system_clock::now())},
            {"uptime_s", uptime.count()},
            {"process", process_document(metrics::process_figures())},
            {"databases", pools.to_json()},
            {"slow_statements", slow_statements()}};
  }

  void sample() noexcept {
    try {
      pools.take_sample();
    } catch (...) {
      logging::write(logging::Level::warning, "the status server could not look at the pools: " +
                                                  text_of_current_exception());
    }
  }

  const StatusServerOptions options;
  const std::vector<DatabaseManager*> databases;
  const std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
  const std::uint64_t process = process_identity();
  status_server::WatchedPools pools;
  status_server::SharedResult<HealthSummary> health;
  const std::unique_ptr<status_server::HttpServer> server;  // its threads use what stands above
  Ticker ticker{status_server::WatchedPools::kInterval,
                [this](const Ticker::Stopping&) { sample(); }};
  std::uint16_t port = 0;
};

StatusServer::StatusServer(std::vector<DatabaseManager*> databases, StatusServerOptions options)
    : impl_(std::make_unique<Impl>(std::move(databases), std::move(options))) {}

StatusServer::StatusServer(StatusServer&&) noexcept = default;
StatusServer& StatusServer::operator=(StatusServer&&) noexcept = default;

StatusServer::~StatusServer() {
  if (impl_ != nullptr && impl_->process != process_identity()) {
    static_cast<void>(impl_.release());  // its threads are in the parent
  }
}

std::uint16_t StatusServer::port() const noexcept {
  return impl_->port;
}

std::string StatusServer::url() const {
  const auto& address = impl_->options.address;
  const bool is_ipv6 = address.find(':') != std::string::npos;
  return "http://" + (is_ipv6 ? "[" + address + "]" : address) + ":" + std::to_string(port()) + "/";
}

}  // namespace flowdb
