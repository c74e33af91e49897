/* SPDX-License-Identifier: BSD-3-Clause */
/* Raw records, one after the other: the payloads of batches follow their heads as records of their own. */
#include "text_go.h"

#include "../shim/format/spec.h"
#include "input.h"
#include "number.h"
#include "trace.h"

enum { LAST_RECORD = GT_EV_GoroutineStackFree };

static const char *const batch_args[] = {"gen", "m", "time", "size", NULL};
static const char *const stack_args[] = {"id", "nframes", NULL};
static const char *const string_args[] = {"id", NULL};
static const char *const sample_args[] = {"time", "m", "p", "g", "stack", NULL};
static const char *const frequency_args[] = {"freq", NULL};
static const char *const experiment_args[] = {"exp", "gen", "m", "time", NULL};
static const char *const snapshot_args[] = {"dt", "mono", "sec", "nsec", NULL};
static const char *const frame_args[] = {"pc", "func", "file", "line"};

static const char *const *const args[256] = {
	[GT_FR_EventBatch] = batch_args,       [GT_FR_Stack] = stack_args,
	[GT_FR_String] = string_args,          [GT_FR_CPUSample] = sample_args,
	[GT_FR_Frequency] = frequency_args,    [GT_FR_ExperimentalBatch] = experiment_args,
	[GT_FR_ClockSnapshot] = snapshot_args,
};

/* " name=number", read from the input. The number, for who needs it, goes to *v. */
static int number(struct gt_input *in, struct gt_out *out, char before, const char *name, uint64_t *v)
{
	int r = gt_input_varint(in, v);

	if (r <= 0)
		return r;
	gt_out_char(out, before);
	gt_out_str(out, name);
	gt_out_char(out, '=');
	gt_out_u64(out, *v);
	return 1;
}

/* The functions below return 1; 0 when the input ends; -1 when a number is malformed. */

static int frames(struct gt_input *in, struct gt_out *out, uint64_t n)
{
	uint64_t v;
	int r = 1;

	for (int64_t i = 0; i < (int64_t)n && r > 0; i++) {
		gt_out_char(out, '\n');
		for (int k = 0; k < 4 && r > 0; k++)
			r = number(in, out, k == 0 ? '\t' : ' ', frame_args[k], &v);
	}
	return r;
}

static int data(struct gt_input *in, struct gt_out *out)
{
	struct gt_out bytes;
	uint64_t n;
	int r = gt_input_varint(in, &n);

	if (r <= 0 || (int64_t)n <= 0)
		return r;
	gt_out_open(&bytes, -1);
	for (uint64_t i = 0; i < n && r > 0; i++) {
		int b = gt_input_byte(in);

		if (b < 0)
			r = 0;
		else
			gt_out_char(&bytes, (char)b);
	}
	gt_out_str(out, "\n\tdata=");
	gt_out_quoted(out, bytes.buf, bytes.len);
	out->failed |= bytes.failed;
	gt_out_close(&bytes);
	return r;
}

static int timed(struct gt_input *in, struct gt_out *out, const struct gt_event_spec *spec)
{
	uint64_t v;
	int r;

	gt_out_str(out, spec->name);
	r = number(in, out, ' ', "dt", &v);
	for (int i = 0; i < spec->nargs && r > 0; i++)
		r = number(in, out, ' ', spec->args[i].name, &v);
	return r;
}

/* What stands before a number of an event; all of `text` may be copied. */
struct label {
	uint8_t len;
	char text[31];
};

#define LABEL(text)                                                                                                    \
	{                                                                                                              \
		sizeof(text) - 1, text                                                                                 \
	}
#define FIRST(name) LABEL(#name " dt=")
#define NEXT(arg) LABEL(" " #arg "=")

/* By type: how many numbers, and their labels. */
static const struct {
	int n;
	struct label label[1 + GT_MAX_ARGS];
} labels[LAST_RECORD + 1] = {
#define EV0(no, name, ctx, grp, help) [no] = {1, {FIRST(name)}},
#define EV1(no, name, ctx, grp, a, help) [no] = {2, {FIRST(name), NEXT(a)}},
#define EV2(no, name, ctx, grp, a, b, help) [no] = {3, {FIRST(name), NEXT(a), NEXT(b)}},
#define EV3(no, name, ctx, grp, a, b, c, help) [no] = {4, {FIRST(name), NEXT(a), NEXT(b), NEXT(c)}},
#define EV4(no, name, ctx, grp, a, b, c, d, help) [no] = {5, {FIRST(name), NEXT(a), NEXT(b), NEXT(c), NEXT(d)}},
#include "../shim/format/events.def"
};

/* An event that is whole in the buffer, as timed() would write it. False when it is not that simple. */
static bool timed_near(struct gt_input *in, struct gt_out *out, int type)
{
	enum { NEAR = (1 + GT_MAX_ARGS) * GT_MAX_VARINT, ROOM = 32 * (2 + 2 * GT_MAX_ARGS) };
	const uint8_t *from = in->buf + in->at;
	char *p = in->end - in->at >= NEAR ? gt_out_reserve(out, ROOM) : NULL;

	if (p == NULL)
		return false;
	for (int i = 0; i < labels[type].n; i++) {
		const struct label *label = &labels[type].label[i];
		uint64_t v;

		from = gt_number_get(from, &v);
		if (from == NULL)
			return false;
		memcpy(p, label->text, sizeof(label->text));
		p = gt_digits_u64(p + label->len, v);
	}
	in->at = (size_t)(from - in->buf);
	gt_out_commit(out, p);
	return true;
}

static int last_frame(int version)
{
	if (version >= GT_GO_END)
		return GT_FR_EndOfGeneration;
	return version >= GT_GO_SYNC ? GT_FR_ClockSnapshot : GT_FR_ExperimentalBatch;
}

static int frame_record(struct gt_input *in, struct gt_out *out, int type)
{
	uint64_t v = 0;
	int r = 1;

	/* A record of a newer version has no name in an older one, and nothing behind it. */
	if (type <= last_frame(in->version))
		gt_out_str(out, gt_frame_name[type]);
	else
		return r;
	for (const char *const *name = args[type]; name != NULL && *name != NULL && r > 0; name++)
		r = number(in, out, ' ', *name, &v);
	if (r > 0 && type == GT_FR_Stack)
		r = frames(in, out, v);
	if (r > 0 && (type == GT_FR_String || type == GT_FR_ExperimentalBatch))
		r = data(in, out);
	return r;
}

/* One record and its newline; what is cut off is taken back. */
static int record(struct gt_input *in, struct gt_out *out, int type)
{
	const struct gt_event_spec *spec = &gt_event_spec[type];
	size_t start = out->len;
	int r;

	if (spec->name != NULL && timed_near(in, out, type)) {
		gt_out_char(out, '\n');
		return 1;
	}
	r = spec->name != NULL ? timed(in, out, spec) : frame_record(in, out, type);

	if (r <= 0)
		out->len = start;
	else
		gt_out_char(out, '\n');
	return r;
}

static int records(struct gt_input *in, struct gt_out *out, struct gt_error *err)
{
	for (;;) {
		uint64_t offset = gt_input_offset(in);
		int type = gt_input_byte(in);
		int r;

		err->offset = offset;
		if (type < 0 && !in->failed)
			return 0;
		if (type == 0 || type > LAST_RECORD)
			return gt_error_set(err, GT_ERR_FORMAT, "%d is not the number of a record", type);
		r = type < 0 ? 0 : record(in, out, type);
		if (in->failed)
			return gt_error_set(err, GT_ERR_IO, "cannot read");
		if (r < 0)
			return gt_error_set(err, GT_ERR_FORMAT, "a number is malformed");
		if (r == 0)
			return gt_error_set(err, GT_ERR_TRUNCATED, "the file ends in a record");
		gt_out_relax(out);
		if (out->failed)
			return gt_error_set(err, GT_ERR_IO, "cannot write");
	}
}

int gt_text_wire(const char *path, struct gt_out *out, struct gt_error *err)
{
	struct gt_input in;
	int r = -1;

	gt_error_clear(err);
	if (gt_trace_open(&in, path, err) < 0)
		return -1;
	if (gt_input_header(&in, err) >= 0)
		r = records(&in, out, err);
	gt_input_close(&in);
	return r;
}
