# flowdb_enable_sanitizer(<target>): compiles <target> with the sanitizer that FLOWDB_SANITIZE
# names, and makes everything in this build that links it do the same.
function(flowdb_enable_sanitizer target)
  if(FLOWDB_SANITIZE STREQUAL "")
    return()
  elseif(FLOWDB_SANITIZE STREQUAL "address")
    set(flags -fsanitize=address,undefined -fno-sanitize-recover=all)
    set(definitions _GLIBCXX_ASSERTIONS)
  elseif(FLOWDB_SANITIZE STREQUAL "thread")
    set(flags -fsanitize=thread)
  else()
    message(FATAL_ERROR
      "FLOWDB_SANITIZE must be empty, 'address' or 'thread', got: '${FLOWDB_SANITIZE}'")
  endif()
  target_compile_options(${target} PUBLIC
    "$<BUILD_INTERFACE:${flags}>" $<BUILD_INTERFACE:-fno-omit-frame-pointer>)
  target_compile_definitions(${target} PUBLIC "$<BUILD_INTERFACE:${definitions}>")
  target_link_options(${target} PUBLIC "$<BUILD_INTERFACE:${flags}>")
endfunction()
