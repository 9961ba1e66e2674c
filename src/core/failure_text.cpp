#include "core/failure_text.hpp"

#include <flowdb/error.hpp>

namespace flowdb {

std::string text_of_current_exception() {
  try {
    throw;
  } catch (const Error& error) {
    return error.what();
  } catch (const InvalidArgument& error) {
    return error.what();
  } catch (...) {
    return "an exception of the program's own";
  }
}

}  // namespace flowdb
