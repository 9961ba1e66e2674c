#include "backend/sqlserver/gnutls_exit.hpp"

#include <dlfcn.h>

namespace flowdb::backend::sqlserver {

void keep_gnutls_until_exit() {
  // Stays loaded, or the count would be lost with the driver.
  void* const library = dlopen("libgnutls.so.30", RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE);
  if (library == nullptr) {
    return;
  }
  using Initialise = int (*)();
  if (const auto initialise = reinterpret_cast<Initialise>(dlsym(library, "gnutls_global_init"))) {
    initialise();
  }
}

}  // namespace flowdb::backend::sqlserver
