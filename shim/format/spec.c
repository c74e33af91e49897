/* SPDX-License-Identifier: BSD-3-Clause */
#include "spec.h"

#include "facts.h"

enum {
#define ARG(name, kind) GT_KIND_##name = GT_ARG_##kind,
#include "args.def"
};

#define ARG(n)                                                                                                         \
	{                                                                                                              \
		.name = #n, .kind = (enum gt_arg_kind)GT_KIND_##n                                                      \
	}
#define ROW(no, name_, ctx, grp, n, help_, ...)                                                                        \
	[no] = {.name = #name_,                                                                                        \
		.nargs = (n),                                                                                          \
		.context = GT_CTX_##ctx,                                                                               \
		.group = GT_GROUP_##grp,                                                                               \
		.args = {__VA_ARGS__},                                                                                 \
		.help = (help_)},

const struct gt_event_spec gt_event_spec[256] = {
#define EV0(no, name, ctx, grp, help) ROW(no, name, ctx, grp, 0, help, {0})
#define EV1(no, name, ctx, grp, n1, help) ROW(no, name, ctx, grp, 1, help, ARG(n1))
#define EV2(no, name, ctx, grp, n1, n2, help) ROW(no, name, ctx, grp, 2, help, ARG(n1), ARG(n2))
#define EV3(no, name, ctx, grp, n1, n2, n3, help) ROW(no, name, ctx, grp, 3, help, ARG(n1), ARG(n2), ARG(n3))
#define EV4(no, name, ctx, grp, n1, n2, n3, n4, help)                                                                  \
	ROW(no, name, ctx, grp, 4, help, ARG(n1), ARG(n2), ARG(n3), ARG(n4))
#include "events.def"
};
#undef ROW
#undef ARG

const char *const gt_frame_name[256] = {
#define FRAME(no, name, help) [no] = #name,
#include "structure.def"
};

const char *const gt_block_reason_text[GT_BLOCK_REASONS] = {
#define BLOCK_REASON(id, text, help) [GT_BLOCK_##id] = (text),
#include "reasons.def"
};

const char *const gt_stop_reason_text[GT_STOP_REASONS] = {
#define STOP_REASON(id, text, help) [GT_STOP_##id] = (text),
#include "reasons.def"
};

const char *const gt_gstatus_name[5] = {
#define G_STATE(no, name) [no] = #name,
#include "states.def"
};

const char *const gt_pstatus_name[5] = {
#define P_STATE(no, name) [no] = #name,
#include "states.def"
};

const char *const gt_primitive_name[GT_PRIMITIVES] = {
#define PRIMITIVE(no, id, object, name) [no] = (name),
#include "primitives.def"
};

const uint8_t gt_primitive_object[GT_PRIMITIVES] = {
#define PRIMITIVE(no, id, object, name) [no] = GT_OBJECT_##object,
#include "primitives.def"
};

const char *const gt_trigger_text[GT_TRIGGERS] = {
#define TRIGGER(no, id, text) [no] = (text),
#include "triggers.def"
};

const char *const gt_mark_text[GT_MARKS] = {
	"",
#define MARK(no, id, text) [no] = (text),
#include "marks.def"
};

const char *const gt_drop_text[GT_DROPS] = {
#define DROP(no, id, text) [no] = (text),
#include "drops.def"
};

#define FIELD(k, n)                                                                                                    \
	{                                                                                                              \
		.name = #n, .kind = #k[0]                                                                              \
	}
#define ROW(no, name_, tie_, n, help_, ...)                                                                            \
	[no] = {.name = #name_, .nfields = (n), .tied = GT_TIE_##tie_, .fields = {__VA_ARGS__}, .help = (help_)},

const struct gt_fact_spec gt_fact_spec[GT_FACT_NUMBERS] = {
#define FACT1(no, name, tie, k1, n1, help) ROW(no, name, tie, 1, help, FIELD(k1, n1))
#define FACT2(no, name, tie, k1, n1, k2, n2, help) ROW(no, name, tie, 2, help, FIELD(k1, n1), FIELD(k2, n2))
#define FACT3(no, name, tie, k1, n1, k2, n2, k3, n3, help)                                                             \
	ROW(no, name, tie, 3, help, FIELD(k1, n1), FIELD(k2, n2), FIELD(k3, n3))
#define FACT4(no, name, tie, k1, n1, k2, n2, k3, n3, k4, n4, help)                                                     \
	ROW(no, name, tie, 4, help, FIELD(k1, n1), FIELD(k2, n2), FIELD(k3, n3), FIELD(k4, n4))
#include "facts.def"
};
#undef ROW
#undef FIELD
