/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * tsan.h - telling ThreadSanitizer what liburcu orders
 *
 * liburcu's atomics are inline assembly or live in its own library, which ThreadSanitizer does
 * not see.  Where they hand something over, the two sides are annotated with these; in other
 * builds they are nothing.
 */
#ifndef BASE_TSAN_H
#define BASE_TSAN_H

#ifdef GATHERD_TSAN
void __tsan_acquire(void *addr);
void __tsan_release(void *addr);
#define tsan_acquire(addr) __tsan_acquire((void *)(addr))
#define tsan_release(addr) __tsan_release((void *)(addr))
#else
#define tsan_acquire(addr) ((void)(addr))
#define tsan_release(addr) ((void)(addr))
#endif

#endif
