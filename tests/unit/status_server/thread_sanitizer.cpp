#include "support/thread_sanitizer.hpp"

#if defined(FLOWDB_TEST_THREAD_SANITIZER)
/// cpp-httplib is a compiled library, not instrumented: how its threads share what it makes once is
/// not seen, only that its memory is used. What it calls in flowdb and in the tests is looked at.
extern "C" const char* __tsan_default_suppressions() {
  return "called_from_lib:libcpp-httplib.so\n";
}
#endif
