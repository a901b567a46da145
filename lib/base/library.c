/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * library.c - what the library says of itself
 */
#include "base/isa.h"

const char *gather_version(void)
{
	return PACKAGE_VERSION;
}

int gather_isa(const char **name, struct gather_error *error)
{
	enum isa isa;
	int ret = isa_select(&isa, error);

	*name = ret == GATHER_OK ? isa_name(isa) : "";
	return ret;
}
