#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# autogen.sh - from a fresh checkout to a configure script, and if asked to a program that runs
#
# What is there already is not done again, and what is left is an ordinary tree for make.

set -eu

# Debian packages, in this one place: to build, to test, and what .ci/run needs besides.
build_packages="gcc libc6-dev make autoconf automake libtool pkg-config
	liburcu-dev libyaml-dev libsystemd-dev libsleef-dev"
check_packages="check librandom123-dev python3"
ci_packages="clang clang-format libc6-dbg locales shellcheck valgrind"

# The same for other systems: programs, and modules of pkg-config.
build_programs="make autoconf automake libtoolize pkg-config"
build_modules="liburcu-qsbr liburcu-cds yaml-0.1 libsystemd sleef"
check_modules="check"

usage() {
	cat <<-'TEXT'
	usage: ./autogen.sh [OPTION]

	Without an option: make ./configure (autoreconf), and nothing else.

	  --run         install missing packages (on Debian and its like, else name them),
	                configure and build what is not built yet, and run the pipelines of
	                conf/gatherd.yaml in this terminal to their end
	  --check       the same, but run the tests (make check)
	  --install-ci  only install what is missing, with what .ci/run needs besides
	  -h, --help    this text
	TEXT
}

say() {
	printf 'autogen.sh: %s\n' "$*" >&2
}

die() {
	say "$*"
	exit 1
}

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		die "not root, and no sudo; as root, run: $*"
	fi
}

# Print those of the packages that are not installed.
missing_packages() {
	for package; do
		status=$(dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null) || status=
		case $status in
		installed*) ;;
		*) printf '%s ' "$package" ;;
		esac
	done
}

# Another system: name what is missing, and stop.
name_missing() {
	missing=
	for program in $build_programs; do
		command -v "$program" >/dev/null || missing="$missing $program"
	done
	for compiler in "${CC:-cc}" gcc clang ''; do
		[ -n "$compiler" ] || missing="$missing a-C-compiler"
		! command -v "$compiler" >/dev/null || break
	done
	for module; do
		pkg-config --exists "$module" 2>/dev/null || missing="$missing $module"
	done
	[ -z "$missing" ] || die "please install (programs, and pkg-config's names of libraries):$missing"
}

# install PACKAGES MODULES
install() {
	if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
		# shellcheck disable=SC2086 # a list
		name_missing $2
		return
	fi
	# shellcheck disable=SC2086 # a list
	packages=$(missing_packages $1)
	[ -n "$packages" ] || return 0
	say "installing: $packages"
	# An old list of packages may still do.
	as_root apt-get update -q </dev/null || say "apt-get update failed, going on"
	# shellcheck disable=SC2086 # a list
	as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
		$packages </dev/null
	# What was missing when configure looked is there now.
	if [ -e Makefile ]; then
		./config.status --recheck
		./config.status
	fi
}

bootstrap() {
	mkdir -p build-aux/m4
	autoreconf -f -i
}

# Whether configure is missing or older than what it is made from.
configure_is_old() {
	[ -e configure ] && [ -e Makefile.in ] || return 0
	for file in configure Makefile.in; do
		[ -z "$(find configure.ac Makefile.am conf daemon doc lib systemd tests \
			\( -name configure.ac -o -name Makefile.am -o -name Makefile.inc \) \
			-newer "$file" -print)" ] || return 0
	done
	return 1
}

jobs() {
	getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1
}

build() {
	if configure_is_old; then
		bootstrap
	fi
	[ -e Makefile ] || ./configure
	make -j "$(jobs)"
}

cd "$(dirname "$0")"
[ $# -le 1 ] || { usage >&2; exit 64; }
case ${1-} in
'')
	bootstrap
	say "now type ./configure, or see ./autogen.sh --help"
	;;
--run)
	install "$build_packages" "$build_modules"
	build
	exec ./daemon/gatherd run -c conf/gatherd.yaml
	;;
--check)
	install "$build_packages $check_packages" "$build_modules $check_modules"
	build
	exec make -j "$(jobs)" check VERBOSE=1
	;;
--install-ci)
	install "$build_packages $check_packages $ci_packages" "$build_modules $check_modules"
	;;
-h | --help)
	usage
	;;
*)
	usage >&2
	exit 64
	;;
esac
