# Installs flowdb.pc. SOCI brings no pkg-config file, so its libraries are named as they were found;
# the .pc finds the prefix from where it lies, and may be moved with it.
set(FLOWDB_PC_LIBRARIES "")
foreach(component PostgreSQL ODBC Core)
  get_target_property(location SOCI::${component} IMPORTED_LOCATION)
  if(location)
    cmake_path(GET location FILENAME name)
    string(APPEND FLOWDB_PC_LIBRARIES "-l:${name} ")
  else()  # SOCI 4.1's own CMake package
    string(TOLOWER "${component}" name)
    string(APPEND FLOWDB_PC_LIBRARIES "-lsoci_${name} ")
  endif()
endforeach()
if(FLOWDB_HAS_PG_QUERY)
  string(APPEND FLOWDB_PC_LIBRARIES "-Wl,--push-state,--as-needed -lpg_query -Wl,--pop-state ")
endif()
string(APPEND FLOWDB_PC_LIBRARIES "-pthread -ldl")

set(pkg_config_dir "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
file(RELATIVE_PATH FLOWDB_PC_PREFIX "/${pkg_config_dir}" "/")
configure_file("${CMAKE_CURRENT_LIST_DIR}/flowdb.pc.in" "${PROJECT_BINARY_DIR}/flowdb.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/flowdb.pc" DESTINATION "${pkg_config_dir}"
  COMPONENT development)
