/* SPDX-License-Identifier: BSD-3-Clause */
#include "perf.h"

#include "heap.h"
#include "os.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <sys/mman.h>
#include <time.h>

enum {
	PAGE = 4096,
	RINGS = 1024, /* processors beyond are not sampled */
	RING_LEAST = 64 << 10,
	RING_MOST = 8 << 20,
	RINGS_MOST = 64 << 20, /* all together */
	ALIGN = 16,
	REG_BP = 1 << 6,
	REG_SP = 1 << 7,
	REG_IP = 1 << 8,
	ABI_64 = 2,
	ONLINE_TEXT = 1024,
};

struct ring {
	struct perf_event_mmap_page *head;
	size_t bytes; /* of the data behind it */
	bool is_skipped; /* what was lost before the next sample is not counted */
};

static struct {
	struct ring *rings;
	int n;
	int turn; /* the ring that was asked last */
	uint64_t lost;
	uint8_t *stack; /* of the last sample, copied out of its ring */
} perf;

/*
 * As the kernel lays a record out for what is asked below. `bytes` of stack follow, and how many of them are true. Without
 * registers it is shorter.
 */
struct record {
	struct perf_event_header header;
	uint32_t pid, tid;
	uint64_t time;
	uint64_t abi;
	uint64_t fp, sp, pc;
	uint64_t bytes;
};

/* What it looks like when the kernel had no room. */
struct loss {
	struct perf_event_header header;
	uint64_t id;
	uint64_t count;
};

static struct perf_event_attr attr_of(const struct gt_perf_options *options, bool user_only)
{
	return (struct perf_event_attr){
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(struct perf_event_attr),
		.config = PERF_COUNT_SW_TASK_CLOCK,
		.sample_period = options->period,
		.sample_type = PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_REGS_USER | PERF_SAMPLE_STACK_USER,
		.sample_regs_user = REG_BP | REG_SP | REG_IP,
		.sample_stack_user = (uint32_t)options->stack_bytes,
		.inherit = 1,
		.inherit_thread = 1, /* not by processes */
		.exclude_kernel = user_only,
		.exclude_hv = user_only,
		.use_clockid = 1,
		.clockid = CLOCK_MONOTONIC,
	};
}

/* A record needs the whole piece of stack, however little of it there is. Half a second must fit. */
static size_t ring_bytes(const struct gt_perf_options *options, int cpus)
{
	uint64_t wanted = (options->stack_bytes + sizeof(struct record)) * (500000000 / options->period + 1);
	size_t bytes = RING_LEAST;

	while (bytes < wanted && bytes < RING_MOST && bytes * 2 * (size_t)cpus <= RINGS_MOST)
		bytes *= 2;
	return bytes;
}

static void *map(int fd, size_t bytes)
{
	long at = gt_syscall6(SYS_mmap, 0, (long)(bytes + PAGE), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	return at < 0 && at >= -PAGE ? NULL : (void *)at;
}

/* A user may lock only so much memory; smaller rings lose more under load. */
static bool open_ring(const struct perf_event_attr *attr, int cpu, size_t bytes)
{
	struct ring *r = &perf.rings[perf.n];
	long fd = gt_syscall6(SYS_perf_event_open, (long)attr, 0, cpu, -1, PERF_FLAG_FD_CLOEXEC, 0);

	if (fd < 0)
		return fd == -ENODEV; /* that processor has gone */
	for (r->head = NULL; !r->head && bytes >= RING_LEAST; bytes /= 2) {
		r->head = map((int)fd, bytes);
		r->bytes = bytes;
		r->is_skipped = false;
	}
	gt_os_close((int)fd);
	if (!r->head)
		return false;
	perf.n++;
	return true;
}

static int number(const char **text)
{
	int n = 0;

	for (; **text >= '0' && **text <= '9' && n < RINGS; (*text)++)
		n = n * 10 + **text - '0';
	return n;
}

/* The next stretch of processors of a list like "0-3,8". */
static bool stretch(const char **list, int *first, int *last)
{
	if (**list < '0' || **list > '9')
		return false;
	*first = *last = number(list);
	if (**list == '-') {
		(*list)++;
		*last = number(list);
	}
	*list += **list == ',';
	return true;
}

static int count(const char *list)
{
	int first, last, n = 0;

	while (stretch(&list, &first, &last))
		n += last - first + 1;
	return n;
}

static bool open_all(const struct perf_event_attr *attr, const char *list, size_t bytes)
{
	int first, last;

	while (stretch(&list, &first, &last)) {
		for (int cpu = first; cpu <= last && perf.n < RINGS; cpu++) {
			if (!open_ring(attr, cpu, bytes))
				return false;
		}
	}
	return perf.n > 0;
}

static bool have_memory(const struct gt_perf_options *options)
{
	if (!perf.rings)
		perf.rings = gt_heap_take(RINGS * sizeof(*perf.rings));
	if (!perf.stack)
		perf.stack = gt_heap_take(options->stack_bytes + ALIGN);
	return perf.rings && perf.stack;
}

enum gt_perf_way gt_perf_start(const struct gt_perf_options *options)
{
	static char online[ONLINE_TEXT]; /* the stack may be small */

	if (!have_memory(options) || gt_os_slurp("/sys/devices/system/cpu/online", online, sizeof(online)) <= 0)
		return GT_PERF_NONE;
	for (enum gt_perf_way way = GT_PERF_ALL; way <= GT_PERF_USER; way++) {
		struct perf_event_attr attr = attr_of(options, way == GT_PERF_USER);

		if (open_all(&attr, online, ring_bytes(options, count(online))))
			return way;
		gt_perf_stop();
	}
	return GT_PERF_NONE;
}

void gt_perf_stop(void)
{
	while (perf.n > 0) {
		struct ring *r = &perf.rings[--perf.n];

		gt_os_unmap(r->head, r->bytes + PAGE);
	}
}

void gt_perf_forget(void)
{
	perf.n = 0;
	perf.lost = 0;
}

static void copy(const struct ring *r, uint64_t from, void *to, size_t len)
{
	const uint8_t *data = (const uint8_t *)r->head + PAGE;
	size_t at = from & (r->bytes - 1);
	size_t part = len < r->bytes - at ? len : r->bytes - at;

	__builtin_memcpy(to, data + at, part);
	__builtin_memcpy((uint8_t *)to + part, data, len - part);
}

/* The stack keeps its alignment. */
static bool take(const struct ring *r, uint64_t tail, const struct record *head, struct gt_perf_sample *sample)
{
	uint64_t from = tail + sizeof(*head), bytes;
	uint8_t *to = perf.stack + head->sp % ALIGN;

	if (head->abi != ABI_64 || head->header.size < sizeof(*head) + head->bytes + sizeof(bytes) ||
	    head->bytes == 0) {
		perf.lost++;
		return false;
	}
	copy(r, from + head->bytes, &bytes, sizeof(bytes));
	*sample = (struct gt_perf_sample){.time = head->time,
					  .pc = head->pc,
					  .sp = head->sp,
					  .fp = head->fp,
					  .stack = to,
					  .bytes = bytes < head->bytes ? bytes : head->bytes,
					  .tid = head->tid};
	copy(r, from, to, sample->bytes);
	return true;
}

static void note_loss(const struct ring *r, uint64_t tail)
{
	struct loss loss;

	copy(r, tail, &loss, sizeof(loss));
	if (!r->is_skipped)
		perf.lost += loss.count;
}

/* The kernel tells of losses before the next sample that it has room for. */
void gt_perf_skip(void)
{
	for (int i = 0; i < perf.n; i++) {
		struct ring *r = &perf.rings[i];

		__atomic_store_n(&r->head->data_tail, __atomic_load_n(&r->head->data_head, __ATOMIC_ACQUIRE),
				 __ATOMIC_RELEASE);
		r->is_skipped = true;
	}
	perf.lost = 0;
}

/* The next record; those that are no samples on the way to it are done with. */
static bool next_of(struct ring *r, uint64_t until, struct gt_perf_sample *sample)
{
	uint64_t end = __atomic_load_n(&r->head->data_head, __ATOMIC_ACQUIRE);
	bool taken = false;

	while (!taken && r->head->data_tail < end) {
		uint64_t tail = r->head->data_tail;
		struct record head = {0};

		copy(r, tail, &head, sizeof(head));
		if (head.header.type == PERF_RECORD_SAMPLE) {
			if (head.time > until)
				return false;
			taken = take(r, tail, &head, sample);
			r->is_skipped = false;
		} else if (head.header.type == PERF_RECORD_LOST) {
			note_loss(r, tail);
		}
		__atomic_store_n(&r->head->data_tail, tail + head.header.size, __ATOMIC_RELEASE);
	}
	return taken;
}

bool gt_perf_next(uint64_t until, struct gt_perf_sample *sample)
{
	for (; perf.turn < perf.n; perf.turn++) {
		if (next_of(&perf.rings[perf.turn], until, sample))
			return true;
	}
	perf.turn = 0;
	return false;
}

uint64_t gt_perf_lost(void)
{
	uint64_t lost = perf.lost;

	perf.lost = 0;
	return lost;
}
