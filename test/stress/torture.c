/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * torture SECONDS SEED: everything at once, on more threads than processors. Signals are sent without the mutex,
 * timeouts end close to wakeups, threads live for moments, short system calls lose their slots.
 * The work is random from SEED; only the scheduling is not. Prints "done" when every count adds up.
 */
#include "../../preload/gtrace.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { THREADS = 10, DUELS = 2 };
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_barrier_t barrier;
static sem_t sem;
static int queued, zero;
static atomic_int stop;
static atomic_long born, died;

static struct timespec after(long nanoseconds)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	t.tv_nsec += nanoseconds;
	t.tv_sec += t.tv_nsec / 1000000000;
	t.tv_nsec %= 1000000000;
	return t;
}

static void produce(unsigned *seed)
{
	pthread_mutex_lock(&lock);
	queued++;
	pthread_mutex_unlock(&lock);
	if (rand_r(seed) % 8)
		pthread_cond_signal(&cond);
	else
		pthread_cond_broadcast(&cond);
}

static void consume(unsigned *seed)
{
	struct timespec end = after(rand_r(seed) % 200000);

	pthread_mutex_lock(&lock);
	while (!queued && pthread_cond_timedwait(&cond, &lock, &end) != ETIMEDOUT)
		;
	if (queued)
		queued--;
	pthread_mutex_unlock(&lock);
}

static void semaphore_turn(unsigned *seed)
{
	struct timespec end = after(rand_r(seed) % 100000);

	if (rand_r(seed) % 2)
		sem_post(&sem);
	else
		sem_timedwait(&sem, &end);
}

static void rwlock_turn(unsigned *seed)
{
	if (rand_r(seed) % 4)
		pthread_rwlock_rdlock(&rwlock);
	else
		pthread_rwlock_wrlock(&rwlock);
	if (rand_r(seed) % 4 == 0)
		sched_yield();
	pthread_rwlock_unlock(&rwlock);
}

static void syscalls(unsigned *seed)
{
	char c[64];

	for (int i = rand_r(seed) % 20; i >= 0; i--)
		if (read(zero, c, sizeof(c)) != sizeof(c))
			abort();
}

static void *short_life(void *arg)
{
	unsigned seed = (unsigned)(unsigned long)arg;

	if (rand_r(&seed) % 2)
		syscalls(&seed);
	else
		produce(&seed);
	died++;
	return NULL;
}

static void threads_turn(unsigned *seed)
{
	pthread_t t[3];

	for (int i = 0; i < 3; i++, born++)
		if (pthread_create(&t[i], NULL, short_life, (void *)(unsigned long)rand_r(seed)) != 0)
			abort();
	for (int i = 0; i < 3; i++)
		pthread_join(t[i], NULL);
}

static void nap(unsigned *seed)
{
	struct timespec t = {0, rand_r(seed) % 50000};

	nanosleep(&t, NULL);
}

/* One collection at a time, which whoever comes next ends: 0 none, 1 under way, 2 in somebody's hands. */
static void collection_turn(unsigned *seed __attribute__((unused)))
{
	static atomic_int state;
	int seen = state;

	if (seen == 2 || !atomic_compare_exchange_strong(&state, &seen, 2))
		return;
	if (seen == 0)
		gtrace_gc_begin();
	else
		gtrace_gc_end();
	state = !seen;
}

/* What one thread does for it, with waits and system calls in between. */
static void collector_turn(unsigned *seed)
{
	int what = rand_r(seed) % 8;

	if (what & 1)
		gtrace_stw_begin("GC torture");
	if (what & 2)
		gtrace_assist_begin();
	if (what & 4)
		gtrace_sweep_begin();
	if (rand_r(seed) % 2)
		syscalls(seed);
	else
		consume(seed);
	if (what & 1)
		gtrace_stw_end();
	if (what & 4)
		gtrace_sweep_end(1000, 10);
	if (what & 2)
		gtrace_assist_end();
	gtrace_heap((uint64_t)rand_r(seed));
}

static void *work(void *arg)
{
	static void (*const turns[])(unsigned *) = {
		produce,  consume,      produce, consume,         semaphore_turn,  rwlock_turn,    syscalls,
		syscalls, threads_turn, nap,     collection_turn, collection_turn, collector_turn, collection_turn};
	unsigned seed = (unsigned)(unsigned long)arg;

	while (!stop)
		turns[(unsigned)rand_r(&seed) % (sizeof(turns) / sizeof(turns[0]))](&seed);
	pthread_barrier_wait(&barrier);
	return NULL;
}

/*
 * Two who meet on one condition variable that nobody else uses: a single waiter is claimed by the signaller, and
 * its timeout ends just then. Signals come without the mutex and without pause.
 */
static struct duel {
	pthread_mutex_t lock;
	pthread_cond_t cond;
} duels[DUELS];

static void *duel_wait(void *arg)
{
	struct duel *d = arg;
	unsigned seed = 1;

	while (!stop) {
		struct timespec end = after(rand_r(&seed) % 60000);

		pthread_mutex_lock(&d->lock);
		pthread_cond_timedwait(&d->cond, &d->lock, &end);
		pthread_mutex_unlock(&d->lock);
	}
	return NULL;
}

static void *duel_signal(void *arg)
{
	struct duel *d = arg;

	while (!stop) {
		pthread_cond_signal(&d->cond);
		sched_yield();
	}
	return NULL;
}

static void duels_start(pthread_t *t)
{
	for (int i = 0; i < DUELS; i++) {
		pthread_mutex_init(&duels[i].lock, NULL);
		pthread_cond_init(&duels[i].cond, NULL);
		if (pthread_create(&t[2 * i], NULL, duel_wait, &duels[i]) != 0 ||
		    pthread_create(&t[2 * i + 1], NULL, duel_signal, &duels[i]) != 0)
			abort();
	}
}

int main(int argc, char **argv)
{
	pthread_t duellists[2 * DUELS];
	double seconds = argc > 1 ? atof(argv[1]) : 1;
	unsigned seed = argc > 2 ? (unsigned)atoi(argv[2]) : 1;
	struct timespec length = {(time_t)seconds, (long)((seconds - (time_t)seconds) * 1e9)};
	pthread_t t[THREADS];

	zero = open("/dev/zero", O_RDONLY);
	sem_init(&sem, 0, 0);
	pthread_barrier_init(&barrier, NULL, THREADS);
	for (unsigned long i = 0; i < THREADS; i++)
		if (pthread_create(&t[i], NULL, work, (void *)(seed * 1000 + i)) != 0)
			abort();
	duels_start(duellists);
	nanosleep(&length, NULL);
	stop = 1;
	for (int i = 0; i < 2 * DUELS; i++)
		pthread_join(duellists[i], NULL);
	for (int i = 0; i < THREADS; i++)
		pthread_join(t[i], NULL);
	puts(born == died ? "done" : "threads lost");
	return born != died;
}
