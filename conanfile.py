import os
import re

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import load


class FlowdbRecipe(ConanFile):
    name = "flowdb"
    description = "Databases for C++ flow programs"
    license = "MIT"
    package_type = "static-library"
    settings = "os", "arch", "compiler", "build_type"
    exports = "include/flowdb/version.hpp"
    exports_sources = "CMakeLists.txt", "LICENSE", "cmake/*", "include/*", "src/*"
    default_options = {"soci/*:with_postgresql": True, "soci/*:with_odbc": True}

    def set_version(self):
        header = load(self, os.path.join(self.recipe_folder, "include/flowdb/version.hpp"))
        parts = re.findall(r"^#define FLOWDB_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)$", header, re.M)
        self.version = ".".join(parts)

    def requirements(self):
        self.requires("soci/[>=4.0 <4.2]", transitive_headers=True)
        self.requires("spdlog/[>=1.10 <2]", transitive_headers=True)
        self.requires("nlohmann_json/[>=3.10 <4]", transitive_headers=True)
        self.requires("libpq/[>=13]")
        self.requires("odbc/[>=2.3 <3]")
        self.requires("openssl/[>=1.1 <4]")

    def validate(self):
        check_min_cppstd(self, 20)

    def layout(self):
        cmake_layout(self)

    def generate(self):
        CMakeDeps(self).generate()
        toolchain = CMakeToolchain(self)
        for option in ("TESTS", "EXAMPLES", "COMMAND"):
            toolchain.cache_variables[f"FLOWDB_BUILD_{option}"] = False
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        CMake(self).install()

    def package_info(self):
        # What flowdb installs for find_package() is used as it is.
        self.cpp_info.set_property("cmake_find_mode", "none")
        self.cpp_info.builddirs = [os.path.join("lib", "cmake", "flowdb")]
        self.cpp_info.libs = ["flowdb"]
