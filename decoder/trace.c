/* SPDX-License-Identifier: BSD-3-Clause */
#include "trace.h"

#include "cli.h"
#include "live.h"
#include "tail.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void say(const struct gt_tail *tail, const char *path, const char *live)
{
	const char *what = tail->is_written ? "is still running" : "did not come to finish it";

	if (tail->file >= 0)
		gt_cli_complain("%s: the program %s; what its flight recorder keeps comes from %s", path, what, live);
	else
		gt_cli_complain("%s: the program %s; the end comes from %s", path, what, live);
	if (tail->lacks_end)
		gt_cli_complain("%s: it changes too fast: what follows its last whole generation is missing", live);
	if (tail->pruned.events > 0 && !tail->is_written)
		gt_cli_complain("%s: the last %" PRIu64
				" events of %zu threads are left out: what they follow from was not recorded",
				path, tail->pruned.events, tail->pruned.threads);
}

static int attach(struct gt_input *in, const char *path, const struct gt_tail *tail, struct gt_error *err)
{
	int r = tail->file >= 0 ? gt_input_take(in, tail->file, path, err) : gt_input_open(in, path, err);

	if (r < 0)
		return r;
	gt_input_attach(in, tail->fd, tail->at);
	in->is_growing = tail->is_written;
	return 0;
}

static void nothing(const char *live, struct gt_error *err)
{
	gt_error_clear(err);
	gt_error_set(err, GT_ERR_IO, "%s is empty: its program was killed while it began, or begins just now", live);
}

static int open_both(struct gt_input *in, const char *path, const char *live, bool quiet, struct gt_error *err)
{
	struct gt_error why = {0};
	struct gt_tail tail;
	int r = gt_tail_make(&tail, path, live, &why);

	if (r > 0) {
		if (!quiet)
			say(&tail, path, live);
		return attach(in, path, &tail, err);
	}
	if (gt_input_open(in, path, err) < 0) {
		if (r < 0)
			*err = why; /* a flight recorder's trace need not be there */
		else if (gt_live_is_blank(live))
			nothing(live, err);
		return -1;
	}
	if (r < 0) {
		in->lacks_end = true;
		gt_cli_complain("%s: %s: the end of the trace is missing", live, why.words);
	}
	return 0;
}

int gt_trace_open_live(struct gt_input *in, const char *path, const char *live, struct gt_error *err)
{
	return open_both(in, path, live, true, err);
}

/* Whether there can't be a live file: a pipe has none. But a flight recorder's trace need not be there. */
static bool is_alone(const char *path)
{
	struct stat st;

	if (strcmp(path, "-") == 0)
		return true;
	return stat(path, &st) == 0 && (!S_ISREG(st.st_mode) || st.st_size == 0);
}

int gt_trace_open(struct gt_input *in, const char *path, struct gt_error *err)
{
	char *live = gt_tail_live(path);
	int r = is_alone(path) ? gt_input_open(in, path, err) : open_both(in, path, live, false, err);

	free(live);
	return r;
}
