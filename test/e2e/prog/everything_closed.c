/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The program closes every descriptor, or puts files of its own over all of them, by closefrom, close_range, a loop or
 * dup2, while threads are recorded; what it opens then has the lowest numbers and holds only its own bytes.
 */
#include "check.h"
#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>

enum { FIRST = 3, LAST = 255, FILES = 20 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static atomic_int is_over, rounds;

static void *work(void *arg)
{
	while (!is_over) {
		pthread_mutex_lock(&mutex);
		usleep(10);
		pthread_mutex_unlock(&mutex);
		rounds++;
	}
	return arg;
}

static void by_closefrom(void)
{
	closefrom(FIRST);
}

static void by_range(void)
{
	CHECK(close_range(FIRST, ~0u, 0) == 0);
}

static void by_loop(void)
{
	for (int fd = FIRST; fd <= LAST; fd++)
		close(fd);
}

static void by_dup2(void)
{
	int fd = open("over", O_RDWR | O_CREAT | O_APPEND, 0600);

	CHECK(fd >= 0);
	for (int to = FIRST; to <= LAST; to++)
		CHECK(dup2(fd, to) == to);
	by_loop();
}

/* Some generations go by. */
static void let_work(void)
{
	int before = rounds;

	while (rounds < before + 20)
		usleep(1000);
}

static void check_files(const char *how)
{
	struct stat st;
	char path[16], byte;
	int wrong = 0;

	for (int fd = FIRST; fd < FIRST + FILES; fd++) {
		snprintf(path, sizeof(path), "file%d", fd);
		CHECK(open(path, O_RDWR | O_CREAT | O_TRUNC, 0600) == fd && write(fd, "x", 1) == 1);
	}
	let_work();
	for (int fd = FIRST; fd < FIRST + FILES; fd++) {
		CHECK(fstat(fd, &st) == 0);
		wrong += st.st_size != 1 || pread(fd, &byte, 1, 0) != 1 || byte != 'x';
	}
	CHECK(stat("over", &st) != 0 || st.st_size == 0);
	printf("%s: %d files are wrong\n", how, wrong);
	CHECK(close_range(FIRST, ~0u, 0) == 0 && open("/dev/null", O_RDONLY) == FIRST && close(FIRST) == 0);
}

int main(void)
{
	pthread_t threads[2];

	by_loop(); /* what the runner may have left open */
	CHECK(open("/dev/null", O_RDONLY) == FIRST && close(FIRST) == 0);
	for (int i = 0; i < 2; i++)
		CHECK(pthread_create(&threads[i], NULL, work, NULL) == 0);
	let_work();
	for (int i = 0; i < 1000; i++)
		CHECK(open("/dev/null", O_RDONLY) == FIRST && close(FIRST) == 0);
	by_closefrom();
	check_files("closefrom");
	by_range();
	check_files("close_range");
	by_loop();
	check_files("a loop");
	by_dup2();
	check_files("dup2");
	is_over = 1;
	for (int i = 0; i < 2; i++)
		CHECK(pthread_join(threads[i], NULL) == 0);
	return 0;
}
