/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Makes a binary trace of the text form of Go's reader tests: assemble FILE.test > TRACE.
 *
 * Prints the expectation ("SUCCESS" or "FAILURE") on standard error. Lines are taken as they are: no record is
 * checked, since many tests are broken on purpose. Status 1 when a line makes no sense.
 */
#include "../../shim/format/header.h"
#include "../../shim/format/spec.h"
#include "../../shim/format/varint.h"

#include <stdio.h>
#include <stdlib.h>

static void varint(uint64_t v)
{
	uint8_t bytes[GT_MAX_VARINT];

	fwrite(bytes, 1, (size_t)(gt_varint_put(bytes, v) - bytes), stdout);
}

static int number_of(const char *name)
{
	for (int i = 0; i < 256; i++) {
		const char *known = gt_event_spec[i].name != NULL ? gt_event_spec[i].name : gt_frame_name[i];

		if (known != NULL && strcmp(known, name) == 0)
			return i;
	}
	return -1;
}

/* The arguments of a line: only their values count, their order is that of the wire. */
static void arguments(char *rest)
{
	for (char *word = strtok(rest, " \t\n"); word != NULL && *word != '#'; word = strtok(NULL, " \t\n")) {
		char *equals = strchr(word, '=');

		if (equals != NULL)
			varint(strtoull(equals + 1, NULL, 10));
	}
}

static int escape(const char **p)
{
	char digits[3] = {0};

	switch (*++*p) {
	case 'n':
		return '\n';
	case 't':
		return '\t';
	case 'r':
		return '\r';
	case 'x':
		digits[0] = (*p)[1];
		digits[1] = (*p)[2];
		*p += 2;
		return (int)strtol(digits, NULL, 16);
	default:
		return **p;
	}
}

static void data(const char *p)
{
	char *bytes = malloc(strlen(p) + 1);
	size_t n = 0;

	for (p = strchr(p, '"'); p != NULL && *++p != 0 && *p != '"';)
		bytes[n++] = (char)(*p == '\\' ? escape(&p) : *p);
	varint(n);
	fwrite(bytes, 1, n, stdout);
	free(bytes);
}

static int record(char *line)
{
	char *name = strtok(line, " \t\n");
	char *rest;
	int type;

	if (name == NULL || *name == '#')
		return 0;
	rest = name + strlen(name) + 1;
	if (strncmp(name, "pc=", 3) == 0) {
		name[strlen(name)] = ' ';
		arguments(name);
		return 0;
	}
	type = number_of(name);
	if (type < 0) {
		fprintf(stderr, "assemble: no record is called %s\n", name);
		return 1;
	}
	putchar(type);
	arguments(rest);
	return 0;
}

/* A line of the trace part. */
static int line_of_trace(char *line)
{
	int minor;

	if (sscanf(line, "Trace Go1.%d", &minor) == 1) {
		char header[GT_HEADER_LEN + 1] = {0};

		snprintf(header, sizeof(header), "go 1.%d trace", minor);
		fwrite(header, 1, GT_HEADER_LEN, stdout);
		return 0;
	}
	if (strncmp(line + strspn(line, " \t"), "data=", 5) == 0) {
		data(line);
		return 0;
	}
	return record(line);
}

int main(int argc, char **argv)
{
	enum { NOTHING, EXPECT, TRACE } part = NOTHING;
	FILE *in = argc == 2 ? fopen(argv[1], "r") : NULL;
	char line[8192];
	int bad = 0;

	if (in == NULL) {
		fprintf(stderr, "usage: assemble FILE.test > TRACE\n");
		return 2;
	}
	while (!bad && fgets(line, sizeof(line) - 1, in) != NULL) {
		if (strncmp(line, "-- ", 3) == 0)
			part = strncmp(line, "-- expect", 9) == 0 ? EXPECT : TRACE;
		else if (part == EXPECT && *line != '\n')
			fprintf(stderr, "%.7s\n", line);
		else if (part == TRACE)
			bad = line_of_trace(line);
	}
	fclose(in);
	return bad;
}
