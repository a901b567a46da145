#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# check_bad_config.sh - every mistake in a configuration: refused, in its place, with what to write
#
# Each bad/NAME.yaml must be refused with the lines of bad/NAME.expected, all of them in that order.

# shellcheck source=tests/system/common.sh
. "${srcdir:-.}/tests/system/common.sh"

bad=$(cd "${srcdir:-.}/tests/system/bad" && pwd) || exit 99

echo "# mistakes in the text"
for file in "$bad"/*.yaml; do
	name=$(basename "$file" .yaml)
	cp "$file" "$work/$name.yaml"
	(cd "$work" && exec "$GATHERD" check -c "$name.yaml") >"$work/out" 2>"$work/err" </dev/null
	status=$?
	[ "$status" -eq 78 ] || fail "$name: status $status, not 78"
	[ -s "$work/out" ] && fail "$name: a refused file is no result: $(head -n 1 "$work/out")"
	if diff -u "$bad/$name.expected" "$work/err" >"$work/diff"; then
		pass "$name"
	else
		fail "$name is not told as expected:"
		sed 's/^/    /' "$work/diff"
	fi
done

echo "# running refuses what check refuses, with the same words"
for command in run ''; do
	(cd "$work" && exec "$GATHERD" ${command:+"$command"} -c units.yaml) >"$work/out" 2>"$work/err" </dev/null
	status=$?
	[ "$status" -eq 78 ] || fail "gatherd $command: status $status, not 78"
	diff -u "$bad/units.expected" "$work/err" || fail "gatherd $command: other words"
done

# one_line WHAT PATH TEXT: check must refuse the path with this one line.
one_line() {
	expect 78 "$1" "$GATHERD" check -c "$2"
	if [ "$(cat "$work/err")" != "$2: $3" ] && [ "$(cat "$work/err")" != "$2:$3" ]; then
		fail "$1: not '$2: $3' but: $(head -n 3 "$work/err")"
	fi
}

echo "# files that are none"
one_line "a missing file" "$work/no.yaml" "No such file or directory"
one_line "a directory" "$work" "is a directory"
printf 'pipelines:\n  p: \0\n' >"$work/nul.yaml"
one_line "a NUL byte" "$work/nul.yaml" "2:6: not a text: it has a NUL byte here"
printf '\177ELF\377\377' >"$work/elf.yaml"
one_line "a binary file" "$work/elf.yaml" "1:5: not a text in UTF-8: it has a byte 0xff here"
head -c 16777217 /dev/zero | tr '\0' '#' >"$work/large.yaml"
one_line "a file over 16 MiB" "$work/large.yaml" "is over 16 MiB"
rm "$work/large.yaml"
if [ "$(id -u)" -eq 0 ]; then
	echo "not checked as root: an unreadable file"
else
	: >"$work/unreadable.yaml"
	chmod 000 "$work/unreadable.yaml"
	one_line "an unreadable file" "$work/unreadable.yaml" "Permission denied"
fi

echo "# what is fine"
expect 0 "the shipped configuration" "$GATHERD" check -c "${srcdir:-.}/conf/gatherd.yaml"
# The pipelines that it has in comments are fine, too.
sed -e 's/^  # big:/  big:/' -e 's/^  #   /    /' -e 's/^    # \([a-z]*: \)/    \1/' \
	"${srcdir:-.}/conf/gatherd.yaml" >"$work/all.yaml"
expect 0 "the shipped configuration with all that is in comments" "$GATHERD" check -c "$work/all.yaml"
says "$work/out" "3 pipelines"
finish
