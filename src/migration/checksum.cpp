#include <array>

#include <flowdb/error.hpp>

#include "core/ascii.hpp"
#include "core/utf8.hpp"
#include "migration/migration_file.hpp"
#include "sql/text_position.hpp"

namespace flowdb::migration {

namespace {

/// CRC-32 of ISO 3309 and ITU-T V.42, bits reflected.
constexpr std::array<std::uint32_t, 256> make_crc_table() {
  constexpr std::uint32_t kPolynomial = 0xEDB88320U;
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t index = 0; index < table.size(); ++index) {
    auto value = index;
    for (int bit = 0; bit < 8; ++bit) {
      value = (value & 1U) != 0 ? (value >> 1U) ^ kPolynomial : value >> 1U;
    }
    table[index] = value;
  }
  return table;
}

constexpr auto kCrcTable = make_crc_table();

std::uint32_t continue_crc(std::uint32_t crc, char c) noexcept {
  return kCrcTable[(crc ^ static_cast<unsigned char>(c)) & 0xFFU] ^ (crc >> 8U);
}

constexpr std::uint32_t kCrcStart = 0xFFFFFFFFU;

}  // namespace

std::int32_t checksum(std::string_view contents, const std::string& script) {
  const auto text = utf8::without_byte_order_mark(contents);
  if (const auto invalid = utf8::first_invalid(text)) {
    const auto line = sql::position_at(text, *invalid).line;
    throw MigrationError(script + ":" + std::to_string(line) +
                             ": the file is not valid UTF-8; save it in that encoding.",
                         {}, script, static_cast<int>(line));
  }
  auto crc = kCrcStart;
  for (const char c : text) {
    if (!is_line_end(c)) crc = continue_crc(crc, c);
  }
  return static_cast<std::int32_t>(~crc);
}

std::int32_t raw_checksum(std::string_view contents) noexcept {
  auto crc = kCrcStart;
  for (const char c : contents) crc = continue_crc(crc, c);
  return static_cast<std::int32_t>(~crc);
}

}  // namespace flowdb::migration
