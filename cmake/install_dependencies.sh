#!/usr/bin/env bash
# Installs what flowdb, its tests and its examples need on Debian 12, if any of it is missing.
# Usage: cmake/install_dependencies.sh [--with-clang] [--without-tests]
#   --with-clang      also clang, clang-tidy and clang-format
#   --without-tests   not what the tests and the documentation alone need
set -euo pipefail

packages=(
  g++ cmake ninja-build libsoci-dev libboost-dev libpq-dev libssl-dev unixodbc-dev tdsodbc
  libspdlog-dev nlohmann-json3-dev libpg-query-dev libcli11-dev prometheus-cpp-dev
  libcpp-httplib-dev pkgconf openssl
)
for_tests=(
  libgtest-dev libgmock-dev pgbouncer prometheus python3 chromium-headless-shell doxygen
)
if ! compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; then
  packages+=(postgresql)
fi
for argument in "$@"; do
  case "$argument" in
    --with-clang) packages+=(clang clang-tidy clang-format) ;;
    --without-tests) for_tests=() ;;
    *)
      echo "install_dependencies.sh: unknown argument '$argument' (known: --with-clang," \
        "--without-tests)" >&2
      exit 2
      ;;
  esac
done
packages+=("${for_tests[@]}")

is_installed() {
  [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

# Prints those of the packages named that are not installed.
missing_of() {
  local package
  for package in "$@"; do
    is_installed "$package" || printf '%s\n' "$package"
  done
}

if ! command -v dpkg-query >/dev/null; then
  echo "install_dependencies.sh: no Debian package manager here; install the equivalents of:" \
    "${packages[*]}" >&2
  exit 1
fi
mapfile -t missing < <(missing_of "${packages[@]}")
if ((${#missing[@]} == 0)); then
  exit 0
fi

as_root=()
if ((EUID != 0)); then
  if ! command -v sudo >/dev/null || ! sudo -n true 2>/dev/null; then
    echo "install_dependencies.sh: these packages are missing, and installing them takes root or" \
      "a sudo that asks nothing: ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo -n)
fi

install_packages() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install --yes --quiet --no-install-recommends "$@"
}

echo "Installing: ${missing[*]}"
"${as_root[@]}" apt-get update --quiet
if [[ " ${missing[*]} " == *" postgresql "* ]] && ! is_installed postgresql-common; then
  # Debian's server package would create a cluster and start it; the tests start their own.
  install_packages postgresql-common
  echo "create_main_cluster = false" |
    "${as_root[@]}" tee -a /etc/postgresql-common/createcluster.conf >/dev/null
fi
# Debian's prometheus package would start a server, of which the tests want the tools alone.
masked=()
if [[ " ${missing[*]} " == *" prometheus "* && -d /run/systemd/system ]]; then
  masked=(prometheus.service)
  "${as_root[@]}" systemctl mask --quiet "${masked[@]}"
fi
install_packages "${missing[@]}"
if ((${#masked[@]} > 0)); then
  "${as_root[@]}" systemctl unmask --quiet "${masked[@]}"
fi
