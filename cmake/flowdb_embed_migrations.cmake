# flowdb_embed_migrations(<target> DIR <folder> [DATABASE <name>]): compiles the migrations' SQL files
# into an executable or a shared library, so that it needs no file at run time. DIR holds one folder
# for each database, named as the database is, as a project's `migrations` does; or the files of one
# database themselves, whose name is DATABASE, or else that of the folder.
#
# A DatabaseManager finds them by its database's name. A directory that is configured (in
# DatabaseOptions, MigrationOptions or {DB}_MIGRATIONS_DIR) goes before them.
function(flowdb_embed_migrations target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "DIR;DATABASE" "")
  if(NOT arg_DIR OR arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "flowdb_embed_migrations(<target> DIR <folder> [DATABASE <name>])")
  endif()
  get_target_property(type ${target} TYPE)
  if(type STREQUAL "STATIC_LIBRARY" OR type STREQUAL "INTERFACE_LIBRARY")
    # A linker takes from an archive what somebody calls, and nobody calls these.
    message(FATAL_ERROR "flowdb_embed_migrations: '${target}' is a ${type}, from which a program "
      "would not get the migrations; embed them into the program itself.")
  endif()
  cmake_path(ABSOLUTE_PATH arg_DIR NORMALIZE)
  if(NOT IS_DIRECTORY "${arg_DIR}")
    message(FATAL_ERROR "flowdb_embed_migrations: there is no folder '${arg_DIR}'.")
  endif()
  file(GLOB scripts CONFIGURE_DEPENDS "${arg_DIR}/*.[sS][qQ][lL]")
  file(GLOB folders CONFIGURE_DEPENDS LIST_DIRECTORIES true "${arg_DIR}/*")
  list(FILTER folders EXCLUDE REGEX "/\\.[^/]*$")
  if(arg_DATABASE OR scripts)
    if(NOT arg_DATABASE)
      cmake_path(GET arg_DIR FILENAME arg_DATABASE)
    endif()
    _flowdb_embed_folder(${target} "${arg_DATABASE}" "${arg_DIR}")
    return()
  endif()
  set(found FALSE)
  foreach(folder IN LISTS folders)
    if(IS_DIRECTORY "${folder}")
      cmake_path(GET folder FILENAME database)
      _flowdb_embed_folder(${target} "${database}" "${folder}")
      set(found TRUE)
    endif()
  endforeach()
  if(NOT found)
    message(FATAL_ERROR "flowdb_embed_migrations: '${arg_DIR}' holds neither SQL files nor folders.")
  endif()
endfunction()

function(_flowdb_embed_folder target database folder)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE "${folder}" "${folder}/*.[sS][qQ][lL]")
  list(FILTER files EXCLUDE REGEX "(^|/)\\.")
  list(SORT files)
  list(TRANSFORM files PREPEND "${folder}/" OUTPUT_VARIABLE paths)
  string(MAKE_C_IDENTIFIER "${target}_${database}" name)
  set(source "${CMAKE_CURRENT_BINARY_DIR}/flowdb_migrations/${name}.cpp")
  # Changes when a file comes or goes, which the files' own times would not tell.
  set(manifest "${CMAKE_CURRENT_BINARY_DIR}/flowdb_migrations/${name}.txt")
  list(JOIN files "\n" lines)
  file(CONFIGURE OUTPUT "${manifest}" CONTENT "${lines}\n" @ONLY)
  set(script "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/embed_migrations_script.cmake")
  add_custom_command(OUTPUT "${source}"
    COMMAND "${CMAKE_COMMAND}" "-DDATABASE=${database}" "-DFOLDER=${folder}"
      "-DMANIFEST=${manifest}" "-DSOURCE=${source}" -P "${script}"
    DEPENDS "${manifest}" "${script}" ${paths}
    COMMENT "Embedding the migrations of ${database} into ${target}"
    VERBATIM)
  target_sources(${target} PRIVATE "${source}")
endfunction()
