#include "support/chaos_options.hpp"

#include <sstream>

namespace flowdb::test_support {
namespace {

std::ostream& operator<<(std::ostream& out, const DelayRange& delay) {
  return out << delay.least.count() << ".." << delay.most.count() << " us";
}

const char* name_of(CutStyle style) {
  if (style == CutStyle::silence) return "silence";
  if (style == CutStyle::client_only) return "reset of the client's side";
  return style == CutStyle::reset ? "reset" : "close";
}

std::ostream& operator<<(std::ostream& out, const Cut& cut) {
  out << name_of(cut.style);
  if (cut.message) {
    out << (cut.message->is_behind ? " behind" : " before") << " a message of type "
        << int{cut.message->type} << ' ';
  } else {
    out << " after " << cut.after_bytes << " bytes ";
  }
  return out << (cut.direction == Direction::to_server ? "to the server" : "to the client") << ", "
             << cut.times << " times";
}

}  // namespace

std::string describe(const ChaosOptions& options) {
  std::ostringstream out;
  out << "chaos proxy: seed " << options.seed << ", delay to server " << options.to_server_delay
      << ", delay to client " << options.to_client_delay << ", slice " << options.slice << ", cut ";
  if (options.cut) {
    out << *options.cut;
  } else {
    out << "none";
  }
  return out.str();
}

}  // namespace flowdb::test_support
