# Finds cpp-httplib as a compiled library: the target httplib::httplib.
#
#   find_package(httplib REQUIRED)
#
# cpp-httplib's own CMake package is used when there is one; Debian ships a file of pkg-config's alone.

find_package(httplib ${httplib_FIND_VERSION} CONFIG QUIET)
if(NOT TARGET httplib::httplib)
  find_package(PkgConfig QUIET)
  if(PkgConfig_FOUND)
    pkg_check_modules(cpp_httplib QUIET IMPORTED_TARGET cpp-httplib)
  endif()
  if(TARGET PkgConfig::cpp_httplib)
    add_library(httplib::httplib INTERFACE IMPORTED)
    target_link_libraries(httplib::httplib INTERFACE PkgConfig::cpp_httplib)
    set(httplib_VERSION "${cpp_httplib_VERSION}")
  endif()
endif()

set(httplib_FOUND FALSE)
if(TARGET httplib::httplib)
  set(httplib_TARGET httplib::httplib)
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(httplib REQUIRED_VARS httplib_TARGET VERSION_VAR httplib_VERSION)
