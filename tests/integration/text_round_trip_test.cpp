#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "integration/round_trip.hpp"

namespace flowdb::test {
namespace {

class TextRoundTrip : public RoundTrip {};

/// The first and the last code point of every length of UTF-8, and those at the surrogates' edges.
const std::string utf8_edges =
    "\x01\x7F \xC2\x80\xDF\xBF \xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF "
    "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF";

std::string control_characters() {
  std::string text;
  for (char c = 1; c < 32; ++c) text.push_back(c);
  return text;
}

TEST_F(TextRoundTrip, TextsComeBackByteForByte) {
  std::vector<Sample<std::string>> samples;
  for (const std::string& text :
       {std::string{}, utf8_edges, control_characters(), std::string{"it's \"quoted\" \\ $1 :name"},
        std::string{"\\N"}, std::string{"\\."}, std::string{"\\x41"}, std::string{"NULL"},
        std::string{"{a,b}"}, std::string{"tab\tline\nreturn\r\\n"}, std::string{"%s ? ?? $$"},
        std::string{"'; DROP TABLE samples; --"}, std::string{" padded "}}) {
    samples.push_back({text, text});
  }
  expect_exact("text", samples);
}

TEST_F(TextRoundTrip, BytesComeBackByteForByte) {
  Bytes all;
  std::string all_shown = "\\x";
  for (int i = 0; i < 256; ++i) {
    all.push_back(static_cast<std::byte>(i));
    all_shown += "0123456789abcdef"[i / 16];
    all_shown += "0123456789abcdef"[i % 16];
  }
  expect_exact<Bytes>("bytea", {{{}, "\\x"}, {all, all_shown}, {{std::byte{0}}, "\\x00"}});
}

TEST_F(TextRoundTrip, UuidsAndJsonComeBackAsTheyWere) {
  const std::string id = "0123abcd-ef45-6789-90ab-cdef00ff1080";
  expect_exact<Uuid>("uuid", {{Uuid::parse(id), id}});
  const std::string kept = R"( {"b": 1.50, "a": [null, "é\n\"'"], "b": 2} )";
  expect_exact<Json>("json", {{Json{kept}, kept}, {Json{std::string{"null"}}, "null"}});
  const auto document = nlohmann::json::parse(R"({"a": [1, "x\\y", null], "b": {"c": -0.5}})");
  expect_exact<nlohmann::json>(
      "jsonb", {{document, R"({"a": [1, "x\\y", null], "b": {"c": -0.5}})"}, {"text", "\"text\""}});
}

TEST_F(TextRoundTrip, TypesThatFlowdbDoesNotKnowAreTheServersText) {
  const auto expect_same_text = [this](const std::string& type, const std::string& text) {
    expect_exact<std::string>(type, {{text, text}});
  };
  expect_same_text("interval", "1 year 2 mons -3 days +04:05:06.789");
  expect_same_text("inet", "2001:db8::1/64");
}

TEST_F(TextRoundTrip, BytesAreTheSame_WhenAFunctionHasChangedHowTheServerWritesThem) {
  Bytes all;
  for (int byte = 0; byte < 256; ++byte) all.push_back(static_cast<std::byte>(byte));
  db_.transaction([&](Transaction& tx) {
    tx.execute_query("SET LOCAL bytea_output = 'escape'");
    for (const auto& bytes : {all, Bytes{}, Bytes{std::byte{'\\'}, std::byte{'x'}}}) {
      const auto echo = tx.execute_query("SELECT :bytes::bytea", {{"bytes", bytes}});
      EXPECT_EQ(echo.scalar<Bytes>(), bytes);
    }
  });
}

TEST_F(TextRoundTrip, OneNameMayServeColumnsOfSeveralTypes) {
  database_.exec("CREATE TABLE two (a varchar, b text, d date, t timestamp)");
  for (const Value& value : {Value{"2024-02-29"}, Value{nullptr}}) {
    const Params params{{"x", value}};
    db_.execute_query("INSERT INTO two VALUES (:x, :x, :x, :x)", params);
    db_.execute_query("UPDATE two SET a = :x, b = :x, d = :x WHERE a = :x OR b = :x", params);
    const auto sql = "SELECT count(*) FROM two WHERE :x IS NULL OR d = :x";
    EXPECT_EQ(db_.execute_query(sql, params).scalar<int>(), value.is_null() ? 2 : 1);
  }
  const auto days = db_.execute_query(
      "SELECT date_trunc(:unit, d) FROM two GROUP BY date_trunc(:unit, d)", {{"unit", "day"}});
  EXPECT_EQ(days.size(), 2U);
}

TEST_F(TextRoundTrip, EmptyIsNotNull) {
  database_.exec("CREATE TABLE samples (way serial, t text, b bytea, n int, a int[])");
  const std::string insert = "INSERT INTO samples (t, b, n, a) VALUES (:t, :b, :n, :a)";
  const Params empty{{"t", ""}, {"b", Bytes{}}, {"n", nullptr}, {"a", std::vector<int>{}}};
  const Params null{
      {"t", nullptr}, {"b", std::nullopt}, {"n", std::optional<int>{}}, {"a", Value{}}};
  db_.execute_query(insert, empty);
  db_.execute_query(insert, null);
  db_.execute_batch(insert, {empty, null});
  db_.bulk_insert(
      "samples", {"t", "b", "n", "a"},
      {{"", Bytes{}, nullptr, std::vector<int>{}}, {nullptr, nullptr, nullptr, nullptr}});
  EXPECT_EQ(database_.scalar("SELECT string_agg(concat(t IS NULL, b IS NULL, n IS NULL, a IS NULL,"
                             " length(t), length(b), cardinality(a)), ' ' ORDER BY way)"
                             " FROM samples"),
            "fftf000 tttt fftf000 tttt fftf000 tttt");
  const auto rows = db_.execute_query("SELECT * FROM samples ORDER BY way");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const bool is_empty = i % 2 == 0;
    EXPECT_EQ(rows[i]["t"].as<std::optional<std::string>>().has_value(), is_empty);
    EXPECT_EQ(rows[i]["b"].as<std::optional<Bytes>>().has_value(), is_empty);
    EXPECT_EQ(rows[i]["a"].as<std::optional<std::vector<int>>>().has_value(), is_empty);
    EXPECT_EQ(rows[i]["n"].as<std::optional<int>>(), std::nullopt);
  }
}

}  // namespace
}  // namespace flowdb::test
