# Finds SOCI 4.0 or 4.1 and its backends.
#
#   find_package(SOCI REQUIRED COMPONENTS Core PostgreSQL OPTIONAL_COMPONENTS ODBC)
#
# Targets, named as SOCI 4.1 names them: SOCI::Core, SOCI::PostgreSQL, SOCI::ODBC.
# A CMake package installed with SOCI is used when there is one; several distributions ship none
# with 4.0, so the headers and archives are looked for otherwise.
#
# Static archives are preferred: 4.0's shared objects do not export the type information of the
# backend classes, so that neither dynamic_cast nor undefined behaviour checks link against them.

set(_soci_components Core PostgreSQL ODBC)
set(_soci_backend_Core core)
set(_soci_backend_PostgreSQL postgresql)
set(_soci_backend_ODBC odbc)

function(_soci_adopt_package_targets)
  foreach(component IN LISTS _soci_components)
    foreach(suffix "_static" "")
      set(original "SOCI::soci_${_soci_backend_${component}}${suffix}")
      if(NOT TARGET SOCI::${component} AND TARGET ${original})
        add_library(SOCI::${component} INTERFACE IMPORTED)
        target_link_libraries(SOCI::${component} INTERFACE ${original})
      endif()
    endforeach()
  endforeach()
endfunction()

# _soci_add_library(<component> <needed target>...): the imported target, if all it needs is there.
function(_soci_add_library component)
  set(backend "${_soci_backend_${component}}")
  find_library(SOCI_${component}_LIBRARY
    NAMES "libsoci_${backend}.a" "soci_${backend}" "soci_${backend}_4_0"
    DOC "SOCI's ${component} library")
  mark_as_advanced(SOCI_${component}_LIBRARY)
  if(NOT SOCI_${component}_LIBRARY OR NOT SOCI_INCLUDE_DIR OR NOT SOCI_BOOST_INCLUDE_DIR)
    return()
  endif()
  foreach(needed IN LISTS ARGN)
    if(NOT TARGET ${needed})
      return()
    endif()
  endforeach()
  add_library(SOCI::${component} UNKNOWN IMPORTED)
  set_target_properties(SOCI::${component} PROPERTIES
    IMPORTED_LOCATION "${SOCI_${component}_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${SOCI_INCLUDE_DIR};${SOCI_BOOST_INCLUDE_DIR}"
    INTERFACE_LINK_LIBRARIES "${ARGN}")
endfunction()

find_package(SOCI ${SOCI_FIND_VERSION} CONFIG QUIET)
_soci_adopt_package_targets()
if(NOT TARGET SOCI::Core)
  find_path(SOCI_INCLUDE_DIR NAMES soci/soci.h DOC "The folder that holds soci/soci.h")
  find_path(SOCI_BOOST_INCLUDE_DIR NAMES boost/version.hpp
    DOC "The folder that holds boost/, which SOCI 4.0's headers include")
  mark_as_advanced(SOCI_INCLUDE_DIR SOCI_BOOST_INCLUDE_DIR)
  foreach(_soci_dependency Threads PostgreSQL ODBC)
    find_package(${_soci_dependency} QUIET)
  endforeach()
  _soci_add_library(Core Threads::Threads)
  _soci_add_library(PostgreSQL SOCI::Core PostgreSQL::PostgreSQL)
  _soci_add_library(ODBC SOCI::Core ODBC::ODBC)
  if(TARGET SOCI::Core)
    set_property(TARGET SOCI::Core APPEND PROPERTY INTERFACE_LINK_LIBRARIES ${CMAKE_DL_LIBS})
  endif()
  if(SOCI_INCLUDE_DIR)
    file(STRINGS "${SOCI_INCLUDE_DIR}/soci/version.h" _soci_version
      REGEX "#define SOCI_LIB_VERSION \"")
    string(REGEX REPLACE ".*\"([0-9]+)_([0-9]+)_([0-9]+)\".*" "\\1.\\2.\\3"
      SOCI_VERSION "${_soci_version}")
  endif()
endif()

foreach(_soci_component IN LISTS _soci_components)
  set(SOCI_${_soci_component}_FOUND FALSE)
  if(TARGET SOCI::${_soci_component})
    set(SOCI_${_soci_component}_FOUND TRUE)
  endif()
endforeach()
if(NOT SOCI_Core_FOUND AND SOCI_INCLUDE_DIR AND NOT SOCI_BOOST_INCLUDE_DIR)
  set(_soci_reason "SOCI's headers need Boost's (on Debian: apt-get install libboost-dev)")
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(SOCI
  REQUIRED_VARS SOCI_Core_FOUND
  VERSION_VAR SOCI_VERSION
  HANDLE_COMPONENTS
  REASON_FAILURE_MESSAGE "${_soci_reason}")
