#include "backend/sqlserver/open_turn.hpp"

#include <map>
#include <set>

#include "backend/sqlserver/gnutls_exit.hpp"
#include "backend/sqlserver/odbc.hpp"

namespace flowdb::backend::sqlserver {

std::shared_ptr<OpenTurn::Door> OpenTurn::door_of(const std::string& address) {
  static auto* const guard = new std::mutex;
  static auto* const doors = new std::map<std::string, std::shared_ptr<Door>>;
  const std::lock_guard lock{*guard};
  auto& door = (*doors)[address];
  if (door == nullptr) {
    door = std::make_shared<Door>();
  }
  return door;
}

OpenTurn::OpenTurn(const std::string& address, const Deadline& deadline) : door_(door_of(address)) {
  std::unique_lock lock{door_->mutex};
  const auto is_free = [this] { return !door_->is_taken; };
  if (deadline.is_never()) {
    door_->opened.wait(lock, is_free);
  } else {
    door_->opened.wait_until(lock, deadline.moment(), is_free);
  }
  has_turn_ = is_free();
  door_->is_taken = true;
}

OpenTurn::~OpenTurn() {
  if (has_turn_) {
    const std::lock_guard lock{door_->mutex};
    door_->is_taken = false;
    door_->opened.notify_one();
  }
}

void load_driver_once(const std::string& driver_name) {
  static auto* const guard = new std::mutex;
  static auto* const loaded = new std::set<std::string>;
  const std::lock_guard lock{*guard};
  if (!loaded->insert(driver_name).second) {
    return;
  }
  SQLHENV environment = SQL_NULL_HENV;
  SQLHDBC connection = SQL_NULL_HDBC;
  SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &environment);
  SQLSetEnvAttr(environment, SQL_ATTR_ODBC_VERSION, as_pointer(SQL_OV_ODBC3), 0);
  SQLAllocHandle(SQL_HANDLE_DBC, environment, &connection);
  std::string text = "DRIVER={" + driver_name + "};";
  SQLDriverConnect(connection, nullptr, reinterpret_cast<SQLCHAR*>(text.data()),
                   static_cast<SQLSMALLINT>(text.size()), nullptr, 0, nullptr, SQL_DRIVER_NOPROMPT);
  keep_gnutls_until_exit();
  // Refused for want of a server; the driver stays loaded as long as there are others.
  SQLFreeHandle(SQL_HANDLE_DBC, connection);
  SQLFreeHandle(SQL_HANDLE_ENV, environment);
}

}  // namespace flowdb::backend::sqlserver
