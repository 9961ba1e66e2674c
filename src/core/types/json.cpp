#include <nlohmann/json.hpp>

#include <flowdb/error.hpp>
#include <flowdb/types.hpp>

namespace flowdb {
namespace {

// nlohmann's own errors quote what they stumbled over; ours must not.
std::string to_text(const nlohmann::json& document) {
  if (!document.is_discarded()) {
    try {
      return document.dump();
    } catch (const nlohmann::json::type_error&) {
      throw InvalidArgument("a string in the JSON document is not valid UTF-8");
    }
  }
  throw InvalidArgument("the JSON document is the result of a failed parse");
}

}  // namespace

Json::Json(const nlohmann::json& document) : text(to_text(document)) {}

}  // namespace flowdb
