# Writes the C++ source ${SOURCE}, which holds the texts ${FILES} byte by byte, each as the constant
# kPage{its extension} of ${HEADER}. Run by src/CMakeLists.txt.
cmake_minimum_required(VERSION 3.25)

set(text "// Generated.\n#include \"${HEADER}\"\n\nnamespace flowdb::status_server {\nnamespace {\n\n")
set(constants "")
foreach(file IN LISTS FILES)
  file(READ "${file}" hexadecimal HEX)
  string(LENGTH "${hexadecimal}" length)
  math(EXPR length "${length} / 2")
  string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${hexadecimal}")
  cmake_path(GET file EXTENSION LAST_ONLY extension)
  string(SUBSTRING "${extension}" 1 1 first)
  string(SUBSTRING "${extension}" 2 -1 rest)
  string(TOUPPER "${first}" first)
  set(extension "${first}${rest}")
  string(APPEND text "constexpr char k${extension}Bytes[] = {${bytes}'\\0'};\n")
  string(APPEND constants
    "const std::string_view kPage${extension}{k${extension}Bytes, ${length}};\n")
endforeach()
file(WRITE "${SOURCE}" "${text}\n}  // namespace\n\n${constants}\n}  // namespace flowdb::status_server\n")
