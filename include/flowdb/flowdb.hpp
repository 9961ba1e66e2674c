#pragma once

/// Everything a flow needs. Not included: <flowdb/logging.hpp>, <flowdb/prometheus.hpp> and
/// <flowdb/soci.hpp>, which hand out types of other libraries; <flowdb/status_server.hpp>, which is
/// of a library of its own; and <flowdb/testing/…>.

#include <flowdb/access_watch.hpp>
#include <flowdb/call_site.hpp>
#include <flowdb/config.hpp>
#include <flowdb/database_manager.hpp>
#include <flowdb/embedded_migrations.hpp>
#include <flowdb/error.hpp>
#include <flowdb/lint.hpp>
#include <flowdb/metrics.hpp>
#include <flowdb/migration_options.hpp>
#include <flowdb/migration_reports.hpp>
#include <flowdb/migrator.hpp>
#include <flowdb/notification.hpp>
#include <flowdb/options.hpp>
#include <flowdb/periodic_reporter.hpp>
#include <flowdb/query_options.hpp>
#include <flowdb/reports.hpp>
#include <flowdb/result_set.hpp>
#include <flowdb/row_stream.hpp>
#include <flowdb/run_context.hpp>
#include <flowdb/shutdown_signal.hpp>
#include <flowdb/transaction.hpp>
#include <flowdb/types.hpp>
#include <flowdb/value.hpp>
#include <flowdb/version.hpp>
