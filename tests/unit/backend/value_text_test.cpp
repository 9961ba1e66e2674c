#include "backend/value_text.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace flowdb::backend {
namespace {

TEST(ValueText, IsWhatPostgresqlReads) {
  struct Case {
    Value value;
    std::string_view text;
  };
  const double infinity = std::numeric_limits<double>::infinity();
  const Case cases[] = {
      {nullptr, ""},
      {true, "t"},
      {false, "f"},
      {std::numeric_limits<std::int64_t>::min(), "-9223372036854775808"},
      {std::numeric_limits<std::uint64_t>::max(), "18446744073709551615"},
      {0.1, "0.1"},
      {-0.0, "-0"},
      {5e-324, "5e-324"},
      {1.7976931348623157e308, "1.7976931348623157e+308"},
      {std::nan(""), "NaN"},
      {infinity, "Infinity"},
      {-infinity, "-Infinity"},
      {Decimal{"-0.10"}, "-0.10"},
      {"plain 'text'", "plain 'text'"},
      {Bytes{std::byte{0}, std::byte{0x7f}, std::byte{0xff}}, "\\x007fff"},
      {Bytes{}, "\\x"},
      {Json{R"({"a":1})"}, R"({"a":1})"},
      {Uuid::parse("00112233-4455-6677-8899-aabbccddeeff"), "00112233-4455-6677-8899-aabbccddeeff"},
  };
  for (const auto& [value, text] : cases) {
    EXPECT_EQ(value_text(value), text);
  }
}

TEST(ValueText, WritesArraysSoThatNoElementIsMistakenForSyntax) {
  struct Case {
    Value value;
    std::string_view text;
  };
  const Case cases[] = {
      {Array{}, "{}"},
      {Array{{1, nullptr, -2}}, R"({"1",NULL,"-2"})"},
      {Array{{"NULL", "", "a,b", "{}"}}, R"({"NULL","","a,b","{}"})"},
      {Array{{R"(a"b\c)"}}, R"({"a\"b\\c"})"},
      {Array{{Array{{1, 2}}, Array{{3, 4}}}}, R"({{"1","2"},{"3","4"}})"},
      {Array{{Bytes{std::byte{1}}}}, R"({"\\x01"})"},
      {Array{{true}}, R"({"t"})"},
  };
  for (const auto& [value, text] : cases) {
    EXPECT_EQ(value_text(value), text);
  }
}

}  // namespace
}  // namespace flowdb::backend
