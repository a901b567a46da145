#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Stream version 1, written from its description alone: prints the known answers of
tests/unit/check_stream.c, as initialisers."""

M32 = 2**32 - 1
M64 = 2**64 - 1


def mix(z):
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & M64
    z = (z ^ z >> 27) * 0x94D049BB133111EB & M64
    return z ^ z >> 31


def key(seed, name, round):
    name = name.encode()
    words = [len(name)]
    words += [int.from_bytes(name[i:i + 8], "little") for i in range(0, len(name), 8)]
    words += [round >> 32]
    value = seed
    for word in words:
        value = mix((value ^ word) + 0x9E3779B97F4A7C15 & M64)
    return value


def counter(step, generator, round, site, attempt):
    return (step >> 1 | generator << 40 | (round & M32) << 72 | site << 104 | attempt << 112)


def philox(key, counter):
    c = [counter >> 32 * i & M32 for i in range(4)]
    k = [key & M32, key >> 32]
    for _ in range(10):
        p, q = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [q >> 32 ^ c[1] ^ k[0], q & M32, p >> 32 ^ c[3] ^ k[1], p & M32]
        k = [k[0] + 0x9E3779B9 & M32, k[1] + 0xBB67AE85 & M32]
    return c[0] | c[1] << 32, c[2] | c[3] << 32


def word(seed, name, round, generator, step, site, attempt):
    return philox(key(seed, name, round), counter(step, generator, round, site, attempt))[step & 1]


def main():
    print("/* keys */")
    for seed, name, round in [
        (0, "", 0),
        (0, "a", 1),
        (42, "pi", 1),
        (42, "pi", M32),
        (42, "pi", 2**32),
        (42, "pi", M64),
        (M64, "exactly8", 1),
        (1, "nine byte", 1),
        (7, "Größe", 3),
        (2**63, "x" * 63, 1),
    ]:
        print('\t{ UINT64_C(%#x), "%s", UINT64_C(%#x), UINT64_C(%#018x) },'
              % (seed, name, round, key(seed, name, round)))
    print("/* words */")
    for at in [
        (0, "a", 1, 0, 0, 0, 0),
        (0, "a", 1, 0, 1, 0, 0),
        (0, "a", 1, 0, 2, 0, 0),
        (0, "a", 1, 1, 0, 0, 0),
        (0, "a", 2, 0, 0, 0, 0),
        (0, "a", 1, 0, 0, 1, 0),
        (0, "a", 1, 0, 0, 0, 1),
        (42, "pi", 0x123456789A, 0x89ABCDEF, 0x1FEDCBA9876, 0xC3, 0x5A0F),
        (M64, "pi", M64, M32, 2**41 - 2, 255, 65535),
        (M64, "pi", M64, M32, 2**41 - 1, 255, 65535),
    ]:
        seed, name, round, generator, step, site, attempt = at
        print('\t{ UINT64_C(%#x), "%s", UINT64_C(%#x), UINT32_C(%#x), UINT64_C(%#x), %#x, %#x,\n'
              '\t  UINT64_C(%#018x) },'
              % (seed, name, round, generator, step, site, attempt, word(*at)))


main()
