# flowdb_enable_warnings(<target>): the warnings that flowdb's own code compiles without.
function(flowdb_enable_warnings target)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
    -Wnon-virtual-dtor -Woverloaded-virtual
    # g++ 12 sees overlapping copies in "literal" + std::string where there are none (GCC bug 105651).
    $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>
    $<$<BOOL:${FLOWDB_WARNINGS_AS_ERRORS}>:-Werror>)
  if(FLOWDB_SANITIZE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # In instrumented code g++ sees overflows that cannot be; these builds are there to run.
    target_compile_options(${target} PRIVATE
      -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread -Wno-maybe-uninitialized)
  endif()
endfunction()
