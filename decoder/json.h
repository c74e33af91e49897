/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * JSON as RFC 8259 has it: UTF-8 whatever the bytes were. What is no UTF-8 becomes U+FFFD, control characters and
 * those that end lines in JavaScript are escaped. Commas are put where they belong.
 */
#ifndef GT_JSON_H
#define GT_JSON_H

#include "out.h"

struct gt_json {
	struct gt_out *out;
	bool more; /* a value stands before the next one */
};

void gt_json_start(struct gt_json *json, struct gt_out *out);

/* Opens and closes with '{' and '}', or '[' and ']'. `name`: of the field, NULL in lists and at the top. */
void gt_json_open(struct gt_json *json, const char *name, char bracket);
void gt_json_close(struct gt_json *json, char bracket);

void gt_json_text(struct gt_json *json, const char *name, const char *bytes, size_t len);
void gt_json_str(struct gt_json *json, const char *name, const char *text);
void gt_json_u64(struct gt_json *json, const char *name, uint64_t v);
void gt_json_i64(struct gt_json *json, const char *name, int64_t v);
void gt_json_null(struct gt_json *json, const char *name);

/*
 * The length of the character at `p`, of `len` > 0 bytes, and what it is; when it is no UTF-8, 1 and U+FFFD in *c.
 */
size_t gt_utf8_next(const char *p, size_t len, uint32_t *c);

#endif
