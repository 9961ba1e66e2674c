#include "notification/limits.hpp"

#include <cstddef>

#include <flowdb/error.hpp>

#include "core/utf8.hpp"

namespace flowdb::notification {
namespace {

constexpr std::size_t kLongestChannel = 63;
constexpr std::size_t kLongestPayload = 7999;

[[noreturn]] void refuse(const std::string& database_name, const std::string& what) {
  throw InvalidArgument(database_name + ": " + what, {.database_name = database_name});
}

void check_text(std::string_view text, const std::string& name, const std::string& database_name) {
  if (text.find('\0') != std::string_view::npos) {
    refuse(database_name, name + " contains a NUL character");
  }
  if (!utf8::is_valid(text)) {
    refuse(database_name, name + " is not UTF-8");
  }
}

}  // namespace

void check_channel(std::string_view channel, const std::string& database_name) {
  if (channel.empty()) {
    refuse(database_name, "a channel for notifications needs a name");
  }
  check_text(channel, "the channel's name", database_name);
  if (channel.size() > kLongestChannel) {
    refuse(database_name, "the channel's name has " + std::to_string(channel.size()) +
                              " bytes; the server takes " + std::to_string(kLongestChannel));
  }
}

void check_payload(std::string_view payload, const std::string& database_name) {
  check_text(payload, "the payload of a notification", database_name);
  if (payload.size() > kLongestPayload) {
    refuse(database_name, "the payload of a notification has " + std::to_string(payload.size()) +
                              " bytes; the server takes " + std::to_string(kLongestPayload) +
                              ". Store it in a table and notify its key");
  }
}

}  // namespace flowdb::notification
