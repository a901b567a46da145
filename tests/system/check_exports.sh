#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# check_exports.sh - the library shows what gather.h declares, all of it and nothing else

. "${srcdir:-.}/tests/system/common.sh"

command -v nm >/dev/null || exit 77
library=.libs/libgather.so
[ -e "$library" ] || exit 99

sed -n 's/^GATHER_API .*[ *]\(gather_[a-z0-9_]*\)(.*/\1/p' "$srcdir/lib/gather.h" |
	LC_ALL=C sort >"$work/declared"
nm -D --defined-only "$library" | sed 's/.* //' | LC_ALL=C sort >"$work/exported"
[ "$(wc -l <"$work/declared")" -ge 10 ] || fail "gather.h is not understood"
diff "$work/declared" "$work/exported" || fail "declared (<) and exported (>) differ"
finish
