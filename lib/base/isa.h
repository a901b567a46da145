/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * isa.h - which of the compiled variants of the kernels this process uses
 *
 * Every file of kernels is compiled once for each level; all levels give the same
 * bits.  KERNEL(name) makes the variant's own symbol of a name.
 */
#ifndef BASE_ISA_H
#define BASE_ISA_H

#include "gather.h"

enum isa {
	ISA_BASE, /* x86-64, or plain C on other CPUs */
	ISA_V3,   /* x86-64-v3: AVX2, BMI2 */
	ISA_V4,   /* x86-64-v4: AVX-512 F, BW, CD, DQ, VL */
	ISA_COUNT,
};

/* KERNEL_SUFFIX is set by the build: base, v3 or v4. */
#define KERNEL_PASTE_(name, suffix) name##_##suffix
#define KERNEL_PASTE(name, suffix) KERNEL_PASTE_(name, suffix)
#define KERNEL(name) KERNEL_PASTE(name, KERNEL_SUFFIX)

/* Whether this build has the variant and this CPU can run it. */
bool isa_supported(enum isa isa);

/* "x86-64", "x86-64-v3", "x86-64-v4"; "portable" for ISA_BASE on other CPUs. */
const char *isa_name(enum isa isa);

/*
 * The variant to use: the one that GATHERD_ISA names ("x86-64", "v3", "x86-64-v3" ...),
 * else the best that is supported.  GATHER_EISA with the reason in *error where the
 * name is unknown or the CPU cannot run it.
 */
GATHER_MUST_USE int isa_select(enum isa *isa, struct gather_error *error);

#endif
