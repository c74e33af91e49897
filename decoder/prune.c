/* SPDX-License-Identifier: BSD-3-Clause */
#include "prune.h"

#include "../shim/format/header.h"
#include "../shim/format/spec.h"
#include "../shim/format/varint.h"
#include "cli.h"
#include "frontier.h"
#include "slice.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Where a thread's events end: `events` of the batch at `offset` stay, and nothing of those behind it. */
struct stump {
	int64_t m;
	uint64_t offset; /* in what is pruned */
	int64_t events;
};

/* Of the generation that can't be read to its end; gen 0: there is none. */
struct cut {
	uint64_t gen;
	struct stump *stumps; /* by thread */
	size_t n;
	const struct stump *prior; /* while it is made: whose the last batch of events was, if nothing of that stays */
};

static int open_file(struct gt_input *in, int fd, int version, struct gt_error *err)
{
	int copy = dup(fd);

	if (copy < 0)
		return gt_error_set(err, GT_ERR_IO, "%s", strerror(errno));
	if (gt_input_take(in, copy, "the end of the trace", err) < 0)
		return -1;
	in->version = version;
	return 0;
}

/* All of the trace. */
static int open_both(struct gt_input *in, const struct gt_input *file, uint64_t at, int fd, struct gt_error *err)
{
	int copy = dup(fd);

	if (copy < 0)
		return gt_error_set(err, GT_ERR_IO, "%s", strerror(errno));
	if (open_file(in, file->fd, file->version, err) < 0) {
		close(copy);
		return -1;
	}
	in->base = file->base;
	gt_input_attach(in, copy, at);
	gt_input_skip(in, GT_HEADER_LEN);
	return 0;
}

static int by_thread(const void *a, const void *b)
{
	const struct stump *x = a, *y = b;

	return (x->m > y->m) - (x->m < y->m);
}

static void note(struct cut *cut, const struct gt_frontier *f, uint64_t gen, uint64_t at)
{
	cut->stumps = gt_cli_alloc(f->n + 1, sizeof(*cut->stumps));
	for (size_t i = 0; i < f->n; i++) {
		const struct gt_cursor *c = f->heap[i].cursor;

		if (c->batch->offset < at)
			return; /* what is broken was complete */
		cut->stumps[cut->n++] = (struct stump){c->m, c->batch->offset - at, c->index};
	}
	qsort(cut->stumps, cut->n, sizeof(*cut->stumps), by_thread);
	cut->gen = gen;
}

/* Whether it can be read to its end; else where it stops, if nothing is wrong but the order. */
static bool replay(const struct gt_generation *gen, struct gt_order *order, uint64_t at, struct cut *cut)
{
	struct gt_frontier f;
	struct gt_error err;
	int r;

	gt_error_clear(&err);
	r = gt_frontier_open(&f, gen, &err);
	while (r == 0 && f.n > 0) {
		r = gt_frontier_advance(&f, order, &err);
		while (gt_order_take(order) != NULL)
			;
	}
	if (r < 0 && err.code == GT_ERR_ORDER)
		note(cut, &f, gen->gen, at);
	gt_frontier_close(&f);
	return r == 0;
}

static void replay_all(struct gt_input *in, uint64_t at, struct cut *cut)
{
	struct gt_generation *gen = gt_generation_new();
	struct gt_order *order = gt_order_new();
	struct gt_error err, later;

	if (gen == NULL || order == NULL)
		gt_cli_no_memory();
	gen->no_facts = true;
	gt_error_clear(&err);
	gt_error_clear(&later);
	while (gt_generation_read(gen, in, &err, &later) > 0 && replay(gen, order, at, cut))
		;
	gt_order_free(order);
	gt_generation_free(gen);
}

/* What can't be put in order of what is read from `from` on. 0, or -1 with *err. */
static int find_cut(const struct gt_input *file, uint64_t at, int fd, uint64_t from, struct cut *cut,
		    struct gt_error *err)
{
	struct gt_input in = {0};

	free(cut->stumps);
	*cut = (struct cut){0};
	if (open_both(&in, file, at, fd, err) < 0)
		return -1;
	gt_input_skip(&in, from - gt_input_offset(&in));
	replay_all(&in, at, cut);
	gt_input_close(&in);
	return 0;
}

static const struct stump *stump_of(const struct cut *cut, int64_t m)
{
	struct stump key = {.m = m};

	return bsearch(&key, cut->stumps, cut->n, sizeof(key), by_thread);
}

/* Behind the n-th event, or at the end where something malformed comes before. */
static const uint8_t *skip(const uint8_t *p, const uint8_t *end, int64_t n)
{
	for (; n > 0 && p < end; n--) {
		if (!gt_event_is_timed(*p))
			return end;
		p = gt_varint_skip(p + 1, end, 1 + gt_event_spec[*p].nargs);
		if (p == NULL)
			return end;
	}
	return p;
}

static uint64_t count(const uint8_t *p, const uint8_t *end)
{
	uint64_t n = 0;

	for (; p < end; n++)
		p = skip(p, end, 1);
	return n;
}

/* How much of its payload stays. */
static size_t rest_of(const struct cut *cut, const struct gt_batch *b, const uint8_t *payload)
{
	const struct stump *s = gt_batch_kind(b) == GT_BATCH_EVENTS ? stump_of(cut, b->m) : NULL;

	if (payload == NULL)
		return 0;
	if (s == NULL || b->offset < s->offset)
		return b->len;
	return b->offset == s->offset ? (size_t)(skip(payload, payload + b->len, s->events) - payload) : 0;
}

/* Whether any event stays: a reader refuses a generation without. Counts those that don't. */
static bool look_over(const struct cut *cut, struct gt_slice *slice, struct gt_pruned *pruned)
{
	bool any = false;

	for (const struct gt_batch *b = slice->first; b != NULL; b = b->next) {
		bool is_of_events = gt_batch_kind(b) == GT_BATCH_EVENTS;
		const uint8_t *payload = is_of_events ? gt_slice_payload(slice, b) : NULL;
		size_t rest = rest_of(cut, b, payload);

		any |= rest > 0;
		if (payload != NULL)
			pruned->events += count(payload + rest, payload + b->len);
	}
	return any;
}

static void write_batch(struct cut *cut, struct gt_slice *slice, const struct gt_batch *b, struct gt_out *out)
{
	const uint8_t *payload = gt_slice_payload(slice, b);
	size_t len = rest_of(cut, b, payload);

	if (gt_batch_kind(b) == GT_BATCH_EVENTS)
		cut->prior = len == 0 && b->len > 0 ? stump_of(cut, b->m) : NULL;
	if (len == 0 || (b->experiment != 0 && cut->prior != NULL && cut->prior->m == b->m))
		return; /* facts of events that are not there would be taken for those of others */
	gt_slice_head(out, b->experiment, b->gen, b->m, b->time, len);
	gt_out_bytes(out, payload, len);
	gt_out_relax(out);
}

/* The generations up to the one that is cut; those behind are counted. */
static bool write_all(struct cut *cut, struct gt_input *in, struct gt_out *out, struct gt_pruned *pruned)
{
	struct gt_slice slice = {0};
	struct gt_error err;
	bool done = false;

	gt_error_clear(&err);
	while (gt_slice_read(&slice, in, &err) > 0) {
		if (done) {
			pruned->events += slice.is.events;
		} else if (slice.is.gen != cut->gen) {
			gt_slice_write(&slice, out);
		} else if (look_over(cut, &slice, pruned)) {
			for (const struct gt_batch *b = slice.first; b != NULL; b = b->next)
				write_batch(cut, &slice, b, out);
		}
		done |= slice.is.gen == cut->gen;
	}
	gt_slice_free(&slice);
	return done;
}

static int make(struct cut *cut, int *fd, int version, struct gt_pruned *pruned, struct gt_error *err)
{
	int to = memfd_create("gtrace", MFD_CLOEXEC);
	struct gt_input in;
	struct gt_out out;
	bool done;

	if (to < 0)
		return gt_error_set(err, GT_ERR_IO, "%s", strerror(errno));
	if (lseek(*fd, 0, SEEK_SET) != 0 || open_file(&in, *fd, version, err) < 0) {
		close(to);
		return -1;
	}
	gt_out_open(&out, to);
	done = write_all(cut, &in, &out, pruned) && gt_out_flush(&out);
	gt_input_close(&in);
	close(done ? *fd : to);
	if (done)
		*fd = to;
	out.fd = -1;
	gt_out_close(&out);
	pruned->threads = cut->n;
	return done ? 0 : gt_error_set(err, GT_ERR_IO, "cannot keep what there is: %s", strerror(errno));
}

/* What seems to follow from nothing may follow from what is older than the last complete generation. */
int gt_prune(const struct gt_input *file, uint64_t from, uint64_t at, int *fd, struct gt_pruned *pruned,
	     struct gt_error *err)
{
	struct cut cut = {0};
	int r;

	*pruned = (struct gt_pruned){0};
	r = find_cut(file, at, *fd, from, &cut, err);
	if (r == 0 && cut.gen != 0 && from > GT_HEADER_LEN)
		r = find_cut(file, at, *fd, GT_HEADER_LEN, &cut, err);
	if (r == 0 && cut.gen != 0)
		r = make(&cut, fd, file->version, pruned, err);
	free(cut.stumps);
	return r;
}
