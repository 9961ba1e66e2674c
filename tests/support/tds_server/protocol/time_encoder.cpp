#include "support/tds_server/protocol/time_encoder.hpp"

#include <stdexcept>

#include "support/tds_server/protocol/bytes.hpp"
#include "support/tds_server/protocol/moment.hpp"

namespace flowdb::tds_server {
namespace {

std::int64_t ticks_per_unit(unsigned scale) {
  std::int64_t ticks = 1;
  for (unsigned i = scale; i < 7; ++i) ticks *= 10;
  return ticks;
}

/// Bytes of a time with `scale` digits behind the second's point.
std::size_t time_size(unsigned scale) {
  return scale <= 2 ? 3 : scale <= 4 ? 4 : 5;
}

void put_low_bytes(std::string& out, std::int64_t value, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    put_u8(out, static_cast<std::uint64_t>(value) >> (8 * i) & 0xFFU);
  }
}

/// DATETIME: days since 1900, and 1/300 s since midnight.
std::string encoded_datetime(const Moment& moment) {
  std::int64_t days = moment.days - kDaysTo1900;
  std::int64_t units = (moment.ticks * 3 + 50'000) / 100'000;
  if (units == std::int64_t{24} * 3600 * 300) {
    units = 0;
    ++days;
  }
  std::string out;
  put_low_bytes(out, days, 4);
  put_low_bytes(out, units, 4);
  return out;
}

std::string encoded_smalldatetime(const Moment& moment) {
  const std::int64_t days = moment.days - kDaysTo1900;
  if (days < 0 || days > 0xFFFF) throw std::out_of_range("beyond SMALLDATETIME");
  std::string out;
  put_low_bytes(out, days, 2);
  put_low_bytes(out, moment.ticks / kTicksPerMinute, 2);
  return out;
}

Moment decoded_datetime(std::string_view bytes) {
  ByteReader reader{bytes};
  Moment moment;
  if (bytes.size() == 4) {
    moment.days = kDaysTo1900 + reader.u16();
    moment.ticks = reader.u16() * kTicksPerMinute;
    return moment;
  }
  moment.days = kDaysTo1900 + static_cast<std::int32_t>(reader.u32());
  const std::int64_t milliseconds = (static_cast<std::int64_t>(reader.u32()) * 10 + 1) / 3;
  moment.ticks = milliseconds * 10'000;
  return moment;
}

}  // namespace

std::string encoded_time(const DataType& type, std::string_view text) {
  Moment moment = parse_moment(text);
  if (type.kind == TypeKind::datetime) return encoded_datetime(moment);
  if (type.kind == TypeKind::smalldatetime) return encoded_smalldatetime(moment);
  const int offset = moment.offset;
  if (type.kind == TypeKind::datetimeoffset) moment = shifted(moment, -offset);
  std::string out;
  if (type.kind != TypeKind::date) {
    put_low_bytes(out, moment.ticks / ticks_per_unit(type.scale), time_size(type.scale));
  }
  if (type.kind != TypeKind::time) put_low_bytes(out, moment.days, 3);
  if (type.kind == TypeKind::datetimeoffset) put_low_bytes(out, offset, 2);
  return out;
}

std::string decoded_time(const DataType& type, std::string_view bytes) {
  if (type.kind == TypeKind::datetime || type.kind == TypeKind::smalldatetime) {
    const Moment moment = decoded_datetime(bytes);
    return date_text(moment) + ' ' + time_text(moment);
  }
  ByteReader reader{bytes};
  Moment moment;
  if (type.kind != TypeKind::date) {
    moment.ticks = static_cast<std::int64_t>(reader.number(time_size(type.scale))) *
                   ticks_per_unit(type.scale);
  }
  if (type.kind == TypeKind::time) return time_text(moment);
  moment.days = static_cast<std::int64_t>(reader.number(3));
  if (type.kind == TypeKind::date) return date_text(moment);
  if (type.kind == TypeKind::datetimeoffset) {
    const int offset = static_cast<std::int16_t>(reader.u16());
    moment = shifted(moment, offset);
    moment.offset = offset;
    return date_text(moment) + ' ' + time_text(moment) + ' ' + offset_text(moment);
  }
  return date_text(moment) + ' ' + time_text(moment);
}

}  // namespace flowdb::tds_server
