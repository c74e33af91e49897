/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A table without chains: of two lines that belong in one place the later one stays. What comes only once costs its key: its
 * text isn't copied.
 */
#include "known_lines.h"

#include <stdlib.h>

enum { TEXT_MOST = 512 << 10 };

#define ALL UINT64_MAX

/* Which arguments are shown, of the events that come again and again. */
static const struct {
	bool is_known;
	uint64_t shown[GT_KNOWN_ARGS];
} rows[256] = {
	[GT_EV_ProcStart] = {true, {ALL}},    [GT_EV_ProcStop] = {true, {0}},
	[GT_EV_GoStart] = {true, {ALL}},      [GT_EV_GoStop] = {true, {ALL, ALL}},
	[GT_EV_GoBlock] = {true, {ALL, ALL}}, [GT_EV_GoUnblock] = {true, {ALL, 0, ALL}},
	[GT_EV_GoSwitch] = {true, {ALL}},     [GT_EV_GoSyscallBegin] = {true, {0, ALL}},
	[GT_EV_GoSyscallEnd] = {true, {0}},   [GT_EV_GoSyscallEndBlocked] = {true, {0}},
};

/* Spreads what mostly differs in its lowest bits. */
static inline size_t place_of(const struct gt_known_line *key)
{
	uint64_t who = ((uint64_t)key->m * 31 + (uint64_t)key->g) * 31 + (uint64_t)key->p;
	uint64_t what = (key->args[0] * 31 + key->args[1] + key->args[2]) * 31 + key->type;

	return (who * 0x9e3779b97f4a7c15u + what * 0xc2b2ae3d27d4eb4fu) >> 32 & (GT_KNOWN_LINES - 1);
}

static inline bool is_same(const struct gt_known_line *a, const struct gt_known_line *b)
{
	uint64_t differs = (uint64_t)((a->m ^ b->m) | (a->p ^ b->p) | (a->g ^ b->g) | (a->type ^ b->type));

	for (int i = 0; i < GT_KNOWN_ARGS; i++)
		differs |= a->args[i] ^ b->args[i];
	return differs == 0;
}

static bool start(struct gt_known_lines *lines)
{
	lines->line = calloc(GT_KNOWN_LINES, sizeof(*lines->line));
	if (lines->line != NULL)
		gt_out_open(&lines->text, -1);
	return lines->line != NULL;
}

struct gt_known_line *gt_known_lines_find(struct gt_known_lines *lines, const struct gt_placed_event *placed)
{
	uint8_t type = placed->raw.type;
	struct gt_known_line key, *line;

	if (!rows[type].is_known || (lines->line == NULL && !start(lines)))
		return NULL;
	key = (struct gt_known_line){.m = placed->m, .p = placed->p, .g = placed->g, .type = type};
	for (int i = 0; i < GT_KNOWN_ARGS; i++)
		key.args[i] = placed->raw.args[i] & rows[type].shown[i];
	line = &lines->line[place_of(&key)];
	if (is_same(line, &key))
		return line;
	*line = key;
	return NULL;
}

void gt_known_lines_keep(struct gt_known_lines *lines, struct gt_known_line *line, const struct gt_out *out,
			 size_t from, size_t time_at, size_t time_end)
{
	size_t front = time_at - from, rest = out->len - time_end;
	struct gt_out *text = &lines->text;
	struct gt_known_line key;

	if (line == NULL || out->failed || front > GT_KNOWN_FRONT)
		return;
	if (text->len + front + rest > TEXT_MOST) {
		key = *line;
		gt_known_lines_forget(lines);
		*line = key;
	}
	if (!gt_out_room(text, front + rest + GT_KNOWN_FRONT))
		return;
	line->at = (uint32_t)text->len;
	line->front = (uint8_t)front;
	gt_out_bytes(text, out->buf + from, front);
	gt_out_bytes(text, out->buf + time_end, rest);
	line->len = (uint32_t)(front + rest);
}

void gt_known_lines_forget(struct gt_known_lines *lines)
{
	if (lines->line == NULL)
		return;
	memset(lines->line, 0, GT_KNOWN_LINES * sizeof(*lines->line));
	lines->text.len = 0;
}

void gt_known_lines_free(struct gt_known_lines *lines)
{
	if (lines->line != NULL)
		gt_out_close(&lines->text);
	free(lines->line);
	memset(lines, 0, sizeof(*lines));
}
