# Install rules and the package that find_package(flowdb) loads.
include(CMakePackageConfigHelpers)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/flowdb")
set(installed_targets flowdb)
if(TARGET flowdb_testing)
  list(APPEND installed_targets flowdb_testing)
endif()
install(TARGETS ${installed_targets} EXPORT flowdb-targets
  ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT development
  FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT development)
if(TARGET flowdb_cli)
  install(TARGETS flowdb_cli
    RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT command)
endif()
install(EXPORT flowdb-targets NAMESPACE flowdb:: DESTINATION "${package_dir}"
  COMPONENT development)
# What needs a package of its own has targets of its own, which are loaded where they are asked for.
foreach(component prometheus status_server)
  if(TARGET flowdb_${component})
    install(TARGETS flowdb_${component} EXPORT flowdb-${component}-targets
      ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT development
      FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT development)
    install(EXPORT flowdb-${component}-targets NAMESPACE flowdb:: DESTINATION "${package_dir}"
      COMPONENT development)
  endif()
endforeach()

configure_package_config_file(
  "${CMAKE_CURRENT_LIST_DIR}/flowdb-config.cmake.in"
  "${PROJECT_BINARY_DIR}/flowdb-config.cmake"
  INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/flowdb-config-version.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES
  "${PROJECT_BINARY_DIR}/flowdb-config.cmake"
  "${PROJECT_BINARY_DIR}/flowdb-config-version.cmake"
  "${CMAKE_CURRENT_LIST_DIR}/FindSOCI.cmake"
  "${CMAKE_CURRENT_LIST_DIR}/Findhttplib.cmake"
  "${CMAKE_CURRENT_LIST_DIR}/embed_migrations_script.cmake"
  "${CMAKE_CURRENT_LIST_DIR}/flowdb_embed_migrations.cmake"
  DESTINATION "${package_dir}"
  COMPONENT development)
include(pkg_config)
include(debian_packages)
