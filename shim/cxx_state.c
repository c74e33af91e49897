/* SPDX-License-Identifier: BSD-3-Clause */
#include "cxx_state.h"

#include "function.h"
#include "peek.h"
#include "text.h"

enum { WORD = 8, OBJECT_MAX = 4096, SCANNED = 256, CODE_MAX = 512, MOV_ESI = 0xbe };

/* What surrounds the place in a virtual table that objects point to. */
struct table {
	uint64_t type;
	uint64_t destructor;
	uint64_t deleting;
	uint64_t run;
};

static bool read_table(uint64_t at, struct table *table)
{
	return at % WORD == 0 && gt_peek(at - WORD, table, sizeof(*table));
}

static uint64_t word_at(uint64_t at)
{
	uint64_t word;

	return gt_peek(at, &word, sizeof(word)) ? word : 0;
}

/* "_ZTS" and the name of the type, as its symbol would be; a star says that it is not unique. */
static bool read_name(uint64_t type, char name[GT_CALLABLE_NAME])
{
	uint64_t text = word_at(type + WORD);
	char star = 0;
	size_t n;

	if (!gt_peek(text, &star, 1))
		return false;
	__builtin_memcpy(name, "_ZTS", 4);
	n = gt_peek_some(text + (star == '*'), name + 4, GT_CALLABLE_NAME - 4);
	return __builtin_memchr(name + 4, 0, n) && gt_text_find(name + 4, "NSt6thread11_State_impl") == name + 4;
}

/* The callable's own type: the first element of the tuple; of the inner one where the thread is std::async's. */
static const char *callable_type(const char *name, bool *is_async)
{
	const char *async = gt_text_find(name, "_Async_state_impl");
	const char *tuple = gt_text_find(async ? async : name, "IJ");

	*is_async = async != NULL;
	return tuple ? tuple + 2 : "";
}

static bool is_function_pointer(const char *type)
{
	return __builtin_strncmp(type, "PF", 2) == 0 || __builtin_strncmp(type, "PDoF", 4) == 0;
}

static uint64_t function_at(uint64_t at)
{
	uint64_t word = word_at(at);

	return gt_function_size(word) ? word : 0;
}

/*
 * A tuple's first element is its last in memory, and the tuple is the last of the object, so the object's size tells where
 * the callable lies, `tail` bytes before the end. The deleting destructor says the size: it hands it to operator delete
 * ("mov $size,%esi"). Not all compilers do; and what looks alike is no function.
 */
static int32_t find_by_size(uint64_t object, uint64_t destructor, uint32_t tail)
{
	uint8_t code[CODE_MAX];
	uint32_t size = gt_function_size(destructor);
	size_t n = gt_peek_some(destructor, code, size < sizeof(code) ? size : sizeof(code));
	uint32_t found = 0;

	for (size_t i = 0; i + 5 <= n; i++) {
		__builtin_memcpy(&size, code + i + 1, sizeof(size));
		if (code[i] != MOV_ESI || size % WORD || size <= tail || size > OBJECT_MAX || size - tail == found ||
		    !function_at(object + size - tail))
			continue;
		if (found)
			return 0;
		found = size - tail;
	}
	return (int32_t)found;
}

/* The first function among the object's words is the callable, if its arguments are none. */
static bool is_only_function(const char *type)
{
	return !gt_text_find(type + 1, "PF") && !gt_text_find(type + 1, "PDoF") && !gt_text_find(type, "8function");
}

static uint64_t holder(const struct gt_callable *c, uint64_t object)
{
	return c->is_async ? word_at(object + WORD) : object;
}

static void find_function(struct gt_callable *c, uint64_t object, const char *type)
{
	uint64_t in = holder(c, object);
	bool is_pointer = is_function_pointer(type);
	struct table table;

	if ((!is_pointer && *type != 'M') || !read_table(word_at(in), &table))
		return;
	c->function = find_by_size(in, table.deleting, is_pointer ? WORD : 2 * WORD);
	if (!c->function && is_pointer && is_only_function(type))
		c->function = GT_CALLABLE_SOMEWHERE;
}

bool gt_cxx_state(uint64_t object, uint64_t table, struct gt_callable *c, char name[GT_CALLABLE_NAME])
{
	struct table functions;

	if (!read_table(table, &functions) || functions.type % WORD || !read_name(functions.type, name))
		return false;
	*c = (struct gt_callable){.table = table, .pc = functions.run, .name = name};
	find_function(c, object, callable_type(name, &c->is_async));
	return true;
}

static uint64_t scan(uint64_t object)
{
	uint64_t words[SCANNED / WORD];
	size_t n = gt_peek_some(object, words, sizeof(words)) / WORD;

	for (size_t i = 1; i < n; i++) {
		if (gt_function_size(words[i]))
			return words[i];
	}
	return 0;
}

/* A pointer to a virtual member function is an odd number, and no address; a function may begin at an odd one. */
uint64_t gt_cxx_state_function(const struct gt_callable *c, uint64_t object)
{
	uint64_t in = c->function ? holder(c, object) : 0;
	uint64_t function;

	if (!in)
		return 0;
	if (c->function == GT_CALLABLE_SOMEWHERE)
		return scan(in);
	function = word_at(in + (uint64_t)c->function);
	return function & 1 && !gt_function_size(function) ? 0 : function;
}
