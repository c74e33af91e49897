/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The vocabulary of the trace: event numbers, reasons, states, and a C type for every argument.
 *
 * Everything here is derived from the .def files beside it. The types are distinct one-word structs, so that
 * an emitter called with its arguments in a wrong order does not compile. Pure: no state, no calls.
 */
#ifndef GT_FORMAT_EVENT_H
#define GT_FORMAT_EVENT_H

#include <stdint.h>

enum gt_event {
#define EV0(no, name, ...) GT_EV_##name = (no),
#define EV1 EV0
#define EV2 EV0
#define EV3 EV0
#define EV4 EV0
#include "events.def"
};

enum gt_frame {
#define FRAME(no, name, help) GT_FR_##name = (no),
#include "structure.def"
};

enum gt_block_reason {
#define BLOCK_REASON(id, text, help) GT_BLOCK_##id,
#include "reasons.def"
	GT_BLOCK_REASONS
};

enum gt_stop_reason {
#define STOP_REASON(id, text, help) GT_STOP_##id,
#include "reasons.def"
	GT_STOP_REASONS
};

/* Ids of strings: the reasons in every generation, and the first of the texts that the program gives. */
enum {
	GT_STRING_BLOCK = 1,
	GT_STRING_STOP = GT_STRING_BLOCK + GT_BLOCK_REASONS,
	GT_STRING_TEXT = 1 << 17,
};

enum gt_gstatus {
#define G_STATE(no, name) GT_G_##name = (no),
#include "states.def"
};

enum gt_pstatus {
#define P_STATE(no, name) GT_P_##name = (no),
#include "states.def"
};

enum gt_primitive {
#define PRIMITIVE(no, id, object, name) GT_PRIM_##id = (no),
#include "primitives.def"
	GT_PRIMITIVES
};

/* What the object of a wait is. */
enum gt_object { GT_OBJECT_NONE, GT_OBJECT_MEMORY, GT_OBJECT_FD, GT_OBJECT_ID };

enum gt_call {
#define CALL(no, name) GT_CALL_##name = (no),
#include "calls.def"
};

enum gt_trigger {
#define TRIGGER(no, id, text) GT_TRIGGER_##id = (no),
#include "triggers.def"
	GT_TRIGGERS
};

enum gt_drop {
#define DROP(no, id, text) GT_DROP_##id = (no),
#include "drops.def"
	GT_DROPS
};

/* What stands behind the outermost frame of a stack that goes no further, as the address of code that is nowhere. */
enum gt_mark {
	GT_MARK_NONE,
#define MARK(no, id, text) GT_MARK_##id = (no),
#include "marks.def"
	GT_MARKS
};

/* One type per argument. `v` is what goes on the wire. */
#define ARG(name, kind)                                                                                                \
	typedef struct {                                                                                               \
		uint64_t v;                                                                                            \
	} gt_##name##_t;
#include "args.def"

/* "No thread" and "no slot" on the wire. */
#define GT_NONE UINT64_MAX

/* The unit of time in the file: short differences have one byte. A reader's own arithmetic is exact in it. */
enum { GT_UNIT_NS = 16, GT_FREQUENCY = 1000000000 / GT_UNIT_NS };

/* Limits of the format; a reader refuses what exceeds them. */
enum {
	GT_MAX_PAYLOAD = 65536, /* bytes behind a batch head */
	GT_MAX_STRING = 1024,
	GT_MAX_FRAMES = 128,
	GT_MAX_VARINT = 10,
	GT_MAX_ARGS = 4, /* behind the timestamp */
};

#endif
