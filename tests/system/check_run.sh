#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# check_run.sh - gatherd run: results, the same bits at any width, signals, wrong command lines

. "${srcdir:-.}/tests/system/common.sh"

pi='[4*(x*x+y*y<1) for x, y in uniform(0,1)]'

# The result without what may differ between widths.
result() {
	sed 's/"runtime_s":[^,]*,//; s/"producers":.*"result"/"result"/' "$1"
}

echo "# pi, the same bits at every width"
for width in 1x1 2x3 7x5 16x1 1x16; do
	expect 0 "pi at $width" "$GATHERD" run -e "$pi" --values 20M --gather mean,stderr,sum,variance \
		--seed 42 -o json --producers "${width%x*}" --consumers "${width#*x}"
	result "$work/out" >"$work/$width"
	cmp -s "$work/1x1" "$work/$width" || fail "other bits at $width: $(cat "$work/$width")"
done
mean=$(field "$work/out" mean)
stderr=$(field "$work/out" stderr)
awk -v m="$mean" -v s="$stderr" 'BEGIN { d = m - 3.14159265358979; if (d < 0) d = -d
	exit !(s > 0.0003 && s < 0.0004 && d < 4 * s) }' ||
	fail "mean $mean is not within 4 stderr ($stderr) of pi"

echo "# stages with widths of their own"
cat >"$work/iq.yaml" <<'YAML'
pipelines:
  iq:
    producers: 2
    values: 1M
    seed: 7
    stages:
      - high: { comprehension: "[x for x in uniform(0, 200) if x > 120]", width: 3 }
      - log:  { comprehension: "[log(y) for y in high]", width: 2 }
    gather: [count, mean, min, max]
YAML
expect 0 "a pipeline of two stages" "$GATHERD" run -c "$work/iq.yaml" -o json
min=$(field "$work/out" min)
max=$(field "$work/out" max)
awk -v a="$min" -v b="$max" 'BEGIN { exit !(a >= log(120) && a < log(121) && b > log(199) && b < log(200)) }' ||
	fail "min $min or max $max of log(120 .. 200)"

echo "# lists, standard input, rounds"
printf '[x async for x in uniform(0, 10)]' >"$work/text"
"$GATHERD" run -e - --values 10 --parallel 4 --gather list --rounds 2 --seed 1 -o json \
	<"$work/text" >"$work/out" 2>"$work/err" || fail "-e - failed"
[ "$(wc -l <"$work/out")" -eq 2 ] || fail "two rounds are two lines"
[ "$(head -n 1 "$work/out" | tr -cd '.' | wc -c)" -ge 40 ] || fail "40 floats in the first line"
[ "$(sed -n 1p "$work/out" | sed 's/.*result//')" != "$(sed -n 2p "$work/out" | sed 's/.*result//')" ] ||
	fail "rounds draw different values"

echo "# faults are counted by kind"
expect 0 "faults" "$GATHERD" run -e '[1/round(x) for x in uniform(0, 1)]' --values 1000 --seed 3 \
	--gather count -o json
says "$work/out" '"faults":{"ZeroDivisionError":'

echo "# a random seed is printed and gives the same again"
expect 0 "without a seed" "$GATHERD" run -e '[x for x in uniform(0,1)]' --values 1000 --gather sum -o json
seed=$(field "$work/out" seed)
result "$work/out" >"$work/first"
expect 0 "with the seed that was printed" "$GATHERD" run -e '[x for x in uniform(0,1)]' \
	--values 1000 --gather sum -o json --seed "$seed"
result "$work/out" >"$work/second"
cmp -s "$work/first" "$work/second" || fail "the printed seed $seed gives other values"

echo "# signals cut a run short; what it has is printed"
# The result of the short pipeline is the sign that the long one, which draws as fast, is well on
# its way.
cat >"$work/two.yaml" <<'YAML'
pipelines:
  long:
    comprehension: "[x for x in uniform(0, 1)]"
    values: 1M
    delay: 20ms
    gather: [list, count]
    rounds: 1
  short:
    comprehension: "[x for x in uniform(0, 1)]"
    values: 50
    delay: 20ms
    gather: [count]
    rounds: 1
YAML
for signal in TERM INT HUP; do
	rm -f "$work/out"
	"$GATHERD" run -c "$work/two.yaml" -o json >"$work/out" 2>"$work/err" &
	child=$!
	until_true 60 test -s "$work/out" || fail "the short pipeline prints nothing"
	kill -"$signal" "$child"
	wait "$child"
	status=$?
	child=
	[ "$status" -eq 1 ] || fail "SIG$signal: status $status, not 1"
	sed -n 2p "$work/out" >"$work/long"
	says "$work/long" '"outcome":"stopped"'
	drawn=$(field "$work/long" drawn)
	if [ "${drawn:-0}" -eq 0 ] || [ "$drawn" -ge 1000000 ]; then
		fail "SIG$signal: drawn $drawn"
	fi
done

echo "# wrong command lines"
expect 64 "unknown option" "$GATHERD" run --widht 3
says "$work/err" "gatherd: unrecognized option '--widht'"
expect 64 "a command after its options" "$GATHERD" -c "$work/iq.yaml" run
says "$work/err" "write 'gatherd run -c $work/iq.yaml'"
expect 64 "a pipeline named three times" "$GATHERD" run -c "$work/iq.yaml" iq iq iq
[ "$(wc -l <"$work/err")" -eq 2 ] || fail "not told once: $(cat "$work/err")"
expect 64 "an argument that looks like an option" "$GATHERD" run -e '[x for x in uniform(0,1)]' -o --version
says "$work/err" "not '--version'"
expect 64 "unknown command" "$GATHERD" runn
says "$work/err" "unknown command 'runn'"
expect 64 "unknown pipeline" "$GATHERD" run -c "$work/iq.yaml" qi
says "$work/err" "there is no pipeline 'qi'"
expect 64 "a comprehension without -e" "$GATHERD" run "$pi"
says "$work/err" "goes with -e"
expect 64 "options without -e" "$GATHERD" run --values 3
expect 64 "unknown output" "$GATHERD" run -e '[x for x in uniform(0,1)]' -o yaml
expect 78 "bad number" "$GATHERD" run -e '[x for x in uniform(0,1)]' --values 3x
says "$work/err" "--values"
expect 78 "bad comprehension" "$GATHERD" run -e '[x for x in unifrom(0,1)]'
says "$work/err" "-e:1:13"
says "$work/err" "uniform"
expect 78 "zero producers" "$GATHERD" run -e '[x for x in uniform(0,1)]' --producers 0
expect 0 "help" "$GATHERD" --help
says "$work/out" "gatherd run"
expect 0 "version" "$GATHERD" --version
expect 0 "help after a command" "$GATHERD" run -h
says "$work/out" "gatherd run"
expect 0 "version after a command" "$GATHERD" bench --version
says "$work/out" "kernels"
expect 0 "x86-64 kernels can be forced" env GATHERD_ISA=x86-64 "$GATHERD" run -e "$pi" --values 20M \
	--gather mean,stderr,sum,variance --seed 42 -o json --producers 1 --consumers 1
result "$work/out" >"$work/base"
cmp -s "$work/1x1" "$work/base" || fail "other bits with the x86-64 kernels: $(cat "$work/base")"
expect 78 "unknown kernels" env GATHERD_ISA=z80 "$GATHERD" run -e "$pi"
says "$work/err" "z80"
finish
