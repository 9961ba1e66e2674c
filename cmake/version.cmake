# Sets FLOWDB_VERSION to what include/flowdb/version.hpp says.
set(FLOWDB_VERSION "")
foreach(_part MAJOR MINOR PATCH)
  file(STRINGS "${CMAKE_CURRENT_LIST_DIR}/../include/flowdb/version.hpp" _line
    REGEX "^#define FLOWDB_VERSION_${_part} [0-9]+$")
  if(NOT _line MATCHES "([0-9]+)$")
    message(FATAL_ERROR "include/flowdb/version.hpp does not define FLOWDB_VERSION_${_part}")
  endif()
  list(APPEND FLOWDB_VERSION "${CMAKE_MATCH_1}")
endforeach()
list(JOIN FLOWDB_VERSION "." FLOWDB_VERSION)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
  "${CMAKE_CURRENT_LIST_DIR}/../include/flowdb/version.hpp")
