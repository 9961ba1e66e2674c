# `cpack` in the build folder makes two Debian packages: libflowdb-dev, and flowdb with the command.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME flowdb)
set(CPACK_PACKAGE_CONTACT "The flowdb developers <flowdb@localhost>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL development)
set(CPACK_STRIP_FILES ON)

set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libflowdb-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION
  "PostgreSQL and SQL Server for C++ flow programs\n\
 A static library with a connection pool, migrations, health reports and a mock.")
# What a program that links with it needs; a static library's needs cannot be read off it.
set(development_needs
  libsoci-dev libboost-dev libpq-dev libssl-dev unixodbc-dev libspdlog-dev nlohmann-json3-dev)
if(FLOWDB_HAS_PG_QUERY)
  list(APPEND development_needs libpg-query-dev)
endif()
list(JOIN development_needs ", " CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SUGGESTS "tdsodbc, prometheus-cpp-dev, libcpp-httplib-dev")

if(TARGET flowdb_cli)
  list(APPEND CPACK_COMPONENTS_ALL command)
  set(CPACK_DEBIAN_COMMAND_PACKAGE_NAME flowdb)
  set(CPACK_DEBIAN_COMMAND_PACKAGE_SECTION database)
  set(CPACK_DEBIAN_COMMAND_PACKAGE_SHLIBDEPS ON)
  set(CPACK_DEBIAN_COMMAND_PACKAGE_SUGGESTS "tdsodbc")
  set(CPACK_COMPONENT_COMMAND_DESCRIPTION
    "migrations, health and queries of flowdb from a shell\n\
 The command to the library of the same name.")
endif()
include(CPack)
