/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The flight recorder: instead of a file, whole generations go into a ring in the live file (format/live.h), where the oldest
 * make room for new ones. On demand what is there becomes a trace.
 *
 * Every generation can be the first of a trace: what a trace otherwise says once is said in front of each (facts.h), and its
 * snapshot says what a first one does (snapshot.h). One that begins with the world stopped can't, and is not: it goes with
 * those before it.
 *
 * Under the switch lock, but for gt_flight_is_on().
 */
#ifndef GT_FLIGHT_H
#define GT_FLIGHT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

/*
 * "10s,64M": how long and how much is kept, in any order, or one of both: 64 MiB, no limit of time; or "off". False for
 * anything else. Stores nothing.
 */
bool gt_flight_parse(const char *text);

/* Does as such a text says. Once, before the first recording. */
void gt_flight_set(const char *text);

bool gt_flight_is_on(void);

/* Bytes of the ring; 0 when it is off. */
uint64_t gt_flight_bytes(void);

/* How long a generation may be, so that there are some in the window, and not more than can be counted. */
uint64_t gt_flight_period(uint64_t wanted);

/* The ring is empty. When the live file is there. */
void gt_flight_start(void);

/* The live file is another one, with the ring that it had (gt_live_renew()). */
void gt_flight_again(void);

/* More of the generation under way. False when it leaves no room for that. */
bool gt_flight_write(const struct iovec *piece, int pieces);

/* The generation is whole; unless it `tells` it can't be the first of a trace, whatever was said. The next one `is_first`: it can be. */
void gt_flight_keep(uint32_t gen, bool tells, bool is_first);

/* The recording is over: nothing is kept any more. */
void gt_flight_end(void);

/* Whether there is a generation that is whole. */
bool gt_flight_has_any(void);

/*
 * Writes all that is whole as a trace to a new file: 0, or minus an errno. It begins with `facts`, records as in a batch of
 * facts.
 */
long gt_flight_save(int fd, const uint8_t *facts, size_t len);

#endif
