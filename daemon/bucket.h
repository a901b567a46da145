/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * bucket.h - at most so many events a second in the long run, two at once (a token bucket)
 *
 * Room for two lets everything through that comes at the rate itself, however it jitters.
 */
#ifndef DAEMON_BUCKET_H
#define DAEMON_BUCKET_H

#include <stdbool.h>
#include <stdint.h>

/* All 0 at first: full. */
struct bucket {
	double taken;    /* [tokens] that are missing, at most 2 */
	int64_t last_ns; /* when that was so */
};

/* Take a token for an event at now_ns, which never goes back; false where there is none.  One comes
 * back every 1/rate seconds. */
bool bucket_take(struct bucket *bucket, double rate, int64_t now_ns);

#endif
