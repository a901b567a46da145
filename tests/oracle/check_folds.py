#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Judge the folds of fold_eval by exact rational arithmetic.

usage: check_folds.py FOLD_EVAL

Sums and means are within one unit in the last place of the exact result, unless what cancels is
more than 1e12 times what is left; variances are within 1e-12 of it, and so are their roots.
Counts, minima and maxima are what Python says.  Where Python's statistics module has the function,
the judge itself is judged by it.  GATHERD_TEST_SEED repeats a run.
"""

import math
import os
import random
import statistics
import subprocess
import sys
from fractions import Fraction

NAMES = ["count", "sum", "mean", "variance", "stdev", "stderr", "min", "max"]
TILE = 4096
CONDITION = 10**12
UNITS = 2**1074
TOLERANCE = Fraction(1, 10**12)
INFINITY = float("inf")


def to_double(x):
    """The double nearest to a fraction."""
    try:
        return float(x)
    except OverflowError:
        return INFINITY if x > 0 else -INFINITY


def root(x):
    """The square root of a fraction, with 40 digits to spare."""
    if x == 0:
        return Fraction(0)
    shift = max(0, 400 - x.numerator.bit_length() + x.denominator.bit_length())
    shift += shift % 2
    return Fraction(math.isqrt((x.numerator << shift) // x.denominator), 1 << (shift // 2))


def within_one_ulp(got, exact):
    nearest = to_double(exact)
    return got in (nearest, math.nextafter(nearest, INFINITY), math.nextafter(nearest, -INFINITY))


def is_near(got, exact):
    nearest = to_double(exact)
    if math.isinf(nearest) or abs(nearest) < sys.float_info.min:
        return within_one_ulp(got, exact)
    return math.isfinite(got) and abs(Fraction(got) - exact) <= TOLERANCE * exact


def judge(values, got):
    """What is wrong with the folds of some finite values: a list of strings."""
    n = len(values)
    wrong = []

    def check(name, right, expected):
        if not right(got[name]):
            wrong.append("%s is %s, not %s" % (name, got[name].hex(), expected))

    def is_nan(name):
        check(name, math.isnan, "nan")

    check("count", lambda x: x == n, n)
    if n == 0:
        check("sum", lambda x: x == 0 and math.copysign(1, x) == 1, 0)
        for name in NAMES[2:]:
            is_nan(name)
        return wrong
    # In units of the smallest double: integers are much faster than fractions.
    units = [int(Fraction(x) * UNITS) for x in values]
    sum_of_units = sum(units)
    total = Fraction(sum_of_units, UNITS)
    if sum(abs(x) for x in units) <= CONDITION * abs(sum_of_units):
        check("sum", lambda x: within_one_ulp(x, total), to_double(total).hex())
        check("mean", lambda x: within_one_ulp(x, total / n), to_double(total / n).hex())
    check("min", lambda x: x == min(values), min(values).hex())
    check("max", lambda x: x == max(values), max(values).hex())
    if n == 1:
        for name in ("variance", "stdev", "stderr"):
            is_nan(name)
        return wrong
    variance = Fraction(sum((n * x - sum_of_units) ** 2 for x in units), UNITS**2 * n**2 * (n - 1))
    for name, right in (("variance", variance), ("stdev", root(variance)),
                        ("stderr", root(variance / n))):
        check(name, lambda x, right=right: is_near(x, right), to_double(right).hex())
    if n <= 100:
        exact = [Fraction(x) for x in values]
        assert total / n == statistics.mean(exact) and variance == statistics.variance(exact)
    return wrong


def draw(rng, kind, n):
    """Values that are hard on sums, of one kind."""
    def any_of(low, high):
        return rng.choice((-1, 1)) * math.ldexp(1 + rng.random(), rng.randint(low, high))

    if kind == "plain":
        return [rng.gauss(100, 15) for _ in range(n)]
    if kind == "offset":
        return [rng.gauss(1e8, 1) for _ in range(n)]
    if kind == "cancellation":
        values = [any_of(-20, 40) for _ in range(n // 2)]
        values += [-x for x in values] + [rng.random() for _ in range(n % 2)]
        rng.shuffle(values)
        return values
    if kind == "huge and tiny":
        return [any_of(900, 1000) if rng.random() < 0.5 else any_of(-1020, -900)
                for _ in range(n)]
    if kind == "overflow":
        return [any_of(1022, 1023) for _ in range(n)]
    if kind == "any":
        return [any_of(-1022, 1022) for _ in range(n)]
    if kind == "subnormal":
        return [rng.choice((-1, 1)) * rng.randrange(1 << 30) * 5e-324 for _ in range(n)]
    if kind == "constant":
        return [any_of(-1000, 1000)] * n
    if kind == "nearly constant":
        x = any_of(-100, 100)
        return [math.nextafter(x, rng.choice((-INFINITY, x, INFINITY))) for _ in range(n)]
    if kind == "alternating":
        x = any_of(-300, 300)
        return [x if i % 2 == 0 else -x for i in range(n)]
    if kind == "outlier":
        return [any_of(40, 60)] + [rng.random() for _ in range(n - 1)] if n > 0 else []
    if kind == "heavy tails":
        return [math.tan(math.pi * (rng.random() - 0.5)) for _ in range(n)]
    if kind == "indicator":
        return [float(rng.random() < 0.01) for _ in range(n)]
    raise ValueError(kind)


KINDS = ["plain", "offset", "cancellation", "huge and tiny", "overflow", "any", "subnormal",
         "constant", "nearly constant", "alternating", "outlier", "heavy tails", "indicator"]


def cases(rng):
    """(what it is, values, lengths of tiles)"""
    long_run = "GATHERD_TEST_LONG" in os.environ
    for kind in KINDS:
        lengths = [0, 1, 2, 3, 15, 16, 17, 100, 1000]
        lengths += [rng.randrange(2, 300) for _ in range(200 if long_run else 15)]
        lengths += [TILE + rng.randrange(TILE) for _ in range(20 if long_run else 1)]
        for n in lengths:
            values = draw(rng, kind, n)
            tiles = []
            while sum(tiles) < n:
                longest = min(TILE, n - sum(tiles))
                some = rng.randint(0, longest)
                tiles.append(rng.choice((longest, some, min(longest, 1 + n // 7))))
            yield "%s, %d values" % (kind, n), values, tiles


def to_text(values, tiles):
    lines = []
    start = 0
    for n in tiles:
        lines.append(" ".join(x.hex() for x in values[start:start + n]))
        start += n
    return "\n".join(lines + ["=", ""])


def main():
    given = os.environ.get("GATHERD_TEST_SEED")
    seed = int(given, 0) if given else random.SystemRandom().randrange(1 << 64)
    print("check_folds: GATHERD_TEST_SEED=%d" % seed, flush=True)
    every = list(cases(random.Random(seed)))
    text = "".join(to_text(values, tiles) for _, values, tiles in every)
    run = subprocess.run([sys.argv[1]], input=text, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        sys.exit("FAIL: %s ends with status %d: %s" % (sys.argv[1], run.returncode, run.stderr))
    lines = run.stdout.splitlines()
    if len(lines) != len(every):
        sys.exit("FAIL: %d results for %d rounds" % (len(lines), len(every)))
    failures = 0
    for (what, values, tiles), line in zip(every, lines):
        got = dict(zip(NAMES, map(float.fromhex, line.split()), strict=True))
        for wrong in judge(values, got):
            failures += 1
            if failures <= 20:
                print("FAIL: %s in %d tiles: %s" % (what, len(tiles), wrong))
    if failures:
        sys.exit("%d failures" % failures)
    print("ok: %d rounds of %d kinds" % (len(every), len(KINDS)))


if __name__ == "__main__":
    main()
