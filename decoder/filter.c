/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Lists of terms, one per kind. Numbers are ranges, patterns are those of fnmatch().
 */
#include "filter.h"

#include "../shim/format/spec.h"
#include "cli.h"

#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COMPLAINT = 200 };

/* What one --option=TEXT asks for. */
struct term {
	struct term *next;
	bool is_range;
	uint64_t first, last;
	bool is_descriptor;
	char *pattern;
	bool compiled;
	regex_t regex;
};

struct gt_filter {
	bool is_any; /* there are terms */
	struct term *terms[GT_FILTER_KINDS];
	bool events[256]; /* wanted, by number */
};

struct gt_filter *gt_filter_new(void)
{
	return gt_cli_alloc(1, sizeof(struct gt_filter));
}

static void term_free(struct term *term)
{
	if (term->compiled)
		regfree(&term->regex);
	free(term->pattern);
	free(term);
}

void gt_filter_free(struct gt_filter *filter)
{
	for (int kind = 0; filter != NULL && kind < GT_FILTER_KINDS; kind++) {
		while (filter->terms[kind] != NULL) {
			struct term *next = filter->terms[kind]->next;

			term_free(filter->terms[kind]);
			filter->terms[kind] = next;
		}
	}
	free(filter);
}

/* The number at *text, decimal, or 0x and hexadecimal; moves *text behind it. */
static bool number(const char **text, uint64_t *v)
{
	int base = (*text)[0] == '0' && ((*text)[1] == 'x' || (*text)[1] == 'X') ? 16 : 10;
	char *end;

	if (!isdigit((unsigned char)**text))
		return false;
	errno = 0;
	*v = strtoull(*text, &end, base);
	*text = end;
	return errno == 0;
}

/* "7", and "7-9" if `ranges`. */
static bool range(struct term *term, const char *text, bool ranges)
{
	term->is_range = number(&text, &term->first);
	term->last = term->first;
	if (term->is_range && ranges && *text == '-') {
		text++;
		term->is_range = number(&text, &term->last);
	}
	return term->is_range && *text == '\0' && term->first <= term->last;
}

static bool in(const struct term *term, uint64_t v)
{
	return term->is_range && v >= term->first && v <= term->last;
}

const char *gt_moment_event(const struct gt_trace_event *ev)
{
	return gt_event_is_timed(ev->type) ? gt_event_spec[ev->type].name : gt_kind_name(ev->kind);
}

/* The names that patterns choose from: events by number, samples and ends of generations by theirs. */
static const char *name_of(int type)
{
	if (type == 0)
		return gt_kind_name(GT_KIND_SYNC);
	return type == GT_FR_CPUSample ? gt_kind_name(GT_KIND_STACK_SAMPLE) : gt_event_spec[type].name;
}

static bool choose_events(struct gt_filter *filter, const char *pattern)
{
	bool any = false;

	for (int type = 0; type < 256; type++) {
		const char *name = name_of(type);

		if (name != NULL && fnmatch(pattern, name, 0) == 0)
			filter->events[type] = any = true;
	}
	return any;
}

static const char *add_events(struct gt_filter *filter, struct term *term)
{
	static char complaint[COMPLAINT];
	char *rest = term->pattern;

	for (char *pattern; (pattern = strsep(&rest, ",")) != NULL;) {
		if (!choose_events(filter, pattern)) {
			snprintf(complaint, sizeof(complaint), "no event is called '%.80s'", pattern);
			return complaint;
		}
	}
	return NULL;
}

static const char *add_object(struct term *term, const char *text)
{
	static const char word[] = "descriptor ";

	term->is_descriptor = strncmp(text, word, sizeof(word) - 1) == 0;
	if (term->is_descriptor)
		text += sizeof(word) - 1;
	return range(term, text, false) ? NULL : "an object is an address, a number, or 'descriptor N'";
}

static const char *add_regex(struct term *term, const char *text)
{
	static char complaint[COMPLAINT];
	int error = regcomp(&term->regex, text, REG_EXTENDED | REG_NOSUB);

	term->compiled = error == 0;
	if (error != 0)
		regerror(error, &term->regex, complaint, sizeof(complaint));
	return error != 0 ? complaint : NULL;
}

static const char *fill_in(struct gt_filter *filter, struct term *term, enum gt_filter_kind kind, const char *text)
{
	switch (kind) {
	case GT_FILTER_THREAD:
		term->is_range = range(term, text, false);
		return *text == '\0' ? "a thread has a number or a name" : NULL;
	case GT_FILTER_GOROUTINE:
	case GT_FILTER_PROC:
		return range(term, text, false) ? NULL : "a number, please";
	case GT_FILTER_GENERATION:
		return range(term, text, true) ? NULL : "generations are N or N-M";
	case GT_FILTER_EVENT:
		return add_events(filter, term);
	case GT_FILTER_OBJECT:
		return add_object(term, text);
	case GT_FILTER_GREP:
		return add_regex(term, text);
	default:
		return NULL;
	}
}

const char *gt_filter_add(struct gt_filter *filter, enum gt_filter_kind kind, const char *text)
{
	struct term *term = gt_cli_alloc(1, sizeof(*term));
	const char *complaint;

	term->pattern = gt_cli_alloc(strlen(text) + 1, 1);
	memcpy(term->pattern, text, strlen(text));
	complaint = fill_in(filter, term, kind, text);
	if (complaint != NULL) {
		term_free(term);
		return complaint;
	}
	term->next = filter->terms[kind];
	filter->terms[kind] = term;
	filter->is_any = true;
	return NULL;
}

const char *gt_moment_reason(const struct gt_moment *moment, char buf[GT_LIFE_REASON])
{
	const struct gt_trace_event *ev = moment->ev;

	if (ev->kind == GT_KIND_TRANSITION && ev->text[0]->len != 0) {
		snprintf(buf, GT_LIFE_REASON, "%.*s", (int)ev->text[0]->len, ev->text[0]->bytes);
		return buf;
	}
	return moment->pause != NULL ? moment->pause->reason : "";
}

static bool is_life(const struct term *term, const struct gt_life *life)
{
	if (life == NULL)
		return false;
	return term->is_range ? life->tid != 0 && in(term, life->tid) : fnmatch(term->pattern, life->name, 0) == 0;
}

static bool is_thread(const struct term *term, const struct gt_moment *m)
{
	/* The stream of no thread is M -1, which is no number that can be asked for. */
	return in(term, (uint64_t)m->ev->m) || is_life(term, m->author) || is_life(term, m->subject);
}

static bool is_id(const struct term *term, int64_t own, enum gt_resource resource, const struct gt_trace_event *ev)
{
	return (own >= 0 && in(term, (uint64_t)own)) || (ev->resource == resource && in(term, (uint64_t)ev->id));
}

static bool is_reason(const struct term *term, const struct gt_moment *m)
{
	char buf[GT_LIFE_REASON];
	const char *reason = gt_moment_reason(m, buf);

	return *reason != '\0' && fnmatch(term->pattern, reason, 0) == 0;
}

static bool is_object(const struct term *term, const struct gt_pause *pause)
{
	uint8_t kind;

	if (pause == NULL)
		return false;
	if (term->is_descriptor)
		return pause->descriptor >= 0 && in(term, (uint64_t)pause->descriptor);
	kind = gt_primitive_object[pause->primitive];
	return (kind == GT_OBJECT_MEMORY || kind == GT_OBJECT_ID) && in(term, pause->object);
}

static bool agrees(const struct gt_filter *filter, enum gt_filter_kind kind, const struct term *term,
		   const struct gt_moment *m)
{
	switch (kind) {
	case GT_FILTER_THREAD:
		return is_thread(term, m);
	case GT_FILTER_GOROUTINE:
		return is_id(term, m->ev->g, GT_RES_GO, m->ev);
	case GT_FILTER_PROC:
		return is_id(term, m->ev->p, GT_RES_PROC, m->ev);
	case GT_FILTER_EVENT:
		return filter->events[m->ev->type];
	case GT_FILTER_REASON:
		return is_reason(term, m);
	case GT_FILTER_OBJECT:
		return is_object(term, m->pause);
	case GT_FILTER_GENERATION:
		return in(term, m->ev->gen);
	default:
		return true;
	}
}

bool gt_filter_event(const struct gt_filter *filter, const struct gt_moment *moment)
{
	for (int kind = 0; filter->is_any && kind < GT_FILTER_KINDS; kind++) {
		const struct term *term = filter->terms[kind];

		while (term != NULL && !agrees(filter, (enum gt_filter_kind)kind, term, moment))
			term = term->next;
		if (term == NULL && filter->terms[kind] != NULL)
			return false;
	}
	return true;
}

bool gt_filter_line(const struct gt_filter *filter, const char *line, size_t len)
{
	const struct term *term = filter->terms[GT_FILTER_GREP];
	regmatch_t whole = {0, (regoff_t)len};

	if (term == NULL)
		return true;
	while (term != NULL && regexec(&term->regex, line, 1, &whole, REG_STARTEND) != 0)
		term = term->next;
	return term != NULL;
}

bool gt_filter_life(const struct gt_filter *filter, const struct gt_life *life)
{
	const struct term *thread = filter->terms[GT_FILTER_THREAD];
	const struct term *goroutine = filter->terms[GT_FILTER_GOROUTINE];

	while (thread != NULL && !is_life(thread, life))
		thread = thread->next;
	while (goroutine != NULL && !in(goroutine, life->g))
		goroutine = goroutine->next;
	return (thread != NULL || filter->terms[GT_FILTER_THREAD] == NULL) &&
	       (goroutine != NULL || filter->terms[GT_FILTER_GOROUTINE] == NULL);
}
