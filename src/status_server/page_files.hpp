#pragma once

#include <string_view>

/// The files beside this one, as CMake has compiled them into the library.
namespace flowdb::status_server {

extern const std::string_view page_html;
extern const std::string_view page_css;
extern const std::string_view page_js;

}  // namespace flowdb::status_server
