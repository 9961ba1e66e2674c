#include "support/message_framing.hpp"

namespace flowdb::test_support {
namespace {

/// The size of a request for TLS or GSSAPI; a start-up message is longer.
constexpr std::size_t encryption_request_size = 8;

}  // namespace

std::size_t MessageFraming::header_size() const {
  if (protocol_ == Protocol::tds) return 8;
  return is_start_up_ ? 4 : 5;
}

std::size_t MessageFraming::number_at(std::size_t place, std::size_t bytes) const {
  std::size_t number = 0;
  for (std::size_t i = 0; i < bytes; ++i) {
    number = number << 8U | static_cast<unsigned char>(header_[place + i]);
  }
  return number;
}

void MessageFraming::take(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto wanted = left_ > 0 ? left_ : header_size() - header_.size();
    const auto piece = bytes.substr(0, wanted);
    bytes.remove_prefix(piece.size());
    if (left_ > 0) {
      left_ -= piece.size();
    } else {
      header_ += piece;
      if (header_.size() == header_size()) take_header();
    }
  }
}

void MessageFraming::take_header() {
  if (protocol_ == Protocol::tds) {
    left_ = number_at(2, 2) - header_.size();
  } else if (is_start_up_) {
    const auto size = number_at(0, 4);
    left_ = size - header_.size();
    is_start_up_ = size == encryption_request_size;
  } else {
    left_ = number_at(1, 4) - 4;
  }
  header_.clear();
}

}  // namespace flowdb::test_support
