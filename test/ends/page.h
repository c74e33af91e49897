/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What threads say they have produced, in memory that outlives the process: a file that the harness reads. Each producer
 * (a thread, a signal handler) has a row and numbers what it logs. `begun` counts what was about to be logged, `done` what
 * was logged while the recorder was there: it must be in the trace, or counted there as dropped. They differ by one event at
 * most, which was under way when the trace ended.
 */
#ifndef PAGE_H
#define PAGE_H

#include "../../preload/gtrace.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

#ifdef __cplusplus
#define ROW_WORD volatile unsigned
#else
#define ROW_WORD _Atomic unsigned
#endif

enum { ROWS = 128 };

struct row {
	ROW_WORD pid, begun, done;
};

struct page {
	unsigned next;
	struct row row[ROWS];
};

extern struct page *page;

static inline int page_map(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0 || ftruncate(fd, sizeof(struct page)) != 0)
		return 0;
	page = (struct page *)mmap(NULL, sizeof(struct page), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	return page != MAP_FAILED;
}

static inline void page_print(void)
{
	for (unsigned i = 0; i < ROWS && page->row[i].pid; i++)
		printf("%u %u %u\n", i, page->row[i].begun, page->row[i].done);
}

/* A row for the calling thread. */
static inline struct row *page_row(void)
{
	struct row *row = &page->row[__sync_fetch_and_add(&page->next, 1) % ROWS];

	row->pid = (unsigned)getpid();
	return row;
}

static inline char *page_digits(char *to, unsigned n)
{
	char digits[12];
	int len = 0;

	do
		digits[len++] = (char)('0' + n % 10);
	while (n /= 10);
	while (len)
		*to++ = digits[--len];
	*to = 0;
	return to;
}

static inline void log_number(const struct row *row, unsigned n)
{
	char text[32];
	char *end = page_digits(text, (unsigned)(row - page->row));

	*end++ = ' ';
	page_digits(end, n);
	gtrace_log(0, "ends", text);
}

/* One event that must be recorded, or counted as dropped. */
static inline void say(struct row *row)
{
	row->begun = row->done + 1;
	log_number(row, row->begun);
	row->done = row->begun;
}

static inline void say_often(struct row *row, int times)
{
	while (times-- > 0)
		say(row);
}

/* The same in a thread that goes on while the process ends: when the trace is over nobody is there, and nothing is produced. */
static inline void say_if_on(struct row *row)
{
	if (!gtrace_is_on())
		return;
	row->begun = row->done + 1;
	log_number(row, row->begun);
	if (gtrace_is_on())
		row->done = row->begun;
}

#endif
