# Writes the C++ source ${SOURCE}, which holds the texts ${FILES} byte by byte, each as the constant
# page_{its extension} of ${HEADER}. Run by src/CMakeLists.txt.
cmake_minimum_required(VERSION 3.25)

set(text "// Generated.\n#include \"${HEADER}\"\n\nnamespace flowdb::status_server {\nnamespace {\n\n")
set(constants "")
foreach(file IN LISTS FILES)
  file(READ "${file}" hexadecimal HEX)
  string(LENGTH "${hexadecimal}" length)
  math(EXPR length "${length} / 2")
  string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${hexadecimal}")
  cmake_path(GET file EXTENSION LAST_ONLY extension)
  string(SUBSTRING "${extension}" 1 -1 extension)
  string(APPEND text "constexpr char bytes_of_${extension}[] = {${bytes}'\\0'};\n")
  string(APPEND constants
    "const std::string_view page_${extension}{bytes_of_${extension}, ${length}};\n")
endforeach()
file(WRITE "${SOURCE}" "${text}\n}  // namespace\n\n${constants}\n}  // namespace flowdb::status_server\n")
