/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The flight recorder: what its option says, what it keeps, that any generation may be the first of what it writes.
 */
#include "shim/flight.h"
#include "shim/advance.h"
#include "shim/format/facts.h"
#include "shim/format/varint.h"
#include "shim/live.h"
#include "shim/output.h"
#include "shim/ranges.h"
#include "shim/recording.h"
#include "shim/thread.h"
#include "test/lib/puppet.h"
#include "test/lib/record.h"
#include "test/lib/wire.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RING = 1 << 20 };

static struct gt_puppet other;
static int object;

static void start(const char *option)
{
	gt_flight_set(option);
	cr_assert_eq(gt_live_start(gt_temp_path("live"), 4 << 20, gt_flight_bytes(), 1), 0);
	gt_flight_start();
}

static void tear_down(void)
{
	gt_live_remove();
	gt_temp_clean();
}

/* A generation whose only batch has `len` bytes, each its number. */
static bool generation(uint32_t gen, size_t len)
{
	static uint8_t batch[2 * RING];
	uint8_t *end = batch;

	*end++ = GT_FR_EventBatch;
	*end++ = (uint8_t)gen;
	*end++ = 7;
	*end++ = 0;
	end = gt_varint_put(end, len);
	memset(end, (int)gen, len);
	return gt_flight_write(&(struct iovec){batch, (size_t)(end - batch) + len}, 1);
}

static void whole_generation(uint32_t gen, size_t len)
{
	cr_assert(generation(gen, len));
	gt_flight_keep(gen, true, true);
}

/* The batches of what it writes now; the first is that of facts. */
static void save(struct gt_wire *w)
{
	int fd = open(gt_temp_path("saved"), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	cr_assert_eq(gt_flight_save(fd, (const uint8_t *)"why", 3), 0);
	close(fd);
	gt_wire_read(w, gt_temp_path("saved"));
	cr_assert_gt(w->batches, 0);
	cr_assert_eq(w->batch[0].frame, GT_FR_ExperimentalBatch);
	cr_assert_eq(w->batch[0].len, GT_FACTS_MAGIC_LEN + 3);
	for (size_t i = 1; i < w->batches; i++) {
		cr_assert_eq(w->batch[i].bytes[0], w->batch[i].gen);
		cr_assert_eq(w->batch[i].bytes[w->batch[i].len - 1], w->batch[i].gen);
	}
}

Test(flight, how_much_is_kept_is_a_time_and_a_size_in_any_order)
{
	static const char *const good[] = {"off", "10s", "64M", "10s,64M", "64M,10s", "1G,1h", "10ms", "1M", "2m,3M"};
	static const char *const bad[] = {"",        "10",        "on",  "10s,",   "10s,10s",
					  "1M,1M",   "1s,1M,1s",  ",1M", "1s;M",   "1000000",
					  "1ms,64M", "10s,1000K", "-1s", "10s 1M", "17G"};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		cr_expect(gt_flight_parse(good[i]), "'%s'", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect_not(gt_flight_parse(bad[i]), "'%s'", bad[i]);
	gt_flight_set("3M,1s");
	cr_assert(gt_flight_is_on());
	cr_assert_eq(gt_flight_bytes(), 3 << 20);
	gt_flight_set("2s");
	cr_assert_eq(gt_flight_bytes(), 64 << 20);
	gt_flight_set("off");
	cr_assert_not(gt_flight_is_on());
}

Test(flight, generations_are_shorter_than_the_window)
{
	gt_flight_set("off");
	cr_assert_eq(gt_flight_period(1000000000), 1000000000);
	gt_flight_set("2s");
	cr_assert_eq(gt_flight_period(1000000000), 500000000);
	cr_assert_eq(gt_flight_period(100000000), 100000000);
	gt_flight_set("1h");
	cr_assert_gt(gt_flight_period(1000000), 1000000000, "there are not millions of them");
	gt_flight_set("64M");
	cr_assert_eq(gt_flight_period(1000000), 1000000);
}

Test(flight, what_is_whole_is_written_in_order, .fini = tear_down)
{
	struct gt_wire w;

	start("1M");
	cr_assert_not(gt_flight_has_any());
	whole_generation(1, 100);
	whole_generation(2, 200);
	generation(3, 50);
	save(&w);
	cr_assert_eq(w.batches, 3);
	cr_assert_eq(w.batch[0].gen, 1);
	cr_assert(w.batch[1].gen == 1 && w.batch[1].len == 100);
	cr_assert(w.batch[2].gen == 2 && w.batch[2].len == 200);
	gt_wire_free(&w);
}

Test(flight, old_ones_make_room_for_new_ones, .fini = tear_down)
{
	struct gt_live_head *h;
	struct gt_wire w;

	start("1M");
	h = gt_live_head();
	for (uint32_t gen = 1; gen <= 100; gen++) {
		uint64_t from = atomic_load(&h->ring_from);

		whole_generation(gen, 100000 + gen * 17);
		cr_assert_geq(atomic_load(&h->ring_from), from);
		cr_assert_leq(atomic_load(&h->ring_end) - atomic_load(&h->ring_from), RING);
		cr_assert_eq(atomic_load(&h->complete), atomic_load(&h->ring_end));
	}
	save(&w);
	cr_assert_eq(w.batches, 11, "there is room for ten");
	for (size_t i = 1; i < w.batches; i++)
		cr_assert(w.batch[i].gen == 90 + i && w.batch[i].len == 100000 + 17 * (90 + i));
	gt_wire_free(&w);
}

Test(flight, those_older_than_the_window_go, .fini = tear_down)
{
	struct gt_wire w;

	start("20ms,1M");
	whole_generation(1, 10);
	usleep(50000);
	whole_generation(2, 10);
	save(&w);
	cr_assert_eq(w.batches, 2);
	cr_assert_eq(w.batch[1].gen, 2);
	gt_wire_free(&w);
}

Test(flight, one_that_cannot_be_the_first_goes_with_those_before_it, .fini = tear_down)
{
	struct gt_wire w;

	start("1M");
	generation(1, 300000);
	gt_flight_keep(1, true, false);
	whole_generation(2, 300000);
	whole_generation(3, 300000);
	save(&w);
	cr_assert_eq(w.batch[1].gen, 1);
	gt_wire_free(&w);
	whole_generation(4, 300000);
	save(&w);
	cr_assert_eq(w.batches, 3);
	cr_assert_eq(w.batch[1].gen, 3);
	gt_wire_free(&w);
}

/* The first that is kept must say of a collection that it is under way. */
Test(flight, one_that_does_not_tell_all_cannot_be_the_first, .fini = tear_down)
{
	struct gt_wire w;

	start("1M");
	generation(1, 300000);
	gt_flight_keep(1, false, true);
	cr_assert_not(gt_flight_has_any());
	whole_generation(2, 300000);
	generation(3, 300000);
	gt_flight_keep(3, false, true);
	save(&w);
	cr_assert_eq(w.batches, 3);
	cr_assert_eq(w.batch[1].gen, 2);
	gt_wire_free(&w);
	whole_generation(4, 300000);
	whole_generation(5, 300000);
	save(&w);
	cr_assert_eq(w.batch[1].gen, 4);
	gt_wire_free(&w);
}

Test(flight, what_has_no_room_is_refused_and_costs_those_before_it_nothing, .fini = tear_down)
{
	struct gt_wire w;

	start("1M");
	whole_generation(1, 100);
	cr_assert(generation(2, RING / 2));
	cr_assert_not(generation(2, RING / 2));
	save(&w);
	cr_assert_eq(w.batches, 2);
	gt_wire_free(&w);
	gt_flight_end();
	cr_assert_not(gt_flight_has_any());
}

/* Those of /dev/shm with our pid. */
static int in_memory(void)
{
	char prefix[64];
	DIR *d = opendir("/dev/shm");
	struct dirent *e;
	int n = 0;

	snprintf(prefix, sizeof(prefix), "gtrace.%d.", (int)getpid());
	while (d && (e = readdir(d)))
		n += strncmp(e->d_name, prefix, strlen(prefix)) == 0;
	if (d)
		closedir(d);
	return n;
}

Test(flight, only_a_link_is_on_the_disk, .fini = gt_rec_clean)
{
	struct stat st;

	gt_rec_start(GT_REC_ENV("GTRACE_FLIGHT=1M"));
	gt_yield(GT_REC_PC);
	gt_advance_now();
	if (in_memory() == 0) /* no file system of that kind, or a full one: then it is like any live file */
		cr_skip("no memory in /dev/shm");
	cr_assert_eq(gt_temp_count(), 1);
	cr_assert_eq(lstat(gt_output_live(), &st), 0);
	cr_assert(S_ISLNK(st.st_mode));
	cr_assert_eq(stat(gt_output_live(), &st), 0);
	cr_assert_eq(st.st_mode & 0777, 0600);
	gt_rec_finish();
	cr_assert_eq(gt_temp_count(), 1);
	cr_assert_eq(in_memory(), 0);
	cr_assert(gt_temp_exists(gt_output_path()));
}

static char *numbered(int n)
{
	static char path[4096];

	snprintf(path, sizeof(path), "%s.%d", gt_output_path(), n);
	return path;
}

Test(flight, a_trace_of_the_last_generation_says_all_that_a_first_one_does, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;
	const struct gt_rec_event *ev;
	const struct gt_rec_fact *fact;

	gt_rec_start(GT_REC_ENV("GTRACE_FLIGHT=10ms,1M"));
	gt_puppet_start(&other);
	gt_puppet_waits(&other, &object);
	gt_advance_now();
	usleep(30000);
	gt_yield(GT_REC_PC);
	cr_assert(gt_recording_save());
	t = gt_rec_read(numbered(1));
	cr_assert_eq(gt_rec_find(t, 0, 0, GT_REC_ANY)->gen, 2, "the first one was too old");
	ev = gt_rec_find(t, 2, GT_EV_GoStatusStack, 2);
	cr_assert_not_null(ev);
	cr_assert_neq(ev->pc, 0);
	fact = gt_rec_fact(t, NULL, GT_FACT_Waiting);
	cr_assert(fact->v[0] == 2 && fact->v[2] == (intptr_t)&object);
	cr_assert_not_null(gt_rec_fact(t, NULL, GT_FACT_Process));
	cr_assert_not_null(gt_rec_fact(t, NULL, GT_FACT_ThreadName));
	fact = gt_rec_fact(t, NULL, GT_FACT_Snapshot);
	cr_assert_eq(fact->v[0], GT_TRIGGER_CALL);
	gt_puppet_end(&other);
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_fact(t, NULL, GT_FACT_Snapshot)->v[0], GT_TRIGGER_END);
}

Test(flight, each_trace_has_a_number_and_the_last_one_the_name, .fini = gt_rec_clean)
{
	gt_rec_start(GT_REC_ENV("GTRACE_FLIGHT=1M"));
	for (int i = 1; i <= 3; i++) {
		if (i == 2)
			gt_temp_touch(numbered(2), 0600);
		gt_yield(GT_REC_PC);
		cr_assert(gt_recording_save());
	}
	cr_assert_eq(gt_temp_size(numbered(2)), 0, "somebody else's file is left alone");
	cr_assert_eq(gt_rec_count(gt_rec_read(numbered(1)), 0, GT_EV_GoStop, 1), 1);
	cr_assert_eq(gt_rec_count(gt_rec_read(numbered(4)), 0, GT_EV_GoStop, 1), 3);
	cr_assert_eq(gt_rec_count(gt_rec_finish(), 0, GT_EV_GoStop, 1), 3);
}

Test(flight, no_trace_begins_with_the_world_stopped, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;

	gt_rec_start(GT_REC_ENV("GTRACE_FLIGHT=10ms,1M"));
	gt_stw_begin("GC", GT_REC_PC);
	gt_advance_now();
	usleep(30000);
	gt_stw_end();
	gt_advance_now();
	usleep(30000);
	gt_yield(GT_REC_PC);
	cr_assert(gt_recording_save());
	t = gt_rec_read(numbered(1));
	cr_assert_eq(gt_rec_find(t, 0, 0, GT_REC_ANY)->gen, 3);
	gt_rec_finish();
}

Test(flight, without_it_nothing_is_written_on_demand, .fini = gt_rec_clean)
{
	gt_rec_start(NULL);
	cr_assert_not(gt_recording_save());
	gt_rec_finish();
}

/* Several megabytes in one generation: the ring begins anew, and what was lost is counted. */
Test(flight, a_generation_that_has_no_room_is_a_gap, .fini = gt_rec_clean)
{
	enum { YIELDS = 300000 };
	struct gt_rec_trace *t;
	int64_t seen;

	gt_rec_start(GT_REC_ENV("GTRACE_FLIGHT=1M", "GTRACE_PERIOD=1h"));
	gt_puppet_start(&other);
	cr_assert(gt_advance_lock());
	for (int i = 0; i < YIELDS; i++)
		gt_yield(GT_REC_PC);
	gt_advance_release();
	gt_advance_now();
	cr_assert_not(gt_recording_is_on());
	gt_recording_mend_now();
	cr_assert(gt_recording_is_on());
	gt_yield(GT_REC_PC);
	gt_puppet_end(&other);
	t = gt_rec_finish();
	seen = (int64_t)gt_rec_count(t, 0, GT_EV_GoStop, 1);
	cr_assert_eq(seen, 1);
	cr_assert_not_null(gt_rec_fact(t, NULL, GT_FACT_Gap));
	cr_assert_geq(gt_rec_dropped(t, GT_DROP_EVENTS) + gt_rec_dropped(t, GT_DROP_GAP), YIELDS);
}
