# Writes the C++ source ${SOURCE} that holds the files of ${FOLDER} which ${MANIFEST} lists, byte by
# byte, as the migrations of ${DATABASE}. Run by flowdb_embed_migrations().
cmake_minimum_required(VERSION 3.25)

file(STRINGS "${MANIFEST}" files ENCODING UTF-8)
set(arrays "")
set(entries "")
set(number 0)
foreach(file IN LISTS files)
  file(READ "${FOLDER}/${file}" hexadecimal HEX)
  string(LENGTH "${hexadecimal}" length)
  math(EXPR length "${length} / 2")
  string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${hexadecimal}")
  # Lines of some length, for those who have to look at it.
  string(REGEX REPLACE "('[^']*',('[^']*',)?('[^']*',)?('[^']*',)?('[^']*',)?('[^']*',)?('[^']*',)?('[^']*',)?)"
    "\\1\n" bytes "${bytes}")
  string(APPEND arrays "constexpr char file_${number}[] = {\n${bytes}'\\0'};\n")
  string(APPEND entries "    {R\"path(${file})path\", {file_${number}, ${length}}},\n")
  math(EXPR number "${number} + 1")
endforeach()

set(text "// Generated from ${FOLDER}.\n#include <flowdb/embedded_migrations.hpp>\n\nnamespace {\n\n")
string(APPEND text "${arrays}\n")
if(number EQUAL 0)
  string(APPEND text
    "const flowdb::EmbeddedMigrations migrations{R\"name(${DATABASE})name\", nullptr, 0};\n")
else()
  string(APPEND text "constexpr flowdb::EmbeddedFile files[] = {\n${entries}};\n\n"
    "const flowdb::EmbeddedMigrations migrations{R\"name(${DATABASE})name\", files, ${number}};\n")
endif()
string(APPEND text "\n}  // namespace\n")
file(WRITE "${SOURCE}" "${text}")
