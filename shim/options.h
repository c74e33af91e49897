/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * GTRACE_* as the environment gives them, checked. A bad value keeps the default and is remembered, so that the
 * trace can say so; nothing is ever printed into the program.
 */
#ifndef GT_OPTIONS_H
#define GT_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

enum gt_option_type {
	GT_TYPE_TEXT,
	GT_TYPE_FLAG,
	GT_TYPE_DURATION,
	GT_TYPE_SIZE,
	GT_TYPE_CHOICE,
	GT_TYPE_SIGNAL,
	GT_TYPE_FLIGHT,
	GT_TYPE_TRIGGER
};
enum gt_verdict { GT_VERDICT_DEFAULT, GT_VERDICT_SET, GT_VERDICT_BAD, GT_VERDICT_UNKNOWN };

enum gt_option {
#define OPTION(name, type, dflt, field, help) GT_OPT_##name,
#include "format/options.def"
	GT_OPTIONS,
	GT_UNKNOWN_MAX = 8, /* so many unknown GTRACE_ variables are remembered */
};

struct gt_options {
	const char *text[GT_OPTIONS]; /* as given, or the default; points into the environment block */
	uint64_t value[GT_OPTIONS]; /* FLAG 0/1, DURATION ns, SIZE bytes, CHOICE index of the word, SIGNAL its number */
	uint8_t verdict[GT_OPTIONS]; /* enum gt_verdict */
	const char *unknown[GT_UNKNOWN_MAX]; /* "NAME=value" behind GTRACE_ */
	int unknowns;
};

extern struct gt_options gt_options;

extern const char *const gt_option_name[GT_OPTIONS];

/* Reads the environment block. The strings must stay where they are. */
void gt_options_read(char *const envp[]);

/* Parses one value; false when it is no value of this type. For CHOICE `words` is "a|b|c". */
bool gt_option_parse(enum gt_option_type type, const char *words, const char *text, uint64_t *value);

#endif
