#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# check_classic.sh - the shipped configuration: four comprehensions of ten values, a second each

. "${srcdir:-.}/tests/system/common.sh"

expect 0 "classic" "$GATHERD" run -c "$srcdir/conf/gatherd.yaml" -o json classic
[ "$(field "$work/out" outcome)" = complete ] || fail "outcome $(field "$work/out" outcome)"
[ "$(field "$work/out" generators)" = 4 ] || fail "generators $(field "$work/out" generators)"
# Never early; how late depends on the machine.
awk -v t="$(field "$work/out" runtime_s)" 'BEGIN { exit !(t >= 10.0) }' ||
	fail "runtime $(field "$work/out" runtime_s) is under 10 s"
sed 's/.*"list":\[\(.*\)\].*/\1/; s/\],\[/\n/g; s/[][}]//g' "$work/out" >"$work/lists"
echo >>"$work/lists"
awk -F, 'NF { n++; if (NF != 10) bad = 1; for (i = 1; i <= NF; i++) if ($i < 0 || $i >= 10) bad = 1 }
	END { exit !(n == 4 && !bad) }' "$work/lists" ||
	fail "not four lists of ten floats in [0, 10): $(cat "$work/lists")"
finish
