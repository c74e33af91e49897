/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The argument of a start routine is the program's own affair: any number, memory that is not there or not to be read, the
 * last bytes of a page, a page behind the end of its file, and words that lead in circles.
 */
#include "check.h"

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <threads.h>
#include <unistd.h>

enum { PAGE = 4096 };

static void *seen;

/* One routine an argument: nothing is known of a routine that is new. */
#define ROUTINE(i)                                                                                                     \
	static void *routine_##i(void *arg)                                                                            \
	{                                                                                                              \
		seen = arg;                                                                                            \
		return (void *)(uintptr_t)(i);                                                                         \
	}
#define EACH(X)                                                                                                        \
	X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15) X(16) X(17) X(18) X(19)

EACH(ROUTINE)
#define NAME(i) routine_##i,
static void *(*const routines[])(void *) = {EACH(NAME)};
enum { COUNT = sizeof(routines) / sizeof(routines[0]) };

static int c11_routine(void *arg)
{
	seen = arg;
	return 3;
}

/* A page that can be read before one that cannot. */
static char *half_page(int protection)
{
	char *page = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(page != MAP_FAILED && mprotect(page + PAGE, PAGE, protection) == 0);
	memset(page, 0x5a, PAGE);
	return page;
}

static char *behind_its_file(void)
{
	int fd = memfd_create("short", 0);
	char *at = mmap(NULL, 2 * PAGE, PROT_READ, MAP_SHARED, fd, 0);

	CHECK(fd >= 0 && at != MAP_FAILED);
	close(fd);
	return at;
}

static void run(int i, uintptr_t arg)
{
	pthread_t thread;
	void *result;

	CHECK(i < COUNT && pthread_create(&thread, NULL, routines[i], (void *)arg) == 0);
	CHECK(pthread_join(thread, &result) == 0);
	CHECK(seen == (void *)arg && result == (void *)(uintptr_t)i);
}

int main(void)
{
	static void *circle[4] = {circle, circle, circle, circle};
	static void *functions[4] = {routine_0, routine_1, routine_2, routine_3};
	static uintptr_t pair[3];
	char *page = half_page(PROT_NONE), *gone = half_page(PROT_READ);
	const uintptr_t args[COUNT] = {
		0,
		1,
		3,
		8,
		UINTPTR_MAX,
		UINTPTR_MAX - 7,
		0x800000000000,
		0x5a5a5a5a5a58,
		0xffffffffff600000,
		(uintptr_t)page,
		(uintptr_t)page + 1,
		(uintptr_t)page + PAGE,
		(uintptr_t)page + PAGE - 8,
		(uintptr_t)page + PAGE - 4,
		(uintptr_t)gone + PAGE,
		(uintptr_t)behind_its_file(),
		(uintptr_t)circle,
		(uintptr_t)functions,
		(uintptr_t)pair,
		(uintptr_t)routine_0,
	};
	thrd_t thread;
	int result;

	CHECK(munmap(gone + PAGE, PAGE) == 0);
	pair[0] = (uintptr_t)page + PAGE - 8;
	pair[1] = (uintptr_t)page + PAGE;
	for (int i = 0; i < COUNT; i++)
		run(i, args[i]);
	CHECK(thrd_create(&thread, c11_routine, page + PAGE) == thrd_success);
	CHECK(thrd_join(thread, &result) == thrd_success && result == 3);
	puts("all ran");
	return 0;
}
