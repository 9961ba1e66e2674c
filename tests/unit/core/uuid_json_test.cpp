#include <random>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <flowdb/types.hpp>

#include "unit/message_of.hpp"

namespace flowdb {
namespace {

using test::message_of;

TEST(Uuid, ParsesWhatItWrote_InAnyCaseAndBraces) {
  const std::string text = "0123abcd-ef45-6789-90ab-cdef00ff1080";
  const auto id = Uuid::parse(text);
  EXPECT_EQ(id.bytes[0], 0x01);
  EXPECT_EQ(id.bytes[15], 0x80);
  EXPECT_EQ(id.to_string(), text);
  EXPECT_EQ(Uuid::parse("0123ABCD-EF45-6789-90AB-CDEF00FF1080"), id);
  EXPECT_EQ(Uuid::parse("{0123abcd-EF45-6789-90ab-cdef00ff1080}"), id);
  std::mt19937_64 random{5};
  for (int round = 0; round < 2'000; ++round) {
    Uuid any;
    for (auto& byte : any.bytes) {
      byte = static_cast<std::uint8_t>(random());
    }
    EXPECT_EQ(Uuid::parse(any.to_string()), any);
  }
}

TEST(Uuid, RefusesWhatIsNoUuid_WithoutRepeatingIt) {
  for (const std::string text :
       {"", "0123abcdef45678990abcdef00ff1080", "0123abcd-ef45-6789-90ab-cdef00ff108",
        "0123abcd-ef45-6789-90ab-cdef00ff10800", "0123abcd-ef45-6789-90ab-cdef00ff108g",
        "0123abcd+ef45-6789-90ab-cdef00ff1080", "{0123abcd-ef45-6789-90ab-cdef00ff1080",
        "0123abcd-ef45-6789-90ab-cdef00ff1080}", "(0123abcd-ef45-6789-90ab-cdef00ff1080)",
        "0123abc-def45-6789-90ab-cdef00ff1080", " 0123abcd-ef45-6789-90ab-cdef00ff108"}) {
    EXPECT_EQ(message_of([&] { Uuid::parse(text); }),
              "the text is not a UUID: expected the form 123e4567-e89b-12d3-a456-426614174000")
        << text;
  }
}

TEST(Json, TakesADocument) {
  EXPECT_EQ(Json{nlohmann::json({{"a", {1, "ü", nullptr}}})}.text, R"({"a":[1,"ü",null]})");
  EXPECT_EQ(Json{std::string{"[1, 2]"}}.text, "[1, 2]");
  EXPECT_EQ(message_of([] { Json{nlohmann::json("\xFF")}; }),
            "a string in the JSON document is not valid UTF-8");
  EXPECT_EQ(message_of([] { Json{nlohmann::json::parse("{", nullptr, false)}; }),
            "the JSON document is the result of a failed parse");
}

}  // namespace
}  // namespace flowdb
