# flowdb_enable_warnings(<target>): the warnings that flowdb's own code compiles without.
function(flowdb_enable_warnings target)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
    -Wnon-virtual-dtor -Woverloaded-virtual
    $<$<BOOL:${FLOWDB_WARNINGS_AS_ERRORS}>:-Werror>)
endfunction()
