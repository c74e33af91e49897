/* SPDX-License-Identifier: BSD-3-Clause
 *
 * C11 threads: mtx, cnd, tss with destructors, call_once, thrd_sleep and thrd_exit, timed locks.
 */
#include <stdio.h>
#include <stdlib.h>
#include <threads.h>
#include <time.h>

enum { WORKERS = 6, ROUNDS = 3000 };

static mtx_t lock, timed, recursive;
static cnd_t change;
static tss_t slot;
static once_flag once = ONCE_FLAG_INIT;
static int turn, destroyed, initialised;
static long sum;

static void initialise(void)
{
	initialised++;
}

static void destroy(void *value)
{
	mtx_lock(&lock);
	destroyed += *(int *)value;
	mtx_unlock(&lock);
	free(value);
}

static int work(void *arg)
{
	int number = *(int *)arg;
	int *mine = malloc(sizeof(*mine));

	call_once(&once, initialise);
	*mine = number;
	tss_set(slot, mine);
	for (int i = 0; i < ROUNDS; i++) {
		mtx_lock(&recursive);
		mtx_lock(&recursive);
		sum += number;
		mtx_unlock(&recursive);
		mtx_unlock(&recursive);
	}
	for (int i = 0; i < 50; i++) {
		mtx_lock(&lock);
		while (turn % WORKERS != number)
			cnd_wait(&change, &lock);
		turn++;
		cnd_broadcast(&change);
		mtx_unlock(&lock);
	}
	thrd_exit(number * 7);
}

static int try_timed(void *arg)
{
	struct timespec until;

	(void)arg;
	timespec_get(&until, TIME_UTC);
	until.tv_nsec += 20000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	return mtx_timedlock(&timed, &until);
}

int main(void)
{
	thrd_t threads[WORKERS];
	int numbers[WORKERS];
	int result;

	mtx_init(&lock, mtx_plain);
	mtx_init(&timed, mtx_timed);
	mtx_init(&recursive, mtx_plain | mtx_recursive);
	cnd_init(&change);
	tss_create(&slot, destroy);
	for (int i = 0; i < WORKERS; i++) {
		numbers[i] = i;
		printf("create %d\n", thrd_create(&threads[i], work, &numbers[i]));
	}
	for (int i = 0; i < WORKERS; i++) {
		printf("join %d", thrd_join(threads[i], &result));
		printf(" result %d\n", result);
	}
	mtx_lock(&timed);
	thrd_create(&threads[0], try_timed, NULL);
	thrd_join(threads[0], &result);
	printf("timed %d try %d\n", result == thrd_timedout, mtx_trylock(&timed) == thrd_busy);
	thrd_sleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
	thrd_yield();
	printf("sum %ld turn %d destroyed %d initialised %d\n", sum, turn, destroyed, initialised);
	return 0;
}
