/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * bucket.c - tokens that come back with time
 */
#include "daemon/bucket.h"

#include "base/clock.h"

#define SIZE 2.0 /* [tokens] */

bool bucket_take(struct bucket *bucket, double rate, int64_t now_ns)
{
	double back = (double)(now_ns - bucket->last_ns) / (double)NS_PER_S * rate;

	bucket->taken = bucket->taken > back ? bucket->taken - back : 0;
	bucket->last_ns = now_ns;
	if (bucket->taken + 1 > SIZE) {
		return false;
	}
	bucket->taken++;
	return true;
}
