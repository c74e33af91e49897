/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The rows of the .def files as data, for whoever walks over them: decoder, documentation, tests.
 */
#ifndef GT_FORMAT_SPEC_H
#define GT_FORMAT_SPEC_H

#include "event.h"

#include <stdbool.h>
#include <stddef.h>

enum gt_arg_kind {
	GT_ARG_value,
	GT_ARG_seq,
	GT_ARG_g,
	GT_ARG_p,
	GT_ARG_m,
	GT_ARG_task,
	GT_ARG_string,
	GT_ARG_stack,
	GT_ARG_gstatus,
	GT_ARG_pstatus,
	GT_ARG_raw,
};

/* What the emitting thread must hold: see events.def. */
enum gt_context {
	GT_CTX_ANY,
	GT_CTX_M,
	GT_CTX_M_NOP,
	GT_CTX_M_NOG,
	GT_CTX_MP,
	GT_CTX_MP_NOG,
	GT_CTX_MPG,
	GT_CTX_MG,
};

enum gt_group { GT_GROUP_PROC, GT_GROUP_GO, GT_GROUP_RANGE, GT_GROUP_GC, GT_GROUP_USER, GT_GROUP_ALLOC };

struct gt_arg_spec {
	const char *name; /* as Go's raw text form spells it */
	enum gt_arg_kind kind;
};

struct gt_event_spec {
	const char *name; /* NULL: no such event */
	uint8_t nargs; /* behind the timestamp */
	uint8_t context; /* enum gt_context */
	uint8_t group; /* enum gt_group */
	struct gt_arg_spec args[GT_MAX_ARGS];
	const char *help;
};

/* Indexed by event number. gt_event_spec[n].name is NULL where n is not a timed event. */
extern const struct gt_event_spec gt_event_spec[256];

/* Names of the frames of structure.def, NULL elsewhere. */
extern const char *const gt_frame_name[256];

extern const char *const gt_block_reason_text[GT_BLOCK_REASONS];
extern const char *const gt_stop_reason_text[GT_STOP_REASONS];
extern const char *const gt_gstatus_name[5];
extern const char *const gt_pstatus_name[5];
extern const char *const gt_primitive_name[GT_PRIMITIVES];
extern const uint8_t gt_primitive_object[GT_PRIMITIVES]; /* enum gt_object */
extern const char *const gt_drop_text[GT_DROPS]; /* NULL: no cause has this number */
extern const char *const gt_trigger_text[GT_TRIGGERS];
extern const char *const gt_mark_text[GT_MARKS]; /* "" for none */

/* Whether `type` is a timed event, i.e. carries a timestamp and may stand in a thread's stream. */
static inline bool gt_event_is_timed(uint8_t type)
{
	return gt_event_spec[type].name != NULL;
}

#endif
