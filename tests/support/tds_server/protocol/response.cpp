#include "support/tds_server/protocol/response.hpp"

namespace flowdb::tds_server {

Response::Response(PacketStream& packets, bool is_procedure)
    : packets_{&packets}, is_procedure_{is_procedure} {
  packets_->begin(PacketType::tabular_result);
}

void Response::add(std::string_view token) {
  release_done(true);
  packets_->write(token);
}

void Response::add_error(const SqlError& error) {
  failed_ = true;
  add(error_token(error));
}

void Response::add_done(std::uint16_t command, std::optional<std::uint64_t> rows, bool failed) {
  release_done(true);
  Done done;
  done.token = is_procedure_ ? DoneToken::done_in_procedure : DoneToken::done;
  done.command = command;
  done.rows = rows.value_or(0);
  if (rows) done.status |= kDoneCount;
  if (failed) done.status |= kDoneError;
  pending_ = done;
}

void Response::release_done(bool more) {
  if (!pending_) return;
  if (more) pending_->status |= kDoneMore;
  packets_->write(done_token(*pending_));
  pending_.reset();
}

void Response::end_procedure(std::uint16_t status) {
  constexpr std::uint16_t kProcedure = 0xE0;
  release_done(true);
  if (return_status_) packets_->write(return_status_token(*return_status_));
  packets_->write(return_values_);
  if (failed_) status |= kDoneError;
  packets_->write(done_token({DoneToken::done_procedure, status, kProcedure, 0}));
}

void Response::finish_call() {
  end_procedure(kDoneMore);
  failed_ = false;
  return_status_.reset();
  return_values_.clear();
}

void Response::finish() {
  if (is_procedure_) {
    end_procedure(0);
  } else {
    if (!pending_) add_done(command::kOther, std::nullopt, failed_);
    release_done(false);
  }
  packets_->end();
}

void Response::finish_with_attention() {
  release_done(true);
  packets_->write(done_token({DoneToken::done, kDoneAttention, command::kOther, 0}));
  packets_->end();
}

}  // namespace flowdb::tds_server
