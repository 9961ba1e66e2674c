#include <exception>
#include <iostream>

#include <flowdb/flowdb.hpp>

// Prints the version of the library. The manager makes the linker look for all that is below
// flowdb.
int main() {
  try {
    flowdb::DatabaseManager nameless{""};
    return 1;
  } catch (const flowdb::InvalidArgument&) {
    std::cout << flowdb::version() << '\n';
  }
}
