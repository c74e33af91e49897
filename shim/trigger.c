/* SPDX-License-Identifier: BSD-3-Clause */
#include "trigger.h"

#include "clock.h"
#include "format/spec.h"
#include "options.h"
#include "thread.h"

#include <string.h>

enum { RULES = 16, NAME = 64, DEFAULT_MOST = 10 };

#define DEFAULT_EVERY UINT64_C(10000000000)

struct rule {
	enum gt_trigger why;
	uint64_t ns;
	char name[NAME]; /* empty: any */
};

struct rules {
	struct rule rule[RULES];
	int count;
	uint64_t every;
	uint64_t most;
};

struct gt_trigger_limits gt_trigger_limits = {UINT64_MAX, UINT64_MAX, UINT64_MAX};

static struct rules rules;

/* One cause on its way: FREE -> FILLED by whoever has it, -> READY when it is all there. */
enum { FREE, FILLED, READY };

static struct {
	_Atomic uint32_t state;
	struct gt_trigger_cause cause;
	uint64_t last; /* CLOCK_MONOTONIC; changed by whoever has FILLED it */
	uint64_t count;
} pulled;

/* "every=" or "most=": 1; 0: another word; -1: its value is none. */
static int parse_setting(struct rules *to, const char *word)
{
	if (strncmp(word, "every=", 6) == 0)
		return gt_option_parse(GT_TYPE_DURATION, "", word + 6, &to->every) ? 1 : -1;
	if (strncmp(word, "most=", 5) == 0)
		return gt_option_parse(GT_TYPE_SIZE, "", word + 5, &to->most) ? 1 : -1;
	return 0;
}

static bool is_what(enum gt_primitive what, const char *name)
{
	const char *full = gt_primitive_name[what];
	size_t len = strlen(name);

	return strncmp(full, name, len) == 0 && (full[len] == 0 || full[len] == ' ');
}

static bool is_any(const char *name)
{
	for (int i = 0; i < GT_PRIMITIVES; i++) {
		if (is_what((enum gt_primitive)i, name))
			return true;
	}
	return false;
}

/* What stands before the sign: the kind, and a name after a colon. */
static bool parse_kind(struct rule *to, const char *word, size_t len)
{
	static const struct {
		const char *word;
		enum gt_trigger why;
	} kinds[] = {{"wait", GT_TRIGGER_WAIT}, {"syscall", GT_TRIGGER_SYSCALL}, {"region", GT_TRIGGER_REGION}};
	const char *colon = memchr(word, ':', len);
	size_t kind = colon ? (size_t)(colon - word) : len, name = colon ? len - kind - 1 : 0;

	to->why = GT_TRIGGER_END;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strlen(kinds[i].word) == kind && memcmp(kinds[i].word, word, kind) == 0)
			to->why = kinds[i].why;
	}
	if (to->why == GT_TRIGGER_END || name >= NAME || (colon && name == 0))
		return false;
	memcpy(to->name, word + kind + 1, name);
	to->name[name] = 0;
	return name == 0 || to->why == GT_TRIGGER_REGION || (to->why == GT_TRIGGER_WAIT && is_any(to->name));
}

static bool parse_word(struct rules *to, const char *word)
{
	int setting = parse_setting(to, word);
	const char *sign = strrchr(word, '>');
	struct rule *rule = &to->rule[to->count];

	if (setting != 0)
		return setting > 0;
	if (!sign || to->count == RULES || !parse_kind(rule, word, (size_t)(sign - word)) ||
	    !gt_option_parse(GT_TYPE_DURATION, "", sign + 1, &rule->ns))
		return false;
	to->count++;
	return true;
}

static bool parse(struct rules *to, const char *text)
{
	char word[2 * NAME];

	*to = (struct rules){.every = DEFAULT_EVERY, .most = DEFAULT_MOST};
	while (*text) {
		size_t len = strcspn(text, ",");

		if (len == 0 || len >= sizeof(word))
			return false;
		memcpy(word, text, len);
		word[len] = 0;
		if (!parse_word(to, word))
			return false;
		text += len;
		if (*text == ',' && !*++text)
			return false;
	}
	return true;
}

bool gt_trigger_parse(const char *text)
{
	static struct rules unused; /* the stack may be small */

	return parse(&unused, text);
}

static void lower(uint64_t *limit, enum gt_trigger why)
{
	*limit = UINT64_MAX;
	for (int i = 0; i < rules.count; i++) {
		if (rules.rule[i].why == why && rules.rule[i].ns < *limit)
			*limit = rules.rule[i].ns;
	}
}

void gt_trigger_set(const char *text)
{
	if (!parse(&rules, text))
		rules.count = 0;
	lower(&gt_trigger_limits.wait, GT_TRIGGER_WAIT);
	lower(&gt_trigger_limits.syscall, GT_TRIGGER_SYSCALL);
	lower(&gt_trigger_limits.region, GT_TRIGGER_REGION);
}

void gt_trigger_start(void)
{
	__builtin_memset(&pulled, 0, sizeof(pulled));
}

static bool may_fire(uint64_t now)
{
	return pulled.count < rules.most && (pulled.count == 0 || now - pulled.last >= rules.every);
}

static bool fire(enum gt_trigger why, uint64_t goid, const char *name, uint64_t ns)
{
	uint64_t now = gt_clock_monotonic();
	uint32_t was = FREE;
	size_t len = strlen(name);

	if (!may_fire(now) || !atomic_compare_exchange_strong(&pulled.state, &was, FILLED))
		return false;
	if (!may_fire(now)) {
		atomic_store(&pulled.state, FREE);
		return false;
	}
	pulled.last = now;
	pulled.count++;
	pulled.cause = (struct gt_trigger_cause){.why = why, .goid = goid, .ns = ns};
	memcpy(pulled.cause.name, name, len < NAME ? len : NAME - 1);
	atomic_store(&pulled.state, READY);
	return true;
}

bool gt_trigger_wait(uint64_t goid, enum gt_primitive what, uint64_t ns)
{
	for (int i = 0; i < rules.count; i++) {
		const struct rule *r = &rules.rule[i];

		if (r->why == GT_TRIGGER_WAIT && ns > r->ns &&
		    (r->name[0] ? is_what(what, r->name) : what != GT_PRIM_SLEEP))
			return fire(r->why, goid, gt_primitive_name[what], ns);
	}
	return false;
}

bool gt_trigger_syscall(uint64_t goid, uint64_t ns)
{
	return ns > gt_trigger_limits.syscall && fire(GT_TRIGGER_SYSCALL, goid, "", ns);
}

bool gt_trigger_region(uint64_t goid, const char *name, uint64_t ns)
{
	for (int i = 0; i < rules.count; i++) {
		const struct rule *r = &rules.rule[i];

		if (r->why == GT_TRIGGER_REGION && ns > r->ns && (!r->name[0] || strcmp(name, r->name) == 0))
			return fire(r->why, goid, name, ns);
	}
	return false;
}

/* The writer may have seen it already; what began while nobody recorded has no time. */
static bool is_news(const struct gt_thread *t)
{
	return t->began && t->began != __atomic_load_n(&t->judged, __ATOMIC_RELAXED);
}

void gt_trigger_wait_ends(struct gt_thread *t, uint64_t now)
{
	if (is_news(t) && gt_trigger_wait(t->goid, t->primitive, now - t->began))
		t->wants_flush = true;
}

void gt_trigger_call_ends(struct gt_thread *t, uint64_t now)
{
	if (is_news(t) && gt_trigger_syscall(t->goid, now - t->began))
		t->wants_flush = true;
}

/* What is read of another thread may be of two operations: then one that has just begun looks long, for once. */
static void look_at(struct gt_thread *t, uint64_t now)
{
	uint64_t began = __atomic_load_n(&t->began, __ATOMIC_RELAXED);
	uint32_t state = atomic_load(&t->state);

	if (began == 0 || began > now || began == t->judged)
		return;
	if (state == GT_T_BLOCKED && now - began > gt_trigger_limits.wait)
		gt_trigger_wait(t->goid, t->primitive, now - began);
	else if (state == GT_T_SYSCALL && now - began > gt_trigger_limits.syscall)
		gt_trigger_syscall(t->goid, now - began);
	else
		return;
	t->judged = began;
}

void gt_trigger_look(uint32_t gen)
{
	uint64_t now = gt_clock_now(gen);
	uint32_t n = gt_thread_count();

	if (gt_trigger_limits.wait == UINT64_MAX && gt_trigger_limits.syscall == UINT64_MAX)
		return;
	for (uint32_t i = 1; i <= n; i++)
		look_at(gt_thread_at(i), now);
}

bool gt_trigger_is_pulled(void)
{
	return atomic_load_explicit(&pulled.state, memory_order_relaxed) == READY;
}

bool gt_trigger_take(struct gt_trigger_cause *cause)
{
	if (atomic_load(&pulled.state) != READY)
		return false;
	*cause = pulled.cause;
	atomic_store(&pulled.state, FREE);
	return true;
}
