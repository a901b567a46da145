# shellcheck shell=sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# common.sh - what the system tests share; read by them with "."
#
# GATHERD is the program. Each test works in a directory of its own and leaves nothing behind.

: "${GATHERD:?GATHERD must name the program}"
: "${srcdir:=.}"

work=$(mktemp -d) || exit 99
child=
cleanup() {
	[ -z "$child" ] || kill -9 "$child" 2>/dev/null
	rm -rf "$work"
}
trap cleanup EXIT
failures=0

fail() {
	echo "FAIL: $*"
	failures=$((failures + 1))
}

pass() {
	echo "ok: $*"
}

# expect STATUS WHAT COMMAND...: the command must end with that status. Its output is in
# $work/out and $work/err.
expect() {
	expect_status=$1
	expect_what=$2
	shift 2
	"$@" >"$work/out" 2>"$work/err" </dev/null
	expect_got=$?
	if [ "$expect_got" -ne "$expect_status" ]; then
		fail "$expect_what: status $expect_got, not $expect_status"
		sed 's/^/    /' "$work/out" "$work/err" | head -n 20
	else
		pass "$expect_what"
	fi
}

# says FILE TEXT: the file must contain the text.
says() {
	if grep -qF -- "$2" "$1"; then
		pass "says: $2"
	else
		fail "does not say '$2':"
		head -n 20 "$1" | sed 's/^/    /'
	fi
}

# until_true SECONDS COMMAND...: try until it succeeds.
until_true() {
	until_tries=$(($1 * 20))
	shift
	while ! "$@" >/dev/null 2>&1; do
		until_tries=$((until_tries - 1))
		[ "$until_tries" -gt 0 ] || return 1
		sleep 0.05
	done
}

# field FILE KEY: the value of a number or string in a JSON line.
field() {
	sed -n 's/.*"'"$2"'":\("[^"]*"\|[^,}]*\).*/\1/p' "$1" | head -n 1 | tr -d '"'
}

finish() {
	[ "$failures" -eq 0 ] || exit 1
	exit 0
}
