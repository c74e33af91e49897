/* SPDX-License-Identifier: BSD-3-Clause */
#include "trace.h"

#include "cli.h"
#include "tail.h"

static void attach(struct gt_input *in, const char *path)
{
	struct gt_error err = {0};
	struct gt_tail tail;
	int r = gt_tail_make(&tail, path, &err);

	if (r < 0) {
		in->lacks_end = true;
		gt_cli_complain("%s.live: %s: the end of the trace is missing", path, err.words);
	} else if (r > 0) {
		gt_input_attach(in, tail.fd, tail.at);
		in->is_growing = tail.is_written;
		gt_cli_complain("%s: the program %s; the end comes from %s.live", path,
				tail.is_written ? "is still running" : "did not come to finish it", path);
	}
}

int gt_trace_open(struct gt_input *in, const char *path, struct gt_error *err)
{
	if (gt_input_open(in, path, err) < 0)
		return -1;
	if (in->regular && in->fd > 0)
		attach(in, path);
	return 0;
}
