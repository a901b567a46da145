#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""CPython as the judge of comprehensions.

Random comprehensions (and those of corpus.txt) run through comprehension_eval, over rows full of
corner values, and through CPython's own parser and operators.  Survivors, their order, their
values (bit for bit) and the kinds of faults must agree, and what gatherd accepts CPython must
accept.

An int beyond 2**53 that comes from a row is a fault, and a complex number is one; constants are
folded without bounds, as in Python.  The values of exp, log, sin, cos and of powers are gatherd's
own once they have been found to be within two units in the last place of CPython's: so whatever is
computed from them can be compared exactly, too.

usage: check_comprehension.py COMPREHENSION_EVAL CORPUS
GATHERD_TEST_SEED repeats a run; GATHERD_TEST_CASES is the number of random cases.
"""

import ast
import io
import math
import os
import random
import re
import struct
import subprocess
import sys
import tokenize
import warnings

FAULTS = ("ZeroDivisionError", "ValueError", "OverflowError", "IntegerBeyond2p53", "ComplexResult")
ZERO_DIVISION, VALUE, OVERFLOW, INTEGER, COMPLEX = range(5)
RAISED = {ZeroDivisionError: ZERO_DIVISION, ValueError: VALUE, OverflowError: OVERFLOW}
INT_MAX = 2 ** 53
CONSTANT_BITS = 127
# Refusals that depend on the size of constants, not on the grammar.
SIZE_REFUSALS = ("beyond 2**53", "too large")


def to_bits(x):
    if x != x:
        return 0x7FF8000000000000
    return struct.unpack("<Q", struct.pack("<d", x))[0]


def from_bits(bits):
    return struct.unpack("<d", struct.pack("<Q", bits))[0]


def steps_between(a, b):
    """How many doubles lie between two."""
    def ordinal(x):
        bits = to_bits(x)
        return bits if bits < 1 << 63 else (1 << 63) - bits
    return abs(ordinal(a) - ordinal(b))


class Fault(Exception):
    def __init__(self, kind):
        self.kind = kind


class TooLarge(Exception):
    """A constant that gatherd refuses because of its size."""


class NotConstant(Exception):
    pass


class Mismatch(Exception):
    pass


class Gatherd:
    """comprehension_eval behind a pipe."""

    def __init__(self, path):
        self.path = path
        self.calls = {}
        self.start()

    def start(self):
        self.process = subprocess.Popen([self.path], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def ask(self, request):
        try:
            self.process.stdin.write(request)
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = b""
        if not line:
            self.process.stdin.close()
            said = self.process.stderr.read().decode("utf-8", "replace").strip()
            self.process.stdout.close()
            self.process.stderr.close()
            status = self.process.wait()
            self.start()
            raise Mismatch("comprehension_eval ended with status %d: %s" % (status, said))
        return line.decode("utf-8", "replace").rstrip("\n")

    def case(self, text, columns, rows):
        """("error", line, column, length, message), ("columns", n), or
        ("rows", filtered, faults, [(index, bits)])."""
        data = text.encode("utf-8", "surrogateescape")
        lines = "".join(" ".join("%016x" % to_bits(x) for x in row) + "\n" for row in rows)
        answer = self.ask(b"case %d %d %d\n%s\n%s" % (len(data), columns, len(rows), data,
                                                       lines.encode()))
        words = answer.split(" ", 4)
        if words[0] == "error":
            return ("error", int(words[1]), int(words[2]), int(words[3]), words[4])
        if words[0] == "columns":
            return ("columns", int(words[1]))
        numbers = [int(word) for word in answer.split()[1:]]
        survivors = []
        for _ in range(numbers[0]):
            index, bits = self.process.stdout.readline().split()
            survivors.append((int(index), int(bits, 16)))
        return ("rows", numbers[1], numbers[2:], survivors)

    def call(self, name, *args):
        """A function as gatherd computes it; raises Fault."""
        key = (name,) + tuple(to_bits(x) for x in args)
        if key not in self.calls:
            request = "call %s %s\n" % (name, " ".join("%016x" % bits for bits in key[1:]))
            self.calls[key] = self.ask(request.encode()).split()
        kind, value = self.calls[key]
        if kind == "fault":
            raise Fault(int(value))
        return from_bits(int(value, 16))


def checked_int(value, from_row):
    if from_row and isinstance(value, int) and abs(value) > INT_MAX:
        raise Fault(INTEGER)
    if isinstance(value, int) and abs(value).bit_length() > CONSTANT_BITS:
        raise TooLarge
    return value


class Python:
    """An evaluator of CPython's syntax trees, on CPython's numbers.

    Values are pairs: a number, and whether it depends on the row.
    """

    def __init__(self, gatherd):
        self.gatherd = gatherd

    def approximate(self, name, function, *args):
        """gatherd's value of a function, held against CPython's."""
        try:
            expected, fault = function(*args), None
            if isinstance(expected, complex):
                expected, fault = None, COMPLEX
        except (ArithmeticError, ValueError) as error:
            expected, fault = None, RAISED[type(error)]
        try:
            actual = self.gatherd.call(name, *args)
        except Fault as got:
            if got.kind != fault:
                raise Mismatch("%s%r: fault %s, CPython: %s" % (
                    name, args, FAULTS[got.kind],
                    expected if fault is None else FAULTS[fault])) from None
            raise
        if fault is not None:
            raise Mismatch("%s%r: %r, CPython: %s" % (name, args, actual, FAULTS[fault]))
        square = name == "pow" and args[1] == 2
        if square:
            expected = args[0] * args[0]  # rounded correctly, which libm's pow need not be
        if steps_between(actual, expected) > (0 if square else 2):
            raise Mismatch("%s%r: %r, CPython: %r" % (name, args, actual, expected))
        return actual

    def power(self, a, b):
        if isinstance(a, int) and isinstance(b, int) and b >= 0:
            if abs(a) > 1 and b * (abs(a).bit_length() - 1) > 2 * CONSTANT_BITS:
                return 1 << 4 * CONSTANT_BITS  # too large in any case
            return a ** b
        return self.approximate("pow", lambda x, y: x ** y, float(a), float(b))

    def binary(self, operator, a, b):
        if isinstance(operator, ast.Add):
            return a + b
        if isinstance(operator, ast.Sub):
            return a - b
        if isinstance(operator, ast.Mult):
            return a * b
        if isinstance(operator, ast.Div):
            return a / b
        if isinstance(operator, ast.FloorDiv):
            return a // b
        if isinstance(operator, ast.Mod):
            return a % b
        if isinstance(operator, ast.Pow):
            return self.power(a, b)
        raise Mismatch("operator %r was accepted" % operator)

    @staticmethod
    def compare(operator, a, b):
        return {ast.Lt: a < b, ast.LtE: a <= b, ast.Gt: a > b, ast.GtE: a >= b,
                ast.Eq: a == b, ast.NotEq: a != b}[type(operator)]

    def function(self, name, args):
        if name in ("exp", "log", "sin", "cos"):
            return self.approximate(name, getattr(math, name), float(args[0]))
        return {"abs": abs, "min": min, "max": max, "round": round, "sqrt": math.sqrt}[name](*args)

    def call(self, node, row):
        args = [self.value(arg, row) for arg in node.args]
        from_row = any(arg[1] for arg in args)
        result = self.function(node.func.id, [arg[0] for arg in args])
        return checked_int(result, from_row), from_row

    def never_holds(self, node, row):
        """Whether a link between two constants of a chain is false: then so is the chain, which
        folds into a constant, whatever its other links say of the row."""
        unknown = dict.fromkeys(row)
        operands = [node.left] + node.comparators
        for operator, left, right in zip(node.ops, operands, operands[1:]):
            try:
                if not self.compare(operator, self.value(left, unknown)[0],
                                    self.value(right, unknown)[0]):
                    return True
            except (NotConstant, Fault, TooLarge):
                pass
        return False

    def comparison(self, node, row):
        if len(node.ops) == 1 or not self.never_holds(node, row):
            return self.links(node, row)
        return self.links(node, row)[0], False

    def links(self, node, row):
        left, from_row = self.value(node.left, row)
        for operator, right_node in zip(node.ops, node.comparators):
            right, right_from_row = self.value(right_node, row)
            from_row |= right_from_row
            if not self.compare(operator, left, right):
                return False, from_row
            left = right
        return True, from_row

    def logic(self, node, row):
        stops = isinstance(node.op, ast.Or)
        from_row = False
        for operand in node.values:
            value, operand_from_row = self.value(operand, row)
            from_row |= operand_from_row
            if bool(value) == stops:
                break
        return value, from_row

    def unary(self, node, row):
        value, from_row = self.value(node.operand, row)
        if isinstance(node.op, ast.Not):
            return not value, from_row
        return -value if isinstance(node.op, ast.USub) else +value, from_row

    def value(self, node, row):
        try:
            return self.dispatch(node, row)
        except (ArithmeticError, ValueError) as error:
            raise Fault(RAISED[type(error)]) from None

    def dispatch(self, node, row):
        kind = type(node)
        if kind is ast.Constant:
            return checked_int(node.value, False), False
        if kind is ast.Name:
            if node.id in row:
                if row[node.id] is None:
                    raise NotConstant
                return row[node.id], True
            return {"pi": math.pi, "e": math.e}[node.id], False
        if kind is ast.BinOp:
            a, a_from_row = self.value(node.left, row)
            b, b_from_row = self.value(node.right, row)
            from_row = a_from_row or b_from_row
            return checked_int(self.binary(node.op, a, b), from_row), from_row
        if kind is ast.Call:
            return self.call(node, row)
        if kind is ast.Compare:
            return self.comparison(node, row)
        if kind is ast.BoolOp:
            return self.logic(node, row)
        if kind is ast.UnaryOp:
            return self.unary(node, row)
        if kind is ast.IfExp:
            test, from_row = self.value(node.test, row)
            value, value_from_row = self.value(node.body if test else node.orelse, row)
            return value, from_row or value_from_row
        raise Mismatch("%s was accepted" % kind.__name__)


def parse(text):
    """The list comprehension in a text, or None where CPython finds none."""
    try:
        data = ("(" + text + "\n)").encode("utf-8", "surrogateescape").decode("utf-8")
        tree = ast.parse(data, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return tree if isinstance(tree, ast.ListComp) and len(tree.generators) == 1 else None


def target_names(tree):
    target = tree.generators[0].target
    nodes = target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]
    return [node.id if isinstance(node, ast.Name) else None for node in nodes]


def expected(python, tree, rows):
    """Filtered, faults and survivors as CPython has them."""
    names = target_names(tree)
    filtered, faults, survivors = 0, [0] * len(FAULTS), []
    for index, values in enumerate(rows):
        row = dict(zip(names, values))
        try:
            if all(python.value(test, row)[0] for test in tree.generators[0].ifs):
                survivors.append((index, to_bits(float(python.value(tree.elt, row)[0]))))
            else:
                filtered += 1
        except Fault as fault:
            faults[fault.kind] += 1
    return ("rows", filtered, faults, survivors)


def has_huge_constant(python, tree):
    """Whether gatherd may refuse a text for the size of an int in it."""
    unknown = dict.fromkeys(target_names(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.expr) and not isinstance(node, ast.ListComp):
            try:
                value = python.value(node, unknown)[0]
                if isinstance(value, int) and abs(value) > INT_MAX:
                    return True
            except TooLarge:
                return True
            except (NotConstant, Fault, Mismatch, KeyError, AttributeError):
                pass
    return False


def show_difference(rows, actual, wanted):
    parts = []
    if actual[1] != wanted[1]:
        parts.append("filtered %d, CPython: %d" % (actual[1], wanted[1]))
    for kind, (a, b) in enumerate(zip(actual[2], wanted[2])):
        if a != b:
            parts.append("%s %d, CPython: %d" % (FAULTS[kind], a, b))
    a, b = dict(actual[3]), dict(wanted[3])
    if [index for index, _ in actual[3]] != sorted(a):
        parts.append("rows are out of order")
    for index in sorted(set(a) | set(b)):
        if a.get(index) != b.get(index):
            parts.append("row %r: %s, CPython: %s" % (
                tuple(rows[index]),
                repr(from_bits(a[index])) if index in a else "none",
                repr(from_bits(b[index])) if index in b else "none"))
            break
    return "; ".join(parts)


class Judge:
    def __init__(self, gatherd):
        self.gatherd = gatherd
        self.python = Python(gatherd)
        self.accepted = self.refused = self.survivors = self.faulted = 0

    def check(self, text, rows, must_accept):
        """Raises Mismatch."""
        tree = parse(text)
        columns = max(1, len(target_names(tree))) if tree is not None else 1
        rows = [row[:columns] for row in rows] if columns <= len(rows[0]) else None
        if rows is None:
            columns, rows = 1, [[1.0]]
        answer = self.gatherd.case(text, columns, rows)
        if answer[0] == "error":
            self.refused += 1
            self.check_refusal(text, tree, answer, must_accept)
            return
        if tree is None:
            raise Mismatch("accepted, but CPython finds no comprehension")
        if answer[0] == "columns":
            raise Mismatch("%d columns, CPython: %d" % (answer[1], columns))
        self.accepted += 1
        wanted = expected(self.python, tree, rows)
        self.survivors += len(wanted[3])
        self.faulted += sum(wanted[2])
        if answer != wanted:
            raise Mismatch(show_difference(rows, answer, wanted))

    def check_refusal(self, text, tree, answer, must_accept):
        _, line, column, length, message = answer
        lines = re.split(r"\r\n|\r|\n", text)
        if not (1 <= line <= len(lines) and 1 <= column <= len(lines[line - 1]) + 1 and
                1 <= length <= max(1, len(lines[line - 1]) - column + 1)):
            raise Mismatch("an error at %d:%d, length %d: %s" % (line, column, length, message))
        if not must_accept or tree is None:
            return
        if any(words in message for words in SIZE_REFUSALS) and \
                has_huge_constant(self.python, tree):
            return
        raise Mismatch("refused at %d:%d: %s" % (line, column, message))


class Generator:
    """Random texts: mostly comprehensions, with whatever precedence comes of it."""

    CORNERS = (0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1.5, 2.5, -2.5, 2.0, 3.0, -3.0, 7.0, 10.0, 100.0,
               0.1, -0.1, 1 / 3, math.pi, math.inf, -math.inf, math.nan, 5e-324, -5e-324,
               2.2250738585072014e-308, 1e-310, 1.7976931348623157e308, -1.7976931348623157e308,
               1e154, 1.5e154, 1e300, -1e300, 709.7, 710.0, -745.2, 2.0 ** 52, 2.0 ** 53,
               -2.0 ** 53, 2.0 ** 53 - 1, 2.0 ** 53 + 2, 2.0 ** 63, 1e16, 1e22, 94906265.0,
               94906266.0, 0.49999999999999994, 4503599627370495.5, 1e5, 12345.678)
    INTS = ("0", "1", "2", "3", "4", "5", "7", "10", "64", "65", "100", "1_000", "0x1F", "0X_ff",
            "0b101", "0o17", "00", "True", "False", "9007199254740991", "9007199254740992",
            "94906266")
    HUGE_INTS = ("9007199254740993", "2**53", "2**60", "-2**53-1", "10**20", "1_000_000_000_000_000"
                 "_000", "0xFFFFFFFFFFFFFFFF", "2**126", "10**30")
    FLOATS = ("0.0", "0.5", ".5", "1.", "2.0", "1.5", "2.5", "1e3", "1E-3", "1_0.2_5e0_1", "0.1",
              "1e308", "1e-320", "1e999", "3.0", "pi", "e", "007.5", "1e16", "0e0",
              "9007199254740993.0")
    BINARY = ("+", "-", "*", "/", "//", "%", "**")
    COMPARE = ("<", "<=", "==", "!=", ">", ">=")
    INSERTED = tuple("[](){}.,:;+-*/%<>=!&|^~@#\\'\"_0123456789eExjfo \n\t") + (
        " if ", " else ", " for ", " in ", " not ", " and ", "**", "//", "==", "\u00e9", "\u2212",
        "\udcff", "\x0c", "\r")
    FUNCTIONS = ("abs", "round", "sqrt", "exp", "log", "sin", "cos")

    def __init__(self, rng):
        self.rng = rng

    def number(self):
        roll = self.rng.random()
        if roll < 0.03:
            return self.rng.choice(self.HUGE_INTS)
        if roll < 0.55:
            return self.rng.choice(self.INTS)
        if roll < 0.9:
            return self.rng.choice(self.FLOATS)
        return repr(self.row_value()).replace("inf", "1e999").replace("nan", "(1e999-1e999)")

    def row_value(self):
        roll = self.rng.random()
        if roll < 0.5:
            return self.rng.choice(self.CORNERS)
        if roll < 0.65:
            return float(self.rng.randint(-20, 20))
        if roll < 0.75:
            return self.rng.randint(-40, 40) / 2
        if roll < 0.9:
            return self.rng.uniform(-10, 10)
        return from_bits(self.rng.getrandbits(64))

    def leaf(self, names):
        return self.rng.choice(names) if self.rng.random() < 0.6 else self.number()

    def expression(self, names, depth):
        rng = self.rng
        if depth <= 0 or rng.random() < 0.12:
            return self.leaf(names)
        roll = rng.random()

        def part():
            text = self.expression(names, depth - 1)
            return "(%s)" % text if rng.random() < 0.55 else text

        if roll < 0.40:
            return "%s %s %s" % (part(), rng.choice(self.BINARY), part())
        if roll < 0.55:
            text = part()
            for _ in range(rng.choice((1, 1, 1, 2, 3))):
                text += " %s %s" % (rng.choice(self.COMPARE), part())
            return text
        if roll < 0.67:
            return (" %s " % rng.choice(("and", "or"))).join(
                part() for _ in range(rng.choice((2, 2, 3))))
        if roll < 0.75:
            return "%s if %s else %s" % (part(), part(), part())
        if roll < 0.83:
            return rng.choice(("-", "+", "not ", "-", "- -")) + part()
        if roll < 0.90:
            args = ", ".join(self.expression(names, depth - 1)
                             for _ in range(rng.choice((2, 2, 2, 3, 4))))
            return "%s(%s)" % (rng.choice(("min", "max")), args)
        return "%s(%s)" % (rng.choice(self.FUNCTIONS), self.expression(names, depth - 1))

    def targets(self, names):
        text = ", ".join(names)
        if len(names) > 1 and self.rng.random() < 0.1:
            text += ","
        if self.rng.random() < 0.15 and not (len(names) == 1 and text.endswith(",")):
            text = "(%s)" % text
        return text

    def comprehension(self):
        rng = self.rng
        names = rng.sample(("x", "y", "z", "value", "_", "e1", "e"), rng.choice((1, 1, 2, 3)))
        depth = rng.choice((1, 2, 2, 3, 3, 4))
        text = "[%s %sfor %s in uniform(0, 1)" % (
            self.expression(names, depth), rng.choice(("", "", "async ")), self.targets(names))
        for _ in range(rng.choice((0, 0, 0, 1, 1, 2))):
            text += " if %s" % self.expression(names, rng.choice((1, 1, 2, 3)))
        return self.respace(text + "]")

    def respace(self, text):
        """Other white space between the same tokens, mostly."""
        rng = self.rng
        if rng.random() < 0.6:
            return text
        try:
            tokens = [t.string for t in tokenize.generate_tokens(io.StringIO(text).readline)
                      if t.string.strip()]
        except (tokenize.TokenError, IndentationError):
            return text
        result = rng.choice(("", "", "\n", "  ", "# a comment\n"))
        last = ""
        for token in tokens:
            glued = last[-1:].isalnum() or last[-1:] in ("_", ".")
            space = rng.choice(("", "", " ", " ", "  ", "\t", "\n", "\r\n", " # why [not]\n",
                                "\\\n"))
            if not space and glued and (token[0].isalnum() or token[0] in "_."):
                number_first = last[0].isdigit() or last[0] == "."
                space = "" if number_first and rng.random() < 0.3 else " "
            if space == "\\\n" and not result.strip():
                space = " "
            result += space + token
            last = token
        return result + rng.choice(("", "", "\n", " ", " # the end"))

    def mutate(self, text):
        """A text with some characters deleted, inserted, doubled or swapped."""
        rng = self.rng
        text = list(text)
        for _ in range(rng.choice((1, 1, 1, 2, 3))):
            at = rng.randrange(len(text) + 1)
            roll = rng.random()
            if roll < 0.35 and at < len(text):
                end = min(len(text), at + rng.choice((1, 1, 1, 2, 5)))
                del text[at:end]
            elif roll < 0.75:
                text.insert(at, rng.choice(self.INSERTED))
            elif at + 1 < len(text):
                text[at], text[at + 1] = text[at + 1], text[at]
        return "".join(text)

    def rows(self):
        count = 700 if self.rng.random() < 0.01 else self.rng.choice((8, 16, 24, 33))
        return [[self.row_value() for _ in range(4)] for _ in range(count)]


class Shrinker:
    """Makes a failing case small, as long as it fails."""

    def __init__(self, judge):
        self.judge = judge

    def failure(self, text, rows, must_accept):
        try:
            self.judge.check(text, rows, must_accept)
            return None
        except Mismatch as mismatch:
            return str(mismatch)

    def fails_alike(self, text, rows, must_accept, refused):
        failure = self.failure(text, rows, must_accept)
        return failure is not None and failure.startswith("refused") == refused

    def shrink(self, text, rows, must_accept):
        refused = (self.failure(text, rows, must_accept) or "").startswith("refused")
        for row in rows:
            if self.failure(text, [row], must_accept):
                rows = [row]
                break
        tree = parse(text)
        if tree is None or not self.failure(ast.unparse(tree), rows, must_accept):
            return text, rows
        text = ast.unparse(tree)
        smaller = True
        while smaller:
            smaller = False
            for candidate in self.candidates(parse(text)):
                if len(candidate) < len(text) and \
                        self.fails_alike(candidate, rows, must_accept, refused):
                    text, smaller = candidate, True
                    break
        return text, rows

    @staticmethod
    def candidates(tree):
        """Texts with one node replaced by one of its children or by 1, or without a condition."""
        loop = tree.generators[0]
        for i in range(len(loop.ifs)):
            taken = loop.ifs.pop(i)
            yield ast.unparse(tree)
            loop.ifs.insert(i, taken)
        for parent in list(ast.walk(tree)):
            if parent is loop.iter or parent is loop.target:
                continue
            for field, value in list(ast.iter_fields(parent)):
                items = value if isinstance(value, list) else [value]
                for i, node in enumerate(items):
                    if not isinstance(node, ast.expr) or node in (loop.iter, loop.target) or \
                            isinstance(parent, ast.Call) and field == "func":
                        continue
                    children = [c for c in ast.iter_child_nodes(node) if isinstance(c, ast.expr)]
                    for replacement in children + [ast.Constant(1)]:
                        if isinstance(value, list):
                            value[i] = replacement
                            yield ast.unparse(tree)
                            value[i] = node
                        else:
                            setattr(parent, field, replacement)
                            yield ast.unparse(tree)
                            setattr(parent, field, node)


def corpus(path):
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            line = line.rstrip("\n")
            if line and not line.startswith("#"):
                yield line.replace("\\n", "\n")


def cases(generator, corpus_path, count):
    """(text, rows, must_accept)"""
    corners = [list(row) for row in zip(generator.CORNERS, generator.CORNERS[1:],
                                        generator.CORNERS[2:], generator.CORNERS[3:])]
    for text in corpus(corpus_path):
        yield text, corners, True
        yield text, [[generator.row_value() for _ in range(4)] for _ in range(64)], True
    for i in range(count):
        text = generator.comprehension()
        if i % 3 == 2:
            yield generator.mutate(text), generator.rows(), False
        else:
            yield text, generator.rows(), True


def main():
    warnings.simplefilter("ignore", SyntaxWarning)
    warnings.simplefilter("ignore", DeprecationWarning)
    seed = int(os.environ.get("GATHERD_TEST_SEED", "0"), 0) or random.SystemRandom().getrandbits(63)
    count = int(os.environ.get("GATHERD_TEST_CASES", "10000"))
    print("check_comprehension: GATHERD_TEST_SEED=%d, %d random cases" % (seed, count), flush=True)
    judge = Judge(Gatherd(sys.argv[1]))
    generator = Generator(random.Random(seed))
    for text, rows, must_accept in cases(generator, sys.argv[2], count):
        try:
            judge.check(text, rows, must_accept)
        except Mismatch as mismatch:
            shrinker = Shrinker(judge)
            small, small_rows = shrinker.shrink(text, rows, must_accept)
            print("FAILED: %s\n  %r" % (mismatch, text))
            print("as small as it gets:\n  %r\n  %s" % (
                small, shrinker.failure(small, small_rows, must_accept) or mismatch))
            return 1
    print("%d accepted (%d rows survived, %d faulted), %d refused" % (
        judge.accepted, judge.survivors, judge.faulted, judge.refused))
    if judge.accepted < count // 3 or judge.faulted == 0 or judge.refused == 0:
        print("FAILED: too little of it was accepted, faulted or refused")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
