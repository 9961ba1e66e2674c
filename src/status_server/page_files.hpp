#pragma once

#include <string_view>

/// The files beside this one, as CMake has compiled them into the library.
namespace flowdb::status_server {

extern const std::string_view kPageHtml;
extern const std::string_view kPageCss;
extern const std::string_view kPageJs;

}  // namespace flowdb::status_server
