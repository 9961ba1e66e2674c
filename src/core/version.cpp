#include <flowdb/version.hpp>

#define FLOWDB_TEXT_OF(number) #number
#define FLOWDB_DOTTED(major, minor, patch) \
  FLOWDB_TEXT_OF(major) "." FLOWDB_TEXT_OF(minor) "." FLOWDB_TEXT_OF(patch)

std::string_view flowdb::version() noexcept {
  return FLOWDB_DOTTED(FLOWDB_VERSION_MAJOR, FLOWDB_VERSION_MINOR, FLOWDB_VERSION_PATCH);
}
