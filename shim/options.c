/* SPDX-License-Identifier: BSD-3-Clause */
#include "options.h"

#include "flight.h"
#include "toggle.h"
#include "trigger.h"

#include <string.h>

struct gt_options gt_options;

const char *const gt_option_name[GT_OPTIONS] = {
#define OPTION(name, type, dflt, field, help) [GT_OPT_##name] = #name,
#include "format/options.def"
};

static const struct row {
	enum gt_option_type type;
	const char *words;
	const char *dflt;
} rows[GT_OPTIONS] = {
#define OPTION(name, type, dflt, field, help) [GT_OPT_##name] = {GT_TYPE_##type, "", dflt},
#define OPTION_CHOICE(name, words, dflt, field, help) [GT_OPT_##name] = {GT_TYPE_CHOICE, words, dflt},
#include "format/options.def"
};

/* Values outside these are bad; 0, 0 means any. */
static const struct {
	uint64_t min, max;
} limits[GT_OPTIONS] = {
	[GT_OPT_PERIOD] = {1000000, UINT64_C(3600000000000)},
	[GT_OPT_ARENA] = {1 << 20, UINT64_C(16) << 30},
	[GT_OPT_STACK_DEPTH] = {1, 128},
	[GT_OPT_THREADS] = {16, 1 << 20},
	[GT_OPT_CPU_HZ] = {0, 1000},
};

struct unit {
	const char *name;
	uint64_t factor;
};

static const struct unit durations[] = {{"", 1000000},
					{"ns", 1},
					{"us", 1000},
					{"ms", 1000000},
					{"s", 1000000000},
					{"m", UINT64_C(60000000000)},
					{"h", UINT64_C(3600000000000)},
					{NULL, 0}};
static const struct unit sizes[] = {{"", 1},        {"K", 1 << 10}, {"k", 1 << 10}, {"M", 1 << 20},
				    {"m", 1 << 20}, {"G", 1 << 30}, {"g", 1 << 30}, {NULL, 0}};

static bool parse_number(const char *text, const struct unit *units, uint64_t *value)
{
	uint64_t n = 0;
	const char *p = text;

	for (; *p >= '0' && *p <= '9'; p++) {
		if (n > UINT64_C(1) << 40)
			return false;
		n = n * 10 + (uint64_t)(*p - '0');
	}
	if (p == text)
		return false;
	for (; units->name; units++) {
		if (strcmp(p, units->name) == 0)
			return !__builtin_mul_overflow(n, units->factor, value);
	}
	return false;
}

/* The index of `text` in "a|b|c". */
static bool parse_word(const char *words, const char *text, uint64_t *value)
{
	size_t len = strlen(text);

	for (*value = 0;; (*value)++) {
		size_t n = strcspn(words, "|");

		if (n == len && memcmp(words, text, n) == 0)
			return len != 0;
		if (words[n] == 0)
			return false;
		words += n + 1;
	}
}

bool gt_option_parse(enum gt_option_type type, const char *words, const char *text, uint64_t *value)
{
	switch (type) {
	case GT_TYPE_TEXT:
		return text[0] != 0 && strlen(text) < 4096;
	case GT_TYPE_FLAG:
		if (!parse_word("0|1|no|yes|off|on|false|true", text, value))
			return false;
		*value &= 1;
		return true;
	case GT_TYPE_DURATION:
		return parse_number(text, durations, value);
	case GT_TYPE_SIZE:
		return parse_number(text, sizes, value);
	case GT_TYPE_CHOICE:
		return parse_word(words, text, value);
	case GT_TYPE_SIGNAL:
		return gt_toggle_parse(text, value);
	case GT_TYPE_FLIGHT:
		return gt_flight_parse(text);
	case GT_TYPE_TRIGGER:
		return gt_trigger_parse(text);
	}
	return false;
}

static void set_default(int i)
{
	gt_options.text[i] = rows[i].dflt;
	gt_options.verdict[i] = GT_VERDICT_DEFAULT;
	gt_option_parse(rows[i].type, rows[i].words, rows[i].dflt, &gt_options.value[i]);
}

static void set(int i, const char *text)
{
	uint64_t value = 0;
	bool good = gt_option_parse(rows[i].type, rows[i].words, text, &value);

	if (good && limits[i].max && (value < limits[i].min || value > limits[i].max))
		good = false;
	gt_options.verdict[i] = good ? GT_VERDICT_SET : GT_VERDICT_BAD;
	gt_options.text[i] = text; /* a bad value is shown as it was given; value[] keeps the default */
	if (good)
		gt_options.value[i] = value;
}

/* `name` stands behind GTRACE_. LIB is read by `gtrace record`, not by us, but it is ours. */
static void take(const char *name)
{
	size_t len = strcspn(name, "=");

	for (int i = 0; i < GT_OPTIONS; i++) {
		if (strlen(gt_option_name[i]) == len && memcmp(gt_option_name[i], name, len) == 0) {
			set(i, name + len + (name[len] == '='));
			return;
		}
	}
	if (strncmp(name, "LIB=", 4) != 0 && gt_options.unknowns < GT_UNKNOWN_MAX)
		gt_options.unknown[gt_options.unknowns++] = name;
}

void gt_options_read(char *const envp[])
{
	gt_options.unknowns = 0;
	for (int i = 0; i < GT_OPTIONS; i++)
		set_default(i);
	for (; envp && *envp; envp++) {
		if (strncmp(*envp, "GTRACE_", 7) == 0)
			take(*envp + 7);
	}
}
