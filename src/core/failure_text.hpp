#pragma once

#include <string>

namespace flowdb {

/// To be called in a catch clause: what the exception says, for the log. Of one that is not
/// flowdb's no more than that there is one, as its text may hold anything.
std::string text_of_current_exception();

}  // namespace flowdb
