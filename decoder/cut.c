/* SPDX-License-Identifier: BSD-3-Clause */
#include "cut.h"

#include "cli.h"

#include <inttypes.h>
#include <string.h>

/* How far the walk over a trace has come. */
struct walk {
	const struct gt_window *window;
	struct gt_splice *splice;
	struct gt_anchor anchor;
	struct gt_carry carry;
	uint64_t gen; /* the last one */
	bool started;
	int64_t start; /* of the trace */
	bool over; /* nothing behind can be in the window */
};

static void take_anchor(struct walk *w, struct gt_slice *slice)
{
	gt_anchor_snapshot(&w->anchor, slice->snapped, &slice->snapshot);
	for (const struct gt_batch *b = slice->first; b != NULL; b = b->next) {
		const uint8_t *end, *p = gt_slice_facts(slice, b, &end);
		struct gt_fact_record fact;

		while (p != NULL && gt_fact_next(&p, end, &fact))
			gt_anchor_fact(&w->anchor, &fact);
	}
}

static int take_slice(struct walk *w, struct gt_slice *slice, struct gt_error *err)
{
	struct gt_span span;

	if (w->gen != 0 && slice->is.gen != w->gen + 1)
		return gt_error_set(err, GT_ERR_FORMAT, "generation %" PRIu64 " follows generation %" PRIu64,
				    slice->is.gen, w->gen);
	w->gen = slice->is.gen;
	take_anchor(w, slice);
	if (gt_window_is_wall(w->window) && !w->anchor.known)
		return gt_error_set(err, GT_ERR_FORMAT, "does not know the wall clock: it has no Clock facts");
	if (!w->started)
		w->start = slice->is.from;
	w->started = true;
	span = gt_window_span(w->window, w->start, &w->anchor);
	if (slice->is.from > span.to)
		w->over = w->window->to.kind == GT_WHEN_RELATIVE;
	else if (slice->is.to >= span.from)
		gt_splice_add(w->splice, slice, w->splice->generations == 0 ? &w->carry : NULL);
	if (w->splice->generations == 0)
		gt_carry_take(&w->carry, slice);
	return 0;
}

int gt_cut(struct gt_input *in, const struct gt_window *window, struct gt_splice *splice, struct gt_error *err)
{
	struct walk w = {.window = window, .splice = splice};
	struct gt_slice slice = {0};
	int more = 0;

	while (!w.over && !splice->out.failed && more >= 0) {
		more = gt_slice_read(&slice, in, err);
		if (more == 0)
			break;
		if (more > 0)
			more = take_slice(&w, &slice, err);
	}
	gt_slice_free(&slice);
	gt_carry_free(&w.carry);
	return more < 0 ? -1 : 0;
}

/* Gives the result its name only if it is sound as a whole. */
static bool deliver_whole(struct gt_splice *splice, const char *path, struct gt_save *save)
{
	struct gt_error unsound;
	long sound = gt_splice_finish(splice, &unsound);

	if (sound < 0)
		gt_cli_complain("%s: %s", gt_save_name(save), strerror(splice->error));
	else if (sound != (long)splice->generations)
		gt_cli_broken(path, &unsound);
	return sound > 0 && sound == (long)splice->generations && gt_save_commit(save);
}

bool gt_cut_to(struct gt_input *in, const char *path, const struct gt_cut_wish *wish, struct gt_save *save)
{
	struct gt_error damage;
	struct gt_splice splice;
	bool good;

	gt_error_clear(&damage);
	gt_save_like(save, in->fd);
	gt_splice_start(&splice, save->fd, in->version);
	good = gt_cut(in, &wish->window, &splice, &damage) == 0;
	if (!good)
		gt_cli_broken(path, &damage);
	if (good && splice.generations == 0) {
		gt_cli_complain("%s: %s", path, wish->nothing);
		good = false;
	} else if (wish->whole) {
		good = good && deliver_whole(&splice, path, save);
	} else if (splice.generations > 0) {
		good = gt_splice_deliver(&splice, path, !good, save) && good;
	}
	gt_splice_free(&splice);
	return good;
}
