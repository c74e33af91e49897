/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Logs a known number of times while it is put under pressure, and again when it is relieved of it.
 *
 *     logs THREADS FIRST SECOND PRESSURE [ARGUMENT]
 *
 * THREADS threads (0: main itself) log FIRST times each; then the pressure is put on, they log SECOND times; it is taken off,
 * and they go on logging until another trace, $GTRACE_OUTPUT.1, has a generation, or 10 seconds are over. Says how often they have
 * logged in all. PRESSURE: disk FILE (fills the file system that FILE is on), away DIRECTORY (renames it), fsize BYTES,
 * memory (it is not limited any more in the end), unmount DIRECTORY, chroot DIRECTORY, setuid UID, flood (the logs themselves), or none.
 */
#include "../../preload/gtrace.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 100, SECONDS = 10, HOLD_MS = 300, HEADER = 16, PATH_MAX_ = 4096 };

static const char *pressure, *argument;
static char second_trace[PATH_MAX_];
static long first, second;
static _Atomic int phase; /* 0: before, 1: under pressure, 2: relieved, 3: over */
static _Atomic int waiting;
static _Atomic long logged;

/* Past the recorder: what is done for the test is none of what is counted. */
static long call(long number, long a, long b, long c, long d)
{
	register long r10 __asm__("r10") = d;
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10)
			 : "rcx", "r11", "memory");
	return result;
}

static void nap(long ms)
{
	struct timespec time = {ms / 1000, ms % 1000 * 1000000};

	call(SYS_nanosleep, (long)&time, 0, 0, 0);
}

static void say(long times)
{
	for (long i = 0; i < times; i++)
		gtrace_log(0, "pressure", "a log");
	atomic_fetch_add(&logged, times);
}

static void fill_disk(int on)
{
	static char block[1 << 16];
	int fd;

	if (!on) {
		call(SYS_unlink, (long)argument, 0, 0, 0);
		return;
	}
	fd = (int)call(SYS_open, (long)argument, O_WRONLY | O_CREAT | O_TRUNC, 0600, 0);
	while (call(SYS_write, fd, (long)block, sizeof(block), 0) > 0)
		;
	while (call(SYS_write, fd, (long)block, 1, 0) > 0)
		;
	call(SYS_close, fd, 0, 0, 0);
}

/* The directory of the traces goes away, and comes back. */
static void move_directory(int on)
{
	char away[PATH_MAX_];

	snprintf(away, sizeof(away), "%s.away", argument);
	call(SYS_rename, (long)(on ? argument : away), (long)(on ? away : argument), 0, 0);
}

static void limit(int on, int resource, rlim_t value)
{
	static struct rlimit before;
	struct rlimit now;

	if (on)
		call(SYS_prlimit64, 0, resource, 0, (long)&before);
	now = before;
	if (on)
		now.rlim_cur = value;
	call(SYS_prlimit64, 0, resource, (long)&now, 0);
}

/* The program began with less than it may have. */
static void unlimit_memory(void)
{
	struct rlimit now;

	call(SYS_prlimit64, 0, RLIMIT_AS, 0, (long)&now);
	now.rlim_cur = now.rlim_max;
	call(SYS_prlimit64, 0, RLIMIT_AS, (long)&now, 0);
}

static void press(int on)
{
	if (strcmp(pressure, "disk") == 0)
		fill_disk(on);
	else if (strcmp(pressure, "away") == 0)
		move_directory(on);
	else if (strcmp(pressure, "fsize") == 0)
		limit(on, RLIMIT_FSIZE, (rlim_t)atol(argument));
	else if (strcmp(pressure, "memory") == 0 && !on)
		unlimit_memory();
	else if (strcmp(pressure, "unmount") == 0 && on)
		call(SYS_umount2, (long)argument, MNT_DETACH, 0, 0);
	else if (strcmp(pressure, "chroot") == 0 && on)
		chroot(argument);
	else if (strcmp(pressure, "setuid") == 0 && on)
		setuid((uid_t)atoi(argument));
}

/* Of some pressures nobody can be relieved. */
static int is_for_ever(void)
{
	return strcmp(pressure, "chroot") == 0 || strcmp(pressure, "setuid") == 0 || strcmp(pressure, "flood") == 0;
}

static int is_over(time_t end)
{
	struct stat st;
	struct timespec now;

	call(SYS_clock_gettime, CLOCK_MONOTONIC, (long)&now, 0, 0);
	if (call(SYS_stat, (long)second_trace, (long)&st, 0, 0) == 0 && st.st_size > HEADER)
		return 1;
	return is_for_ever() || now.tv_sec > end;
}

static void reach(int next)
{
	while (atomic_load(&phase) < next)
		call(SYS_sched_yield, 0, 0, 0, 0);
}

static void *work(void *arg)
{
	say(first);
	atomic_fetch_add(&waiting, 1);
	reach(1);
	say(second);
	atomic_fetch_add(&waiting, 1);
	reach(2);
	while (atomic_load(&phase) < 3) {
		say(BATCH);
		nap(1);
	}
	say(BATCH);
	return arg;
}

static void await(int count)
{
	while (atomic_load(&waiting) < count)
		nap(1);
}

static time_t end_of_test(void)
{
	struct timespec now;

	call(SYS_clock_gettime, CLOCK_MONOTONIC, (long)&now, 0, 0);
	return now.tv_sec + SECONDS;
}

static void alone(void)
{
	time_t end;

	say(first);
	gtrace_flush();
	press(1);
	say(second);
	nap(HOLD_MS);
	press(0);
	for (end = end_of_test(); !is_over(end); nap(1))
		say(BATCH);
	say(BATCH);
}

static void together(int threads)
{
	pthread_t thread[threads];
	time_t end;

	for (int i = 0; i < threads; i++)
		pthread_create(&thread[i], NULL, work, NULL);
	await(threads);
	gtrace_flush();
	press(1);
	atomic_store(&phase, 1);
	await(2 * threads);
	nap(HOLD_MS);
	press(0);
	atomic_store(&phase, 2);
	for (end = end_of_test(); !is_over(end);)
		nap(1);
	atomic_store(&phase, 3);
	for (int i = 0; i < threads; i++)
		pthread_join(thread[i], NULL);
}

int main(int argc, char **argv)
{
	int threads = argc > 4 ? atoi(argv[1]) : 0;

	if (argc < 5)
		return 2;
	first = atol(argv[2]);
	second = atol(argv[3]);
	pressure = argv[4];
	argument = argc > 5 ? argv[5] : "";
	snprintf(second_trace, sizeof(second_trace), "%s%s", getenv("GTRACE_OUTPUT") ? getenv("GTRACE_OUTPUT") : "none",
		 strcmp(pressure, "memory") == 0 || strcmp(pressure, "unmount") == 0 ? "" : ".1");
	if (threads)
		together(threads);
	else
		alone();
	printf("logged %ld\n", atomic_load(&logged));
	return 5;
}
