#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# check_output.sh - standard output that is full, closed or stalled, and signals meanwhile

. "${srcdir:-.}/tests/system/common.sh"

numbers='[x for x in uniform(0,1)]'

echo "# output that cannot be written is no success"
printf 'pipelines:\n  p: { comprehension: "%s", values: 10, gather: [count] }\n' "$numbers" >"$work/p.yaml"
for line in --help --version help "check -c $work/p.yaml"; do
	# shellcheck disable=SC2086 # words
	"$GATHERD" $line >/dev/full 2>"$work/err"
	status=$?
	[ "$status" -eq 1 ] || fail "$line on a full disk: status $status, not 1"
	says "$work/err" "cannot write to standard output: No space left on device"
	# shellcheck disable=SC2086
	"$GATHERD" $line >&- 2>"$work/err"
	status=$?
	[ "$status" -eq 1 ] || fail "$line without an output: status $status, not 1"
done
"$GATHERD" run -e "$numbers" --seed 1 >&- 2>"$work/err"
status=$?
[ "$status" -eq 1 ] || fail "run without an output: status $status, not 1"
says "$work/err" "cannot write the results"

echo "# the first result that cannot be written ends the run"
"$GATHERD" run -e "$numbers" --values 1 --delay 1ms --rounds 1000000000 --gather count \
	>/dev/full 2>"$work/err"
status=$?
[ "$status" -eq 1 ] || fail "a run on a full disk: status $status, not 1"
[ "$(cat "$work/err")" = "gatherd: cannot write the results: No space left on device" ] ||
	fail "not told once: $(cat "$work/err")"

# A pipe that is open at both ends here, and read when we want it.
mkfifo "$work/pipe"
exec 3<>"$work/pipe"

# stall ARGUMENT...: start a run, and wait until it prints more than the pipe holds.
stall() {
	"$GATHERD" run "$@" >"$work/pipe" 2>"$work/err" 3>&- </dev/null &
	child=$!
	dd bs=1 count=1 <&3 >"$work/read" 2>/dev/null
}

# ended WHAT STATUS
ended() {
	wait "$child"
	status=$?
	child=
	[ "$status" -eq "$2" ] || fail "$1: status $status, not $2: $(cat "$work/err")"
}

# Take what a run that was given up has left in the pipe.
empty() {
	exec 3>&-
	rm "$work/pipe"
	mkfifo "$work/pipe"
	exec 3<>"$work/pipe"
}

echo "# a stalled reader: a second signal gives up"
stall -e "$numbers" --values 100000 --gather list -o json
kill -TERM "$child"
until_true 20 grep -q SIGTERM "$work/err" || fail "no word about the first signal"
kill -INT "$child"
ended "two signals" 1
says "$work/err" "cannot write the results"
empty

echo "# a stalled reader: drain gives up"
cat >"$work/drain.yaml" <<YAML
drain: 100ms
pipelines:
  p: { comprehension: "$numbers", values: 100000, rounds: 1, gather: [list] }
YAML
stall -c "$work/drain.yaml" -o json
kill -TERM "$child"
ended "one signal and drain" 1
says "$work/err" "cannot write the results"
empty

echo "# a stalled reader that goes on after a signal gets everything"
stall -e "$numbers" --values 100000 --gather list -o json
kill -TERM "$child"
until_true 20 grep -q SIGTERM "$work/err" || fail "no word about the signal"
head -n 1 <&3 >>"$work/read"
ended "one signal" 1
n=$(sed 's/.*"list":\[\(.*\)\].*/\1/' "$work/read" | tr -cd , | wc -c)
[ "$n" -eq 99999 ] || fail "$n commas in a list of 100000"
exec 3>&-

echo "# nohup"
(
	trap '' HUP
	exec "$GATHERD" run -e "$numbers" --values 1 --delay 1ms --rounds 1000000000 --gather count \
		>"$work/out" 2>"$work/err" </dev/null
) &
child=$!
until_true 20 test -s "$work/out" || fail "no result"
kill -HUP "$child"
kill -TERM "$child"
ended "nohup" 1
says "$work/err" "SIGTERM"
grep -q SIGHUP "$work/err" && fail "SIGHUP was ignored when it was started, and is not"

echo "# a standard input that cannot be read"
expect 64 "a closed one" sh -c "exec \"\$GATHERD\" run -e - <&-"
says "$work/err" "cannot read standard input"
expect 64 "a directory" sh -c "exec \"\$GATHERD\" run -e - </"
finish
