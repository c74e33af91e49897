/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Traces made by hand, for tests: bytes gathered in memory, and what the reader says about them.
 *
 * Nothing is checked here, since most traces of tests are broken on purpose. A builder starts as {0}; every trace
 * begins with gt_build_header() and ends in gt_build_verdict() or gt_build_free(). Batches are opened and ended.
 */
#ifndef GT_BUILDER_H
#define GT_BUILDER_H

#include "decoder/error.h"
#include "decoder/fact.h"
#include "shim/format/event.h"

#include <stddef.h>

struct gt_builder {
	uint8_t *bytes;
	size_t len, size;
	size_t size_at; /* where the size of the open batch stands */
};

void gt_build_bytes(struct gt_builder *b, const void *bytes, size_t len);
void gt_build_byte(struct gt_builder *b, int byte);
void gt_build_varint(struct gt_builder *b, uint64_t v);
void gt_build_header(struct gt_builder *b, int minor);

/* Opens a batch. Its size is filled in by gt_build_end(), in ten bytes. */
void gt_build_batch(struct gt_builder *b, uint64_t gen, uint64_t m, uint64_t time);
void gt_build_experiment(struct gt_builder *b, int experiment, uint64_t gen, uint64_t m);
void gt_build_end(struct gt_builder *b);

/* Whole batches with one record each. */
void gt_build_frequency(struct gt_builder *b, uint64_t gen, uint64_t frequency);
void gt_build_string(struct gt_builder *b, uint64_t gen, uint64_t id, const char *text, size_t len);

/*
 * What opens a generation of go 1.25 and newer: unit 1 ns, and ten units after `time` a snapshot with 1000 + gen on the
 * monotonic clock, and that many seconds since 1970.
 */
void gt_build_sync(struct gt_builder *b, uint64_t gen, uint64_t time);

/* A stack of `n` frames with the given pc each, without names. */
void gt_build_stack(struct gt_builder *b, uint64_t gen, uint64_t id, uint64_t pc, uint64_t n);

/* A sample of the processor's profile, of M 5 without a P. g 0: without a G. */
void gt_build_sample(struct gt_builder *b, uint64_t gen, uint64_t time, uint64_t g, uint64_t stack);

/* Opens a batch of facts. Its records are those of gt_build_fact(), by the row of their number. */
void gt_build_facts(struct gt_builder *b, uint64_t gen, uint64_t m);
void gt_build_fact(struct gt_builder *b, const struct gt_fact_record *fact);

/* A text as a field of a fact, or of what else holds a struct gt_string. */
#define GT_TEXT(literal)                                                                                               \
	{                                                                                                              \
		literal, sizeof(literal) - 1                                                                           \
	}

/* Header 1.23, frequency of generation 1, and M 1 with P 0 and G 1, both running; its batch stays open. */
void gt_build_start(struct gt_builder *b);

/* The same of another generation, in which it runs on: behind the batches of the one before. */
void gt_build_running(struct gt_builder *b, uint64_t gen, uint64_t time);

/* Ends the batch that gt_build_start() left open, and opens one of M 1 in generation 2. */
void gt_build_second(struct gt_builder *b);

/* Ends the open batch, and opens one of `m` in generation 1. */
void gt_build_other(struct gt_builder *b, uint64_t m, uint64_t time);

/* Writes the trace to a file that has no name; returns a path that opens it until gt_build_free(). */
const char *gt_build_path(struct gt_builder *b);
void gt_build_free(struct gt_builder *b);

/* Reads the trace to its end, frees the builder. The number of events delivered; *err says what was wrong. */
int gt_build_verdict(struct gt_builder *b, struct gt_error *err);

/* One call an event: gt_add_GoStart(b, dt, g, g_seq). */
#define EV0(no, name, ctx, group, help)                                                                                \
	static inline void gt_add_##name(struct gt_builder *b, uint64_t dt)                                            \
	{                                                                                                              \
		gt_build_byte(b, no);                                                                                  \
		gt_build_varint(b, dt);                                                                                \
	}
#define EV1(no, name, ctx, group, n1, help)                                                                            \
	static inline void gt_add_##name(struct gt_builder *b, uint64_t dt, uint64_t n1)                               \
	{                                                                                                              \
		gt_build_byte(b, no);                                                                                  \
		gt_build_varint(b, dt);                                                                                \
		gt_build_varint(b, n1);                                                                                \
	}
#define EV2(no, name, ctx, group, n1, n2, help)                                                                        \
	static inline void gt_add_##name(struct gt_builder *b, uint64_t dt, uint64_t n1, uint64_t n2)                  \
	{                                                                                                              \
		gt_build_byte(b, no);                                                                                  \
		gt_build_varint(b, dt);                                                                                \
		gt_build_varint(b, n1);                                                                                \
		gt_build_varint(b, n2);                                                                                \
	}
#define EV3(no, name, ctx, group, n1, n2, n3, help)                                                                    \
	static inline void gt_add_##name(struct gt_builder *b, uint64_t dt, uint64_t n1, uint64_t n2, uint64_t n3)     \
	{                                                                                                              \
		gt_build_byte(b, no);                                                                                  \
		gt_build_varint(b, dt);                                                                                \
		gt_build_varint(b, n1);                                                                                \
		gt_build_varint(b, n2);                                                                                \
		gt_build_varint(b, n3);                                                                                \
	}
#define EV4(no, name, ctx, group, n1, n2, n3, n4, help)                                                                \
	static inline void gt_add_##name(struct gt_builder *b, uint64_t dt, uint64_t n1, uint64_t n2, uint64_t n3,     \
					 uint64_t n4)                                                                  \
	{                                                                                                              \
		gt_build_byte(b, no);                                                                                  \
		gt_build_varint(b, dt);                                                                                \
		gt_build_varint(b, n1);                                                                                \
		gt_build_varint(b, n2);                                                                                \
		gt_build_varint(b, n3);                                                                                \
		gt_build_varint(b, n4);                                                                                \
	}
#include "shim/format/events.def"

#endif
