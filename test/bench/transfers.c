/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * transfers KIND THREADS N: each thread does the same thing N times, and shares nothing of its own with others; for
 * bench/transfers, which looks at the memory that they touch. A store to begin_mark stands before each, one to end_mark behind all.
 * Prints where these are, and what lies where.
 */
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { MOST = 64, STACK = 64 << 10 };

static struct {
	char c;
} __attribute__((aligned(128))) begin_mark, end_mark;
static int zero, rounds, threads;

/* What belongs to one thread, or to the two that meet in it. */
static struct place {
	pthread_mutex_t lock;
	pthread_cond_t cond;
	int turn;
} __attribute__((aligned(256))) places[MOST];

static void mark(char *where)
{
	*(volatile char *)where = 1;
}

static void read_once(struct place *p, int me)
{
	char c;

	(void)p;
	(void)me;
	if (read(zero, &c, 1) != 1)
		abort();
}

static void yield_once(struct place *p, int me)
{
	(void)p;
	(void)me;
	sched_yield();
}

/* A wait that is over at once. */
static void wait_once(struct place *p, int me)
{
	(void)me;
	if (syscall(SYS_futex, &p->turn, FUTEX_WAIT_PRIVATE, -1, NULL) != -1)
		abort();
}

static void lock_once(struct place *p, int me)
{
	(void)me;
	pthread_mutex_lock(&p->lock);
	pthread_mutex_unlock(&p->lock);
}

/* Two threads wake each other by turns. */
static void meet_once(struct place *p, int me)
{
	pthread_mutex_lock(&p->lock);
	while (p->turn != me)
		pthread_cond_wait(&p->cond, &p->lock);
	p->turn = !me;
	pthread_cond_signal(&p->cond);
	pthread_mutex_unlock(&p->lock);
}

static void *nothing(void *arg)
{
	return arg;
}

static void create_once(struct place *p, int me)
{
	pthread_attr_t attr;
	pthread_t t;

	(void)p;
	(void)me;
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK);
	if (pthread_create(&t, &attr, nothing, NULL) != 0 || pthread_join(t, NULL) != 0)
		abort();
	pthread_attr_destroy(&attr);
}

static const struct kind {
	const char *name;
	void (*once)(struct place *, int);
	int at_a_place;
} kinds[] = {
	{"yield", yield_once, 1}, {"read", read_once, 1}, {"wait", wait_once, 1},
	{"mutex", lock_once, 1},  {"meet", meet_once, 2}, {"create", create_once, 1},
};
static const struct kind *kind;

/*
 * Waits for all others without giving up its slot, so that each thread has one: where one thread runs at a time they would do
 * with few, and hand them on.
 */
static void meet_running(void)
{
	static int arrived;
	int until;

	until = (__atomic_fetch_add(&arrived, 1, __ATOMIC_SEQ_CST) / threads + 1) * threads;
	while (__atomic_load_n(&arrived, __ATOMIC_SEQ_CST) < until)
		sched_yield();
}

static void *work(void *number)
{
	int i = (int)(long)number;
	struct place *p = &places[i / kind->at_a_place];

	meet_running();
	for (int n = 0; n < rounds; n++) {
		mark(&begin_mark.c);
		kind->once(p, i % kind->at_a_place);
	}
	mark(&end_mark.c);
	meet_running();
	return NULL;
}

static void print_maps(void)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	char line[600];

	printf("marks %lx %lx\n", (unsigned long)&begin_mark, (unsigned long)&end_mark);
	while (maps && fgets(line, sizeof(line), maps))
		printf("map %s", line);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	pthread_t t[MOST];

	zero = open("/dev/zero", O_RDONLY);
	threads = argc == 4 ? atoi(argv[2]) : 0;
	rounds = argc == 4 ? atoi(argv[3]) : 0;
	for (size_t i = 0; threads > 0 && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		kind = strcmp(kinds[i].name, argv[1]) ? kind : &kinds[i];
	if (!kind || threads > MOST)
		return 2;
	for (long i = 0; i < threads; i++)
		if (pthread_create(&t[i], NULL, work, (void *)i) != 0)
			return 1;
	for (int i = 0; i < threads; i++)
		pthread_join(t[i], NULL);
	print_maps();
	return 0;
}
