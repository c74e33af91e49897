/* SPDX-License-Identifier: BSD-3-Clause */
#include "flight.h"

#include "batch.h"
#include "clock.h"
#include "format/facts.h"
#include "format/header.h"
#include "live.h"
#include "options.h"
#include "os.h"

#include <errno.h>
#include <string.h>

enum {
	KEPT = 4096, /* generations */
	LEAST_IN_WINDOW = 4,
	MOST_IN_WINDOW = KEPT / 2,
	LEAST_BYTES = 1 << 20,
	DEFAULT_BYTES = 64 << 20,
	STEP = 4 << 20,
	HEAD_ROOM = 64,
};

#define LEAST_WINDOW UINT64_C(10000000)
#define MOST_BYTES (UINT64_C(16) << 30)

struct kept {
	uint64_t at; /* position of its first byte */
	uint64_t ended; /* CLOCK_MONOTONIC */
	uint32_t gen;
	bool is_first;
};

static struct {
	uint64_t window; /* ns */
	uint64_t bytes; /* 0: off */

	struct gt_live_head *head;
	uint64_t solid; /* what of the ring has blocks */
	uint64_t at; /* where the generation under way begins */
	bool is_first;
	struct kept kept[KEPT]; /* those from `oldest` to before `next`, modulo KEPT */
	uint64_t oldest, next;
} flight;

/* One of both; a number alone is none. */
static bool parse_part(const char *text, size_t len, uint64_t *window, uint64_t *bytes)
{
	char part[32];
	uint64_t *to = window;
	bool is_good;

	if (len == 0 || len >= sizeof(part) || (text[len - 1] >= '0' && text[len - 1] <= '9'))
		return false;
	__builtin_memcpy(part, text, len);
	part[len] = 0;
	is_good = gt_option_parse(GT_TYPE_DURATION, "", part, to);
	if (!is_good) {
		to = bytes;
		is_good = gt_option_parse(GT_TYPE_SIZE, "", part, to);
	}
	return is_good && *to >= (to == window ? LEAST_WINDOW : LEAST_BYTES) && *bytes <= MOST_BYTES;
}

static bool parse(const char *text, uint64_t *window, uint64_t *bytes)
{
	size_t len = strcspn(text, ",");

	*window = *bytes = 0;
	if (strcmp(text, "off") == 0)
		return true;
	if (!parse_part(text, len, window, bytes))
		return false;
	if (text[len] && (!parse_part(text + len + 1, strlen(text + len + 1), window, bytes) || !*window || !*bytes))
		return false;
	if (*bytes == 0)
		*bytes = DEFAULT_BYTES;
	return true;
}

bool gt_flight_parse(const char *text)
{
	uint64_t window, bytes;

	return parse(text, &window, &bytes);
}

void gt_flight_set(const char *text)
{
	if (!parse(text, &flight.window, &flight.bytes))
		flight.bytes = 0;
	flight.bytes &= ~(uint64_t)(LEAST_BYTES - 1);
}

bool gt_flight_is_on(void)
{
	return flight.bytes != 0;
}

uint64_t gt_flight_bytes(void)
{
	return flight.bytes;
}

uint64_t gt_flight_period(uint64_t wanted)
{
	uint64_t least = flight.window / MOST_IN_WINDOW, most = flight.window / LEAST_IN_WINDOW;

	if (!gt_flight_is_on() || flight.window == 0)
		return wanted;
	if (wanted < least)
		return least;
	return wanted < most ? wanted : most;
}

static struct kept *oldest(void)
{
	return &flight.kept[flight.oldest % KEPT];
}

bool gt_flight_has_any(void)
{
	return flight.oldest != flight.next;
}

/* Where what is kept begins, for whoever reads the ring. */
static void publish(void)
{
	uint64_t complete = atomic_load_explicit(&flight.head->complete, memory_order_relaxed);

	atomic_store(&flight.head->ring_from, gt_flight_has_any() ? oldest()->at : complete);
}

static void drop_oldest(void)
{
	do
		flight.oldest++;
	while (gt_flight_has_any() && !oldest()->is_first);
}

void gt_flight_start(void)
{
	flight.head = gt_live_head();
	flight.solid = flight.bytes < GT_LIVE_RING_FIRST ? flight.bytes : GT_LIVE_RING_FIRST;
	flight.at = 0;
	flight.is_first = true;
	flight.oldest = flight.next = 0;
}

/* A ring that went round has all its blocks. */
void gt_flight_again(void)
{
	uint64_t end = atomic_load(&flight.head->ring_end), bytes = atomic_load(&flight.head->ring_bytes);

	flight.solid = end < bytes ? end : bytes;
	if (flight.solid < GT_LIVE_RING_FIRST)
		flight.solid = bytes < GT_LIVE_RING_FIRST ? bytes : GT_LIVE_RING_FIRST;
}

void gt_flight_end(void)
{
	flight.oldest = flight.next;
}

/* While the ring is filled for the first time it gets its blocks; if there are no more, it is as large as it is. */
static void grow(uint64_t end)
{
	uint64_t bytes = atomic_load(&flight.head->ring_bytes);
	uint64_t want = (end + STEP) & ~(uint64_t)(STEP - 1);

	if (want > bytes)
		want = bytes;
	if (end <= flight.solid || flight.solid == bytes)
		return;
	if (!gt_live_solid(flight.head->ring + flight.solid, flight.head->ring + want)) {
		atomic_store(&flight.head->ring_bytes, flight.solid);
		return;
	}
	gt_os_populate(gt_live_at(flight.head->ring + flight.solid), want - flight.solid);
	flight.solid = want;
}

/* Room behind what is there. False when the generation under way does not leave any. */
static bool make_room(uint64_t len)
{
	uint64_t end = atomic_load_explicit(&flight.head->ring_end, memory_order_relaxed);
	uint64_t bytes;

	grow(end + len);
	bytes = atomic_load(&flight.head->ring_bytes);
	if (end + len - flight.at > bytes)
		return false;
	while (gt_flight_has_any() && end + len - oldest()->at > bytes)
		drop_oldest();
	publish();
	return true;
}

static void put(const uint8_t *from, uint64_t len)
{
	uint64_t end = atomic_load_explicit(&flight.head->ring_end, memory_order_relaxed);
	uint64_t bytes = atomic_load_explicit(&flight.head->ring_bytes, memory_order_relaxed);
	uint8_t *ring = gt_live_at(flight.head->ring);
	uint64_t at = end % bytes, part = bytes - at < len ? bytes - at : len;

	__builtin_memcpy(ring + at, from, part);
	__builtin_memcpy(ring, from + part, len - part);
	atomic_store_explicit(&flight.head->ring_end, end + len, memory_order_release);
}

bool gt_flight_write(const struct iovec *piece, int pieces)
{
	uint64_t len = 0;

	for (int i = 0; i < pieces; i++)
		len += piece[i].iov_len;
	if (!make_room(len))
		return false;
	for (int i = 0; i < pieces; i++)
		put(piece[i].iov_base, piece[i].iov_len);
	return true;
}

/* A place for one more, and none that is older than the window. */
static void make_place(uint64_t now)
{
	while (gt_flight_has_any() &&
	       (flight.next - flight.oldest == KEPT || (flight.window && now - oldest()->ended > flight.window)))
		drop_oldest();
	publish();
}

void gt_flight_keep(uint32_t gen, bool tells, bool is_first)
{
	uint64_t now = gt_clock_monotonic();

	make_place(now);
	flight.is_first &= tells;
	if (flight.is_first || gt_flight_has_any()) {
		flight.kept[flight.next++ % KEPT] = (struct kept){flight.at, now, gen, flight.is_first};
		flight.at = atomic_load_explicit(&flight.head->ring_end, memory_order_relaxed);
	} else {
		atomic_store(&flight.head->ring_end, flight.at);
	}
	atomic_store(&flight.head->complete, flight.at);
	publish();
	flight.is_first = is_first;
}

long gt_flight_save(int fd, const uint8_t *facts, size_t len)
{
	uint64_t bytes = atomic_load(&flight.head->ring_bytes), complete = atomic_load(&flight.head->complete);
	uint64_t from = oldest()->at % bytes, all = complete - oldest()->at;
	uint64_t part = bytes - from < all ? bytes - from : all;
	uint8_t *ring = gt_live_at(flight.head->ring);
	uint8_t head[HEAD_ROOM];
	uint8_t *end = gt_batch_head(head, true, oldest()->gen, GT_NONE, 0, GT_FACTS_MAGIC_LEN + len);
	struct iovec piece[] = {{(void *)gt_header, GT_HEADER_LEN},
				{head, (size_t)(end - head)},
				{(void *)GT_FACTS_MAGIC, GT_FACTS_MAGIC_LEN},
				{(void *)facts, len},
				{ring + from, part},
				{ring, all - part}};

	if (!gt_os_file_may_have(GT_HEADER_LEN + HEAD_ROOM + GT_FACTS_MAGIC_LEN + len + all))
		return -EFBIG;
	return gt_os_write_all(fd, piece, sizeof(piece) / sizeof(piece[0]));
}
