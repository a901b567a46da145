#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# check_service.sh - the service: metrics log, rotation, a lost directory, signals, the end

. "${srcdir:-.}/tests/system/common.sh"

mkdir "$work/log"
cat >"$work/gatherd.yaml" <<YAML
metrics:
  log: $work/log/metrics.log
  interval: 100ms
pipelines:
  fast:
    comprehension: "[x*x for x in uniform(0, 1) if x > 0.5]"
    values: 1M
    gather: [count, mean]
    seed: 1
  slow:
    comprehension: "[x for x in uniform(0, 10)]"
    values: 1000
    delay: 100ms
    parallel: 3
    gather: [list, count]
    seed: 2
  once:
    comprehension: "[x for x in uniform(0, 10)]"
    values: 10
    rounds: 1
    gather: [sum]
    seed: 3
  staged:
    stages:
      - seed: { comprehension: "[x for x in uniform(0, 10)]", width: 1 }
      - last: { comprehension: "[x + 1 for x in seed]", width: 2 }
    values: 10
    rounds: 1
    gather: [sum]
    seed: 4
YAML
log=$work/log/metrics.log

start() {
	"$GATHERD" -c "$work/gatherd.yaml" >"$work/out" 2>"$work/err" </dev/null &
	child=$!
	until_true 20 grep -q 'started, 4 pipelines' "$work/err" || fail "does not start"
	until_true 20 grep -q 'event=metrics pipeline=slow' "$log" || fail "no metrics lines"
}

# stop SIGNAL STATUS
stop() {
	kill -"$1" "$child"
	wait "$child"
	status=$?
	child=
	[ "$status" -eq "$2" ] || fail "SIG$1: status $status, not $2"
}

whole_lines() {
	if grep -qvE '^ts=[0-9T:.Z-]+ event=((metrics|started|gathered|stopped) pipeline=[a-z]+ |resumed lines_lost=[0-9]+$)' "$1"; then
		fail "a line that is not whole in $1: $(grep -vE '^ts=[0-9T:.Z-]+ event=' "$1" | head -n 1)"
	fi
	[ -z "$(tail -c 1 "$1")" ] || fail "$1 ends in the middle of a line"
}

echo "# lines"
start
says "$log" 'event=started pipeline=fast'
grep 'event=started pipeline=staged' "$log" >"$work/started"
says "$work/started" ' seed=4 '
says "$work/started" ' width.last=2 stage.seed="[x for x in uniform(0, 10)]" stage.last='
grep -q ' seed=.* seed=' "$work/started" && fail "a stage's name is a key of its own"
until_true 20 grep -q 'event=gathered pipeline=fast round=1 outcome=complete' "$log" ||
	fail "no gathered line"
until_true 20 grep -q 'event=stopped pipeline=once rounds=1 drawn=10 gathered=10' "$log" ||
	fail "no stopped line of the pipeline that is done"
grep 'event=metrics' "$log" | grep -qv 'ledger=ok' && fail "a ledger that is not ok"

echo "# rotation: renamed, USR1, nothing lost"
for signal in USR1 HUP; do
	mv "$log" "$log.$signal"
	kill -"$signal" "$child"
	until_true 20 test -s "$log" || fail "SIG$signal does not reopen the log"
	whole_lines "$log.$signal"
done

echo "# the directory vanishes and comes back"
rm -r "$work/log"
until_true 20 grep -q 'metrics log: .*lines are lost' "$work/err" || fail "no word about the lost directory"
mkdir "$work/log"
until_true 20 grep -q 'writing again' "$work/err" || fail "no word that logging works again"
until_true 20 grep -q 'event=metrics' "$log" || fail "logging does not resume"
until_true 20 grep -q 'event=resumed lines_lost=[1-9]' "$log" || fail "no line about those that were lost"
[ "$(grep -c 'lines are lost' "$work/err")" -eq 1 ] || fail "the loss is not reported once"

echo "# TERM drains"
stop TERM 0
says "$log" 'event=gathered pipeline=slow round=1 outcome=stopped'
says "$log" 'event=stopped pipeline=slow'
says "$work/err" 'not accounted for 0'
grep 'event=stopped' "$log" | grep -qv 'inflight=0 ledger=ok' && fail "something in flight at the end"
whole_lines "$log"

echo "# kill -9 and a new start: the log goes on in whole lines"
start
kill -9 "$child"
wait "$child" 2>/dev/null
printf 'ts=torn' >>"$log"
start
stop INT 0
grep -v '^ts=torn$' "$log" >"$work/rest"
whole_lines "$work/rest"
grep -q '^ts=torn$' "$log" || fail "the torn line was not closed"

echo "# signals while the configuration is being read"
# Whether the child ignores SIGHUP and SIGUSR1.
# shellcheck disable=SC2317 # called by until_true
ignores() {
	mask=$(sed -n 's/^SigIgn:[^0-9a-f]*//p' "/proc/$child/status")
	[ $((0x$mask & 0x201)) -eq $((0x201)) ]
}
mkfifo "$work/fifo.yaml"
"$GATHERD" -c "$work/fifo.yaml" >"$work/out" 2>"$work/err" </dev/null &
child=$!
until_true 20 ignores || fail "SIGHUP and SIGUSR1 are not ignored"
kill -HUP "$child"
kill -USR1 "$child"
cat "$work/gatherd.yaml" >"$work/fifo.yaml"
until_true 20 grep -q 'started, 4 pipelines' "$work/err" || fail "a signal ended the start"
stop TERM 0

echo "# a configuration that is wrong"
echo 'pipelines: {}' >"$work/bad.yaml"
expect 78 "no pipeline" "$GATHERD" -c "$work/bad.yaml"
expect 78 "no file" "$GATHERD" -c "$work/nothing.yaml"
finish
