/* SPDX-License-Identifier: BSD-3-Clause */
#include "modules.h"

#include "elf_file.h"
#include "heap.h"
#include "os.h"
#include "text.h"

enum { WINDOW = 8192 };

static struct {
	struct gt_module *all;
	int count;
	uint32_t readings;
	char *window;
	uint64_t first; /* where the file begins whose lines are being read, and its path */
	char *path;
} modules;

bool gt_modules_start(void)
{
	modules.all = gt_heap_take(GT_MODULES_MAX * sizeof(struct gt_module));
	modules.window = gt_heap_take(WINDOW + 1);
	modules.path = gt_heap_take(WINDOW + 1);
	modules.count = 0;
	modules.readings = 0;
	return modules.all && modules.window && modules.path;
}

int gt_modules_count(void)
{
	return modules.count;
}

struct gt_module *gt_modules_at(int index)
{
	return &modules.all[index];
}

int gt_modules_find(uint64_t pc)
{
	int best = -1;

	for (int i = modules.count - 1; i >= 0; i--) {
		struct gt_module *m = &modules.all[i];

		if (pc >= m->base && pc < m->end && (best < 0 || m->seen > modules.all[best].seen))
			best = i;
	}
	return best;
}

static const char *keep(const char *text)
{
	size_t len = __builtin_strlen(text) + 1;
	char *copy = gt_heap_take(len);

	if (copy)
		__builtin_memcpy(copy, text, len);
	return copy;
}

static struct gt_module *known(uint64_t base, const char *path)
{
	for (int i = modules.count - 1; i >= 0; i--) {
		struct gt_module *m = &modules.all[i];

		if (m->base == base && __builtin_strcmp(m->path, path) == 0)
			return m;
	}
	return NULL;
}

/* It was unloaded and is there again, perhaps from another file of that name. */
static void come_back(struct gt_module *m)
{
	gt_elf_build_id(m->path, m->build_id, sizeof(m->build_id));
	gt_symbols_forget(&m->symbols);
	m->gone = false;
	m->is_told = false;
}

static struct gt_module *add(uint64_t base, const char *path, uint64_t inode)
{
	struct gt_module *m = known(base, path);

	if (m && (m->gone || m->inode != inode))
		come_back(m);
	if (m) {
		m->inode = inode;
		m->seen = modules.readings;
	}
	if (m || modules.count == GT_MODULES_MAX)
		return m;
	m = &modules.all[modules.count];
	if (!gt_elf_build_id(path, m->build_id, sizeof(m->build_id)))
		return NULL;
	m->path = keep(path); /* memory that never comes back: only for what stays */
	if (!m->path)
		return NULL;
	m->base = base;
	m->inode = inode;
	m->seen = modules.readings;
	modules.count++;
	return m;
}

static const char *parse_hex(const char *p, uint64_t *v)
{
	*v = 0;
	for (;; p++) {
		if (*p >= '0' && *p <= '9')
			*v = *v << 4 | (uint64_t)(*p - '0');
		else if (*p >= 'a' && *p <= 'f')
			*v = *v << 4 | (uint64_t)(*p - 'a' + 10);
		else
			return p;
	}
}

static const char *parse_decimal(const char *p, uint64_t *v)
{
	for (*v = 0; *p >= '0' && *p <= '9'; p++)
		*v = *v * 10 + (uint64_t)(*p - '0');
	return p;
}

/* Behind the next space. */
static const char *next_word(const char *p)
{
	while (*p && *p != ' ')
		p++;
	return p + (*p == ' ');
}

static void begin(uint64_t from, const char *path)
{
	size_t len = __builtin_strlen(path);

	modules.first = from;
	__builtin_memcpy(modules.path, path, len + 1);
}

/*
 * "from-to perms offset device inode path". A mapping of offset 0 begins a file, later ones of the same path belong to it.
 * Law: no file is opened that the program does not execute. Closing a descriptor gives up the process's fcntl() locks on that
 * file, opening one breaks a lease: a mapped and locked database must never be touched. Files that are no ELF are left out.
 */
static void take_line(char *line, struct gt_module **current)
{
	uint64_t from, to, offset, inode;
	const char *p = parse_hex(line, &from);
	bool executable;

	p = parse_hex(p + (*p == '-'), &to);
	executable = *p == ' ' && p[1] && p[2] && p[3] == 'x' && p[4] == 'p';
	p = parse_hex(p + (*p == ' ' ? 6 : 0), &offset);
	p = parse_decimal(next_word(next_word(p)), &inode);
	while (*p && *p != '/')
		p++;
	if (*p != '/')
		return;
	if (offset == 0) {
		begin(from, p);
		*current = NULL;
	} else if (__builtin_strcmp(modules.path, p) != 0) {
		return;
	}
	if (!*current && executable)
		*current = add(modules.first, modules.path, inode);
	if (*current)
		(*current)->end = to;
}

/* What the last reading did not have. */
static void bury(void)
{
	for (int i = 0; i < modules.count; i++) {
		struct gt_module *m = &modules.all[i];

		if (m->seen == modules.readings || m->gone)
			continue;
		m->gone = true;
		gt_symbols_forget(&m->symbols);
	}
}

/* Reads through a window; a line longer than half of it is cut, and its rest ignored. */
void gt_modules_refresh(void)
{
	int fd = gt_os_open("/proc/self/maps", O_RDONLY, 0);
	struct gt_module *current = NULL;
	size_t have = 0;
	long n;

	if (fd < 0)
		return;
	modules.readings++;
	modules.path[0] = 0;
	while ((n = gt_os_read(fd, modules.window + have, WINDOW - have)) > 0) {
		char *line = modules.window;
		char *end = line + have + n;
		char *stop;

		while ((stop = __builtin_memchr(line, '\n', (size_t)(end - line)))) {
			*stop = 0;
			take_line(line, &current);
			line = stop + 1;
		}
		have = (size_t)(end - line);
		if (have == WINDOW)
			have = 0;
		__builtin_memmove(modules.window, line, have);
	}
	gt_os_close(fd);
	if (n == 0)
		bury();
}

bool gt_modules_counts(const struct gt_module *module, uint32_t gen)
{
	for (int i = 0; module->gone && i < modules.count; i++) {
		const struct gt_module *m = &modules.all[i];

		if (!m->gone && m->base < module->end && module->base < m->end)
			return false;
	}
	return !module->gone || module->used == gen;
}

/* What was unloaded may be another file by now. */
static bool is_still_there(const struct gt_module *m)
{
	char id[GT_BUILD_ID_MAX];

	return !m->gone || (gt_elf_build_id(m->path, id, sizeof(id)) && __builtin_strcmp(id, m->build_id) == 0);
}

void gt_modules_symbol(int index, uint64_t pc, char *to, uint32_t len)
{
	struct gt_module *m = index >= 0 ? &modules.all[index] : NULL;
	struct gt_text text = {to, len};

	if (m && is_still_there(m) && gt_symbols_name(&m->symbols, m->path, m->base, pc - 1, to, len))
		return;
	gt_text_add(&text, m ? gt_text_base(m->path) : "");
	gt_text_add(&text, m ? "+0x" : "0x");
	gt_text_number(&text, m ? pc - m->base : pc, 16);
}
