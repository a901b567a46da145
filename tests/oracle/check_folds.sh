#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# check_folds.sh - the folds, judged by exact rational arithmetic in Python

: "${srcdir:=.}"
: "${FOLD_EVAL:=tests/oracle/fold_eval}"

if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
	echo "skipped: there is no python3 of version 3.10 or later"
	exit 77
fi
exec python3 "$srcdir/tests/oracle/check_folds.py" "$FOLD_EVAL"
