#include "notification/inbox.hpp"

#include <string>

#include <gtest/gtest.h>

namespace flowdb::notification {
namespace {

Notification message(const std::string& payload) {
  return {.channel = "c", .payload = payload, .server_process = 7};
}

TEST(Inbox, HandsOutInOrder_WithGapsInTheirPlaces) {
  Inbox inbox;
  EXPECT_FALSE(inbox.take());
  inbox.add(message("a"));
  inbox.add_gap();
  inbox.add_gap();
  inbox.add(message("b"));
  EXPECT_EQ(inbox.take()->payload, "a");
  EXPECT_TRUE(inbox.take()->is_gap()) << "two in a row are one";
  EXPECT_EQ(inbox.take()->payload, "b");
  EXPECT_FALSE(inbox.take());
}

TEST(Inbox, KeepsAGapInPlaceOfWhatItHasNoRoomFor_HoweverMuchComes) {
  Inbox inbox;
  const std::string payload(7999, 'x');
  const std::size_t too_many = Inbox::capacity / payload.size() + 1;
  for (std::size_t i = 0; i < 10 * too_many; ++i) {
    inbox.add(message(payload + std::to_string(i)));
  }
  EXPECT_TRUE(inbox.take()->is_gap());
  std::size_t kept = 0;
  std::string latest;
  while (const auto next = inbox.take()) {
    EXPECT_FALSE(next->is_gap());
    latest = next->payload;
    ++kept;
  }
  EXPECT_LE(kept, too_many);
  EXPECT_EQ(latest, payload + std::to_string(10 * too_many - 1));
  inbox.add(message("there is room again"));
  EXPECT_EQ(inbox.take()->payload, "there is room again");
}

}  // namespace
}  // namespace flowdb::notification
