/* SPDX-License-Identifier: BSD-3-Clause */
/* Recording in a directory of the test's own, and copying everything that the reader says. */
#include "record.h"

#include "decoder/reader.h"
#include "shim/format/spec.h"
#include "shim/output.h"
#include "shim/process.h"

#include <criterion/criterion.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

enum { ENV_MAX = 16, TRACES_MAX = 8 };

static struct gt_rec_trace *traces[TRACES_MAX];
static int ntraces;

void gt_rec_start(const char *const env[])
{
	static const struct gt_libc libc = {pthread_create, pthread_sigmask, NULL, NULL};
	static char output[256];
	static char *argv[] = {"unit", NULL};
	static char *envp[ENV_MAX] = {output};
	int n = 1;

	snprintf(output, sizeof(output), "GTRACE_OUTPUT=%s/%%p.trace", gt_temp_dir());
	for (; env && *env; env++) {
		cr_assert_lt(n, ENV_MAX - 1);
		envp[n++] = (char *)*env;
	}
	gt_process_start(&libc, 1, argv, envp);
}

void gt_rec_one_slot(void)
{
	cpu_set_t all, one;

	cr_assert_eq(sched_getaffinity(0, sizeof(all), &all), 0);
	CPU_ZERO(&one);
	for (int i = 0; i < CPU_SETSIZE && CPU_COUNT(&one) == 0; i++) {
		if (CPU_ISSET(i, &all))
			CPU_SET(i, &one);
	}
	cr_assert_eq(sched_setaffinity(0, sizeof(one), &one), 0);
}

void gt_rec_wait(struct gt_op *op, const void *object)
{
	gt_wait_begin(op, (struct gt_waiting){GT_BLOCK_SYNC, GT_PRIM_MUTEX, GT_NO_CALL}, object, GT_REC_PC);
}

void gt_rec_call(struct gt_op *op)
{
	gt_syscall_begin(op, SYS_read, -1, GT_REC_PC);
}

static void *one_more(void *array, size_t n, size_t size)
{
	if ((n & (n - 1)) == 0)
		array = realloc(array, (n ? 2 * n : 1) * size);
	cr_assert_not_null(array);
	return array;
}

static const char *keep(struct gt_rec_trace *t, const struct gt_string *s)
{
	for (size_t i = 0; i < t->texts; i++) {
		if (strncmp(t->text[i], s->bytes, s->len) == 0 && t->text[i][s->len] == 0)
			return t->text[i];
	}
	t->text = one_more(t->text, t->texts, sizeof(*t->text));
	t->text[t->texts] = strndup(s->bytes, s->len);
	cr_assert_not_null(t->text[t->texts]);
	return t->text[t->texts++];
}

static void copy_fact(struct gt_rec_trace *t, struct gt_rec_fact *to, uint64_t gen, const struct gt_fact_record *from)
{
	const struct gt_fact_spec *spec = &gt_fact_spec[from->number];

	memset(to, 0, sizeof(*to));
	to->number = from->number;
	to->gen = gen;
	for (int i = 0; i < spec->nfields; i++) {
		if (spec->fields[i].kind == 't')
			to->text[i] = keep(t, &from->field[i].t);
		else
			to->v[i] = from->field[i].s; /* the same word for both kinds of number */
	}
}

static void take_fact(void *arg, uint64_t gen, const struct gt_fact_record *fact)
{
	struct gt_rec_trace *t = arg;

	t->fact = one_more(t->fact, t->facts, sizeof(*t->fact));
	copy_fact(t, &t->fact[t->facts++], gen, fact);
}

static void take_event(struct gt_rec_trace *t, const struct gt_trace_event *ev)
{
	struct gt_rec_event *to;

	t->event = one_more(t->event, t->events, sizeof(*t->event));
	to = &t->event[t->events++];
	*to = (struct gt_rec_event){.type = ev->type,
				    .gen = ev->gen,
				    .time = ev->time,
				    .m = ev->m,
				    .p = ev->p,
				    .g = ev->g,
				    .id = ev->resource == GT_RES_NONE ? -1 : ev->id};
	memcpy(to->args, ev->args, sizeof(to->args));
	to->reason = keep(t, ev->text[0]);
	to->func = to->file = "";
	if (ev->stack) {
		cr_assert_eq(ev->stack->nframes, 1);
		to->pc = ev->stack->frames[0]->pc;
		to->func = keep(t, ev->stack->frames[0]->func);
		to->file = keep(t, ev->stack->frames[0]->file);
	}
	for (size_t i = 0; i < ev->nfacts && to->nfacts < GT_REC_TIED; i++)
		copy_fact(t, &to->fact[to->nfacts++], ev->gen, &ev->facts[i]);
}

struct gt_rec_trace *gt_rec_read(const char *path)
{
	struct gt_rec_trace *t = calloc(1, sizeof(*t));
	struct gt_error err;
	struct gt_reader *reader = gt_reader_open(path, &err);
	struct gt_trace_event ev;
	char line[512];

	cr_assert_not_null(t);
	cr_assert_lt(ntraces, TRACES_MAX);
	traces[ntraces++] = t;
	cr_assert_not_null(reader, "%s: %s", path, err.words);
	gt_reader_on_fact(reader, take_fact, t);
	while (gt_reader_next(reader, &ev) > 0)
		take_event(t, &ev);
	gt_reader_close(reader);
	cr_assert_eq(err.code, GT_ERR_NONE, "%s", gt_error_line(&err, line, sizeof(line)));
	return t;
}

struct gt_rec_trace *gt_rec_finish(void)
{
	gt_process_finish();
	return gt_rec_read(gt_output_path());
}

void gt_rec_clean(void)
{
	while (ntraces > 0) {
		struct gt_rec_trace *t = traces[--ntraces];

		for (size_t i = 0; i < t->texts; i++)
			free(t->text[i]);
		free(t->text);
		free(t->event);
		free(t->fact);
		free(t);
	}
	gt_temp_clean();
}

static bool is_it(const struct gt_rec_event *ev, int type, int64_t id)
{
	return ev->type == type && (id == GT_REC_ANY || ev->id == id);
}

const struct gt_rec_event *gt_rec_find(const struct gt_rec_trace *t, uint64_t gen, int type, int64_t id)
{
	for (size_t i = 0; i < t->events; i++) {
		if ((gen == 0 || t->event[i].gen == gen) && is_it(&t->event[i], type, id))
			return &t->event[i];
	}
	return NULL;
}

const struct gt_rec_event *gt_rec_after(const struct gt_rec_trace *t, const struct gt_rec_event *ev, int type,
					int64_t id)
{
	for (ev++; ev < t->event + t->events; ev++) {
		if (is_it(ev, type, id))
			return ev;
	}
	return NULL;
}

size_t gt_rec_count(const struct gt_rec_trace *t, uint64_t gen, int type, int64_t id)
{
	size_t n = 0;

	for (size_t i = 0; i < t->events; i++)
		n += (gen == 0 || t->event[i].gen == gen) && is_it(&t->event[i], type, id);
	return n;
}

const char *gt_rec_story(struct gt_rec_trace *t, uint64_t gen, int64_t m)
{
	size_t len = 0;

	t->stories[0] = 0;
	for (size_t i = 0; i < t->events; i++) {
		const struct gt_rec_event *ev = &t->event[i];

		if (ev->gen != gen || ev->m != m || ev->type == 0)
			continue;
		len += (size_t)snprintf(t->stories + len, sizeof(t->stories) - len, "%s%s", len ? " " : "",
					gt_event_spec[ev->type].name);
		cr_assert_lt(len, sizeof(t->stories));
	}
	return t->stories;
}

const struct gt_rec_fact *gt_rec_tied(const struct gt_rec_event *ev, enum gt_fact number)
{
	for (size_t i = 0; i < ev->nfacts; i++) {
		if (ev->fact[i].number == number)
			return &ev->fact[i];
	}
	return NULL;
}

const struct gt_rec_fact *gt_rec_fact(const struct gt_rec_trace *t, const struct gt_rec_fact *after,
				      enum gt_fact number)
{
	for (size_t i = after ? (size_t)(after - t->fact) + 1 : 0; i < t->facts; i++) {
		if (t->fact[i].number == number)
			return &t->fact[i];
	}
	return NULL;
}

int64_t gt_rec_dropped(const struct gt_rec_trace *t, enum gt_drop cause)
{
	const struct gt_rec_fact *fact = NULL;
	int64_t count = 0;

	while ((fact = gt_rec_fact(t, fact, GT_FACT_Dropped))) {
		if (fact->v[0] == (int64_t)cause)
			count = fact->v[1];
	}
	return count;
}
