/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Threads that work at the same time and share nothing of their own, natively and traced by bench/scale.
 *
 * scale record THREADS ROUNDS: each reads a byte and waits for nothing, ROUNDS times; prints the nanoseconds of processor time
 * of a round in the threads, and of a round in the whole process.
 * scale locks LOCKS THREADS ROUNDS: each takes one of the locks, works for a moment and lets it go; the same.
 * scale stalls THREADS MS: how long each of such reads takes: prints the microseconds of the 50th, 99.9th and 99.99th
 * percentile and the longest, and the processor time of the recorder's own thread in microseconds.
 */
#include <dirent.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { WARM = 30, BINS = 1024, BIN_BITS = 4 };

static pthread_barrier_t barrier;
static int zero, threads, rounds, locks;
static uint64_t deadline;
static struct lock {
	pthread_mutex_t mutex;
	unsigned long value;
} __attribute__((aligned(128))) * lock;

/* What one thread has measured; nobody else's. */
struct mine {
	uint64_t ns;
	uint64_t bins[BINS], longest;
	pthread_t thread;
} __attribute__((aligned(128)));

static uint64_t clock_ns(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static void read_once(void)
{
	char c;

	if (read(zero, &c, 1) != 1)
		abort();
}

static void record(int n)
{
	int nobody = 0;

	while (n--) {
		read_once();
		if (syscall(SYS_futex, &nobody, FUTEX_WAIT_PRIVATE, 1, NULL) != -1)
			abort();
	}
}

static void take_locks(int n)
{
	uint32_t random = (uint32_t)(uintptr_t)&n ^ (uint32_t)syscall(SYS_gettid) * 2654435761u;

	while (n--) {
		struct lock *l;

		random ^= random << 13;
		random ^= random >> 17;
		random ^= random << 5;
		l = &lock[random % (uint32_t)locks];
		pthread_mutex_lock(&l->mutex);
		for (int i = 0; i < 20; i++)
			*(volatile unsigned long *)&l->value += 1;
		pthread_mutex_unlock(&l->mutex);
	}
}

/* Bins of a floating point kind: as many between 1 and 2 us as between 2 and 4. */
static int bin_of(uint64_t ns)
{
	int log = 63 - __builtin_clzll(ns | 1 << BIN_BITS);

	return (log - BIN_BITS) << BIN_BITS | (int)(ns >> (log - BIN_BITS) & ((1 << BIN_BITS) - 1));
}

static uint64_t end_of_bin(int bin)
{
	return (uint64_t)((1 << BIN_BITS | (bin & ((1 << BIN_BITS) - 1))) + 1) << (bin >> BIN_BITS);
}

static void time_reads(struct mine *m)
{
	uint64_t before = clock_ns(CLOCK_MONOTONIC);

	while (before < __atomic_load_n(&deadline, __ATOMIC_RELAXED)) {
		uint64_t now, ns;

		read_once();
		now = clock_ns(CLOCK_MONOTONIC);
		ns = now - before;
		before = now;
		m->bins[bin_of(ns)]++;
		m->longest = ns > m->longest ? ns : m->longest;
	}
}

static void work(struct mine *m, void (*once)(int))
{
	uint64_t start;

	once(WARM);
	pthread_barrier_wait(&barrier);
	pthread_barrier_wait(&barrier);
	start = clock_ns(CLOCK_THREAD_CPUTIME_ID);
	once(rounds);
	m->ns = clock_ns(CLOCK_THREAD_CPUTIME_ID) - start;
	pthread_barrier_wait(&barrier);
	pthread_barrier_wait(&barrier);
}

static void *recorder(void *m)
{
	work(m, record);
	return NULL;
}

static void *locker(void *m)
{
	work(m, take_locks);
	return NULL;
}

static void *staller(void *m)
{
	record(WARM);
	pthread_barrier_wait(&barrier);
	time_reads(m);
	pthread_barrier_wait(&barrier);
	return NULL;
}

static struct mine *start(void *(*routine)(void *))
{
	struct mine *all = aligned_alloc(128, (size_t)threads * sizeof(*all));
	pthread_attr_t attr;

	if (!all || pthread_barrier_init(&barrier, NULL, (unsigned)threads + 1) != 0)
		exit(1);
	memset(all, 0, (size_t)threads * sizeof(*all));
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 64 << 10);
	for (int i = 0; i < threads; i++)
		if (pthread_create(&all[i].thread, &attr, routine, &all[i]) != 0)
			exit(1);
	pthread_barrier_wait(&barrier);
	return all;
}

/* The recorder's own thread, if there is one. */
static uint64_t ns_of_writer(void)
{
	DIR *tasks = opendir("/proc/self/task");
	struct dirent *d;
	uint64_t ns = 0;

	while (tasks && (d = readdir(tasks))) {
		char path[300], name[32] = "";
		unsigned long long ran = 0;
		FILE *f;

		snprintf(path, sizeof(path), "/proc/self/task/%s/comm", d->d_name);
		if (!(f = fopen(path, "r")))
			continue;
		if (fgets(name, sizeof(name), f) && !strcmp(name, "gtrace-writer\n")) {
			fclose(f);
			snprintf(path, sizeof(path), "/proc/self/task/%s/schedstat", d->d_name);
			if ((f = fopen(path, "r")) && fscanf(f, "%llu", &ran) == 1)
				ns = ran;
		}
		if (f)
			fclose(f);
	}
	if (tasks)
		closedir(tasks);
	return ns;
}

static void print_cost(void *(*routine)(void *))
{
	struct mine *all = start(routine);
	uint64_t before = clock_ns(CLOCK_PROCESS_CPUTIME_ID), sum = 0, whole;
	double n = (double)rounds * threads;

	pthread_barrier_wait(&barrier);
	pthread_barrier_wait(&barrier);
	whole = clock_ns(CLOCK_PROCESS_CPUTIME_ID) - before;
	pthread_barrier_wait(&barrier);
	for (int i = 0; i < threads; i++) {
		pthread_join(all[i].thread, NULL);
		sum += all[i].ns;
	}
	printf("%.2f %.2f\n", (double)sum / n, (double)whole / n);
}

static double percentile(const uint64_t *bins, uint64_t n, double part)
{
	uint64_t seen = 0;

	for (int i = 0; i < BINS; i++) {
		seen += bins[i];
		if ((double)seen >= part * (double)n)
			return (double)end_of_bin(i) / 1e3;
	}
	return 0;
}

static void print_stalls(int ms)
{
	uint64_t bins[BINS] = {0}, n = 0, longest = 0, writer;
	struct mine *all;

	deadline = UINT64_MAX;
	all = start(staller);
	writer = ns_of_writer();
	usleep((useconds_t)ms * 1000);
	__atomic_store_n(&deadline, 0, __ATOMIC_RELAXED);
	writer = ns_of_writer() - writer;
	pthread_barrier_wait(&barrier);
	for (int i = 0; i < threads; i++) {
		pthread_join(all[i].thread, NULL);
		longest = all[i].longest > longest ? all[i].longest : longest;
		for (int b = 0; b < BINS; b++) {
			bins[b] += all[i].bins[b];
			n += all[i].bins[b];
		}
	}
	printf("%.2f %.1f %.1f %.1f %.1f\n", percentile(bins, n, 0.5), percentile(bins, n, 0.999),
	       percentile(bins, n, 0.9999), (double)longest / 1e3, (double)writer / 1e3);
}

int main(int argc, char **argv)
{
	const char *what = argc > 3 ? argv[1] : "";
	bool is_locks = !strcmp(what, "locks");

	if (argc != (is_locks ? 5 : 4))
		return 2;
	zero = open("/dev/zero", O_RDONLY);
	locks = is_locks ? atoi(argv[2]) : 1;
	threads = atoi(argv[is_locks ? 3 : 2]);
	rounds = atoi(argv[is_locks ? 4 : 3]);
	lock = aligned_alloc(128, (size_t)locks * sizeof(*lock));
	for (int i = 0; lock && i < locks; i++)
		pthread_mutex_init(&lock[i].mutex, NULL);
	if (!strcmp(what, "record"))
		print_cost(recorder);
	else if (is_locks)
		print_cost(locker);
	else if (!strcmp(what, "stalls"))
		print_stalls(rounds);
	else
		return 2;
	return 0;
}
