#include <nlohmann/json.hpp>

#include <flowdb/error.hpp>
#include <flowdb/types.hpp>

namespace flowdb {

// nlohmann's own errors quote what they stumbled over; ours must not.
std::string Json::dump(const nlohmann::json& document) {
  if (document.is_discarded()) {
    throw InvalidArgument("the JSON document is the result of a failed parse");
  }
  try {
    return document.dump();
  } catch (const nlohmann::json::type_error&) {
    throw InvalidArgument("a string in the JSON document is not valid UTF-8");
  }
}

}  // namespace flowdb
