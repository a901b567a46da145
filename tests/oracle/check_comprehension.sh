#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Comprehensions against CPython.  Run by `make check`, which sets srcdir and builds
# comprehension_eval; exit status 77 means skipped.

srcdir=${srcdir:-${0%/*}/../..}
program=${COMPREHENSION_EVAL:-tests/oracle/comprehension_eval}

if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 9))' 2>/dev/null; then
	echo "skipped: there is no python3 of version 3.9 or later"
	exit 77
fi
exec python3 "$srcdir/tests/oracle/check_comprehension.py" "$program" \
	"$srcdir/tests/oracle/corpus.txt"
