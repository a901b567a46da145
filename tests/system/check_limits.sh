#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# check_limits.sh - what the system refuses: threads, room for results

. "${srcdir:-.}/tests/system/common.sh"

echo "# results that cannot be written"
"$GATHERD" run -e '[x for x in uniform(0,1)]' --values 10 --gather list -o json >/dev/full 2>"$work/err"
status=$?
[ "$status" -eq 1 ] || fail "a full disk: status $status, not 1"
says "$work/err" "cannot write the results"

echo "# lists that this machine cannot hold"
expect 78 "a list beyond memory" "$GATHERD" run -e '[x for x in uniform(0,1)]' --values 2000G \
	--gather list
says "$work/err" "GiB"

echo "# threads that the system refuses"
# The limit holds for ordinary users only, so that root becomes one.
limited() {
	if [ "$(id -u)" -eq 0 ]; then
		setpriv --reuid 65534 --regid 65534 --clear-groups prlimit --nproc=40 "$@"
	else
		prlimit --nproc=40 "$@"
	fi
}
if ! limited "$GATHERD" --version >/dev/null 2>&1; then
	echo "skipped: this user cannot run $GATHERD under a limit of processes"
	finish
fi
expect 75 "4000 threads" limited "$GATHERD" run -e '[x for x in uniform(0,1)]' --values 10 \
	--gather count --producers 2000 --consumers 2000
says "$work/err" "cannot start thread"
[ "$(wc -l <"$work/err")" -eq 1 ] || fail "more than one line about it"
finish
