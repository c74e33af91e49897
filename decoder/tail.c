/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Batches behind the last generation that is known to be complete are looked at one by one. Those of a thread are in their
 * order in the file, and buffers of the live file follow. One that is in both, since the process ended between writing it and
 * forgetting it, is taken from the live file: the other may be cut.
 *
 * A generation with a frequency has its tables: the recorder writes them before it. All others get theirs from the live file.
 */
#include "tail.h"

#include "../shim/format/header.h"
#include "../shim/format/live.h"
#include "batch.h"
#include "cli.h"
#include "fact.h"
#include "live.h"
#include "mentions.h"
#include "remake.h"
#include "slice.h"
#include "unpack.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TRIES = 20, NAP_US = 2000 };

/* Where the last generation begins of what is complete up to `at`, and its number; 0: there is none. */
struct whole {
	uint64_t at, from, gen;
};

struct join {
	struct gt_live live;
	struct gt_input in;
	struct gt_arena arena;
	struct gt_room room, unpacked;
	struct gt_batch *first, **end; /* of the file, behind what is complete */
	struct gt_out out;
	struct whole *whole; /* of the looks before, too: what is complete of a file stays as it is */
	uint64_t as; /* the number that the last generation got */
};

/* What a generation has in the file. */
struct generation {
	uint64_t gen;
	bool has_tables, has_events;
};

static void skip_to(struct gt_input *in, uint64_t at)
{
	if (gt_input_offset(in) < at)
		gt_input_skip(in, at - gt_input_offset(in));
}

/* What is complete is as sound as it is: where it is broken is for its readers to say. */
static void read_complete(struct join *j, uint64_t at)
{
	struct gt_error ignored = {0};
	struct gt_batch *batch;

	if (gt_live_has_ring(&j->live) || j->whole->at > at)
		*j->whole = (struct whole){0};
	skip_to(&j->in, j->whole->at);
	while (gt_input_offset(&j->in) < at && gt_batch_read(&j->in, &j->arena, &batch, &ignored) == 1) {
		if (batch->gen != j->whole->gen)
			j->whole->from = batch->offset;
		j->whole->gen = batch->gen;
		gt_arena_clear(&j->arena);
	}
	gt_error_clear(&ignored);
	skip_to(&j->in, at);
	if (j->whole->gen == 0)
		j->whole->from = at;
	j->whole->at = at;
	j->as = j->whole->gen;
}

/* The batches behind what is complete, up to one that is cut. 0, or -1 with *err. */
static int read_batches(struct join *j, uint64_t at, struct gt_error *err)
{
	int more;

	read_complete(j, at);
	if (gt_input_offset(&j->in) != at)
		return gt_error_set(err, GT_ERR_FORMAT, "is shorter than its live file says");
	for (j->end = &j->first;;) {
		struct gt_batch *batch;

		more = gt_batch_read(&j->in, &j->arena, &batch, err);
		if (more != 1)
			break;
		if (gt_live_has_lost(&j->live, batch->gen))
			continue;
		*j->end = batch;
		j->end = &batch->next;
	}
	*j->end = NULL;
	if (more < 0 && err->code == GT_ERR_TRUNCATED)
		gt_error_clear(err);
	return more < 0 && err->code != GT_ERR_NONE ? -1 : 0;
}

static bool is_table(const struct gt_batch *b)
{
	enum gt_batch_kind kind = gt_batch_kind(b);

	return kind == GT_BATCH_STRINGS || kind == GT_BATCH_STACKS || kind == GT_BATCH_CLOCK;
}

static bool is_in_live(const struct join *j, const struct gt_batch *b)
{
	if (b->m < 0)
		return false;
	for (size_t i = 0; i < j->live.nbufs; i++) {
		const struct gt_live_buf *buf = &j->live.bufs[i];

		if (buf->gen == b->gen && buf->m == (uint64_t)b->m && buf->time == b->time)
			return true;
	}
	return false;
}

static void put(struct join *j, uint8_t experiment, const struct gt_live_buf *buf, const uint8_t *bytes, size_t len)
{
	size_t magic = experiment != 0 ? GT_FACTS_MAGIC_LEN : 0;

	gt_slice_head(&j->out, experiment, j->as, (int64_t)buf->m, buf->time, magic + len);
	gt_out_bytes(&j->out, GT_FACTS_MAGIC, magic);
	gt_out_bytes(&j->out, bytes, len);
	gt_out_relax(&j->out);
}

static void add_buf(struct join *j, const struct gt_live_buf *buf, struct gt_mentions *mentions)
{
	gt_mentions_events(mentions, buf->events, buf->events + buf->nevents);
	gt_mentions_facts(mentions, buf->facts, buf->facts + buf->nfacts);
	put(j, 0, buf, buf->events, buf->nevents);
	if (buf->nfacts > 0)
		put(j, GT_FACTS_EXPERIMENT, buf, buf->facts, buf->nfacts);
}

static void add_batch(struct join *j, const struct gt_batch *b, struct gt_mentions *mentions)
{
	struct gt_error ignored = {0};
	const uint8_t *p = gt_batch_payload(b, &j->in, &j->room, &ignored);
	const uint8_t *end = p + b->len, *records;

	if (p == NULL)
		return;
	if (gt_batch_kind(b) == GT_BATCH_SAMPLES) {
		gt_late_samples_written(&j->live.late[b->gen & 1], p + 1, end);
		gt_mentions_samples(mentions, p + 1, end);
	} else if (b->experiment == 0) {
		gt_mentions_events(mentions, p, end);
	} else if (gt_fact_is_ours(b->experiment, p, end) && (records = gt_unpack(p, &end, &j->unpacked)) != NULL) {
		gt_mentions_facts(mentions, records, end);
	}
	gt_slice_head(&j->out, b->experiment, j->as, b->m, b->time, b->len);
	gt_out_bytes(&j->out, p, b->len);
	gt_out_relax(&j->out);
}

static void add_samples(struct join *j, const struct generation *g, struct gt_mentions *mentions)
{
	uint8_t payload[GT_MAX_PAYLOAD];
	size_t len;

	while ((len = gt_late_samples_next(&j->live.late[g->gen & 1], payload)) > 0) {
		gt_mentions_samples(mentions, payload + 1, payload + len);
		gt_slice_head(&j->out, 0, j->as, -1, 0, len);
		gt_out_bytes(&j->out, payload, len);
		gt_out_relax(&j->out);
	}
}

/* The earliest generation behind `after` in both. False: there is none. */
static bool next_generation(const struct join *j, uint64_t after, struct generation *g)
{
	*g = (struct generation){.gen = UINT64_MAX};
	for (size_t i = 0; i < j->live.nbufs; i++) {
		if (j->live.bufs[i].gen > after && j->live.bufs[i].gen < g->gen)
			g->gen = j->live.bufs[i].gen;
	}
	for (const struct gt_batch *b = j->first; b != NULL; b = b->next) {
		if (b->gen > after && b->gen < g->gen)
			g->gen = b->gen;
	}
	for (size_t i = 0; i < j->live.nbufs; i++)
		g->has_events |= j->live.bufs[i].gen == g->gen;
	for (const struct gt_batch *b = j->first; b != NULL; b = b->next) {
		if (b->gen != g->gen)
			continue;
		g->has_tables |= gt_batch_kind(b) == GT_BATCH_CLOCK;
		g->has_events |= gt_batch_kind(b) == GT_BATCH_EVENTS && b->len > 0;
	}
	return g->gen != UINT64_MAX;
}

/*
 * A reader refuses a generation without events, as one is in which nobody did anything before the recorder could say so, and
 * also a number that does not follow the last one.
 */
static void add_generation(struct join *j, const struct generation *g)
{
	struct gt_mentions mentions = {0};

	if (!g->has_events)
		return;
	j->as = j->as == 0 || g->gen <= j->as ? g->gen : j->as + 1;
	for (const struct gt_batch *b = j->first; b != NULL; b = b->next) {
		if (b->gen == g->gen && (g->has_tables || !is_table(b)) && !is_in_live(j, b))
			add_batch(j, b, &mentions);
	}
	for (size_t i = 0; i < j->live.nbufs; i++) {
		if (j->live.bufs[i].gen == g->gen)
			add_buf(j, &j->live.bufs[i], &mentions);
	}
	add_samples(j, g, &mentions);
	if (!g->has_tables)
		gt_remake(&j->live, g->gen, j->as, &mentions, &j->out);
	gt_mentions_free(&mentions);
}

/* Behind what is complete. 1, 0 or -1. */
static int join(struct join *j, struct gt_tail *tail, struct gt_error *err)
{
	struct generation g = {0};

	if (!j->in.regular || gt_input_header(&j->in, err) < 0 || tail->at < GT_HEADER_LEN)
		return gt_error_set(err, GT_ERR_FORMAT, "does not belong to its live file");
	if (read_batches(j, tail->at, err) < 0)
		return -1;
	gt_remake_gap(&j->live, &j->out);
	while (next_generation(j, g.gen, &g))
		add_generation(j, &g);
	if (j->as != 0)
		gt_remake_drops(&j->live, j->as, &j->out);
	if (!gt_out_flush(&j->out))
		return gt_error_set(err, GT_ERR_IO, "cannot keep what its live file has: %s", strerror(errno));
	return lseek(tail->fd, 0, SEEK_CUR) > 0 || tail->file >= 0 || j->live.head->lost != 0; /* to be cut off */
}

/* Opens the trace file, or what stands for it. 1, 0: look again, -1. */
static int open_file(struct join *j, struct gt_tail *tail, const char *path, struct gt_error *err)
{
	int r, copy;

	tail->at = j->live.head->complete;
	if (!gt_live_has_ring(&j->live))
		return gt_input_open(&j->in, path, err) < 0 ? -1 : 1;
	tail->file = memfd_create("gtrace", MFD_CLOEXEC);
	if (tail->file < 0 || fchmod(tail->file, 0600) != 0)
		return gt_error_set(err, GT_ERR_IO, "%s", strerror(errno));
	r = gt_live_unroll(&j->live, tail->lacks_end, tail->file, &tail->at, err);
	if (r != 1)
		return r;
	if (lseek(tail->file, 0, SEEK_SET) != 0 || (copy = dup(tail->file)) < 0)
		return gt_error_set(err, GT_ERR_IO, "%s", strerror(errno));
	return gt_input_take(&j->in, copy, path, err) < 0 ? -1 : 1;
}

/* The file is read after the live file: what is in neither was not recorded. 1, 0 or -1. */
static int read_both(struct join *j, struct gt_tail *tail, const char *path, bool *again, struct gt_error *err)
{
	int r;

	tail->fd = memfd_create("gtrace", MFD_CLOEXEC);
	if (tail->fd < 0)
		return gt_error_set(err, GT_ERR_IO, "%s", strerror(errno));
	gt_out_open(&j->out, tail->fd);
	r = open_file(j, tail, path, err);
	*again = r == 0;
	if (r == 1 && tail->lacks_end)
		r = gt_input_header(&j->in, err) < 0 ? -1 : 1;
	else if (r == 1)
		r = join(j, tail, err);
	tail->is_written = gt_live_is_written(&j->live);
	if (tail->is_written && !gt_live_has_ring(&j->live))
		*again = gt_live_has_moved(&j->live);
	return r;
}

/*
 * One look at both. *again: a generation was completed meanwhile. The last look at a ring is at its complete generations alone: threads'
 * buffers may take longer to read than a generation lasts.
 */
static int look(struct gt_tail *tail, const char *path, const char *live, bool is_last, struct whole *whole,
		bool *again, struct gt_error *err)
{
	struct join j = {.whole = whole};
	int r = gt_live_open(&j.live, live, err);

	*tail = (struct gt_tail){.file = -1, .fd = -1};
	*again = false;
	if (r != 1)
		return r;
	tail->lacks_end = is_last && gt_live_has_ring(&j.live);
	r = read_both(&j, tail, path, again, err);
	if (r == 1 && !*again && !tail->lacks_end &&
	    gt_prune(&j.in, whole->from, tail->at, &tail->fd, &tail->pruned, err) < 0)
		r = -1;
	j.out.fd = -1;
	gt_out_close(&j.out);
	if (r != 1 || *again)
		gt_tail_close(tail);
	gt_live_close(&j.live);
	gt_input_close(&j.in);
	gt_arena_free(&j.arena);
	free(j.room.bytes);
	free(j.unpacked.bytes);
	return r;
}

void gt_tail_close(struct gt_tail *tail)
{
	if (tail->file >= 0)
		close(tail->file);
	if (tail->fd >= 0)
		close(tail->fd);
	tail->file = tail->fd = -1;
}

char *gt_tail_live(const char *path)
{
	size_t size = strlen(path) + sizeof(".live");
	char *live = gt_cli_alloc(1, size);

	snprintf(live, size, "%s.live", path);
	return live;
}

int gt_tail_make(struct gt_tail *tail, const char *path, const char *live, struct gt_error *err)
{
	struct whole whole = {0};
	bool again = true;
	int r = 0;

	for (int i = 0; i < TRIES && again; i++) {
		gt_error_clear(err);
		r = look(tail, path, live, i == TRIES - 1, &whole, &again, err);
		if (again)
			usleep(NAP_US);
	}
	return again ? gt_error_set(err, GT_ERR_IO, "changes too fast to be read") : r;
}
