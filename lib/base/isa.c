/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * isa.c - asking the CPU, and the user, which kernels to run
 *
 * Reference: x86-64 psABI, "Micro-Architecture Levels".  The levels are spelt out because
 * compilers differ in which names of features and levels they can ask for.
 */
#include "base/isa.h"

#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include "base/error.h"

#if defined(__x86_64__)

/* What no compiler's __builtin_cpu_supports() knows everywhere.  None of these has a state of
 * its own that the system would have to save. */
static bool has_v3_extras(void)
{
	unsigned eax, ebx, ecx, edx;

	if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx) || !(ecx & bit_MOVBE) || !(ecx & bit_F16C) ||
	    !(ecx & bit_CMPXCHG16B)) {
		return false;
	}
	return __get_cpuid(0x80000001, &eax, &ebx, &ecx, &edx) && (ecx & bit_LAHF_LM) &&
	       (ecx & bit_LZCNT);
}

static bool has_v3(void)
{
	return __builtin_cpu_supports("sse3") && __builtin_cpu_supports("ssse3") &&
	       __builtin_cpu_supports("sse4.1") && __builtin_cpu_supports("sse4.2") &&
	       __builtin_cpu_supports("popcnt") && __builtin_cpu_supports("avx") &&
	       __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
	       __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("fma") && has_v3_extras();
}

static bool has_v4(void)
{
	return has_v3() && __builtin_cpu_supports("avx512f") &&
	       __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd") &&
	       __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}

#else

static bool has_v3(void)
{
	return false;
}

static bool has_v4(void)
{
	return false;
}

#endif

bool isa_supported(enum isa isa)
{
	switch (isa) {
	case ISA_BASE:
		return true;
	case ISA_V3:
		return has_v3();
	case ISA_V4:
		return has_v4();
	default:
		return false;
	}
}

const char *isa_name(enum isa isa)
{
	switch (isa) {
	case ISA_V3:
		return "x86-64-v3";
	case ISA_V4:
		return "x86-64-v4";
	default:
#if defined(__x86_64__)
		return "x86-64";
#else
		return "portable";
#endif
	}
}

/* The variant of a name in full or without "x86-64-"; ISA_COUNT where there is none. */
static enum isa find(const char *name)
{
	enum isa isa;

	for (isa = ISA_BASE; isa < ISA_COUNT; isa++) {
		const char *full = isa_name(isa);
		const char *dash = strrchr(full, '-');

		if (strcmp(name, full) == 0 || (isa != ISA_BASE && strcmp(name, dash + 1) == 0)) {
			break;
		}
	}
	return isa;
}

static enum isa best(void)
{
	enum isa isa = ISA_COUNT - 1;

	while (!isa_supported(isa)) {
		isa--;
	}
	return isa;
}

int isa_select(enum isa *isa, struct gather_error *error)
{
	const char *name = getenv("GATHERD_ISA");

	if (name == NULL || *name == '\0') {
		*isa = best();
		return GATHER_OK;
	}
	enum isa wanted = find(name);
	if (wanted == ISA_COUNT) {
		return error_set(error, GATHER_EISA,
				 "GATHERD_ISA: there is no '%s', only %s, x86-64-v3 and x86-64-v4",
				 name, isa_name(ISA_BASE));
	}
	if (!isa_supported(wanted)) {
		return error_set(error, GATHER_EISA,
				 "GATHERD_ISA: this CPU cannot run %s, at most %s",
				 isa_name(wanted), isa_name(best()));
	}
	*isa = wanted;
	return GATHER_OK;
}
