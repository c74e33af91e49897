/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Threads on the smallest stacks there are, libc's own and the program's, which use most of them before they call; and
 * signal handlers on an alternate stack of the smallest size, on top of waits.
 * Flags: -Wl,-z,now
 */
#include "helper.h"
#include <semaphore.h>
#include <signal.h>
#include <sys/mman.h>
#include <time.h>

enum { FRAME = 10500, THREADS = 8, LEAST = 2048 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static sem_t sem;
static int null, ends[2], handled;
static pthread_t self;

static void calls(void)
{
	const struct timespec shortly = {0, 1000}, past = {1, 0};
	char byte;

	pthread_mutex_lock(&mutex);
	CHECK(pthread_cond_timedwait(&cond, &mutex, &past) == ETIMEDOUT);
	pthread_mutex_unlock(&mutex);
	CHECK(sem_post(&sem) == 0 && sem_wait(&sem) == 0 && nanosleep(&shortly, NULL) == 0);
	CHECK(write(null, "abc", 3) == 3 && write(ends[1], "x", 1) == 1 && read(ends[0], &byte, 1) == 1);
	CHECK(close(dup(null)) == 0 && sched_yield() == 0 && syscall(SYS_read, -1, &byte, 1) == -1);
}

static void *work(void *arg)
{
	volatile char frame[FRAME];

	memset((void *)frame, 1, sizeof(frame));
	calls();
	CHECK(frame[FRAME - 1] == 1);
	return arg;
}

static void on_small_stacks(int is_own)
{
	size_t size = (size_t)sysconf(_SC_THREAD_STACK_MIN) > 16384 ? (size_t)sysconf(_SC_THREAD_STACK_MIN) : 16384;
	pthread_t threads[THREADS];
	pthread_attr_t attr;

	for (int i = 0; i < THREADS; i++) {
		char *stack = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);

		CHECK(pthread_attr_init(&attr) == 0 && pthread_attr_setguardsize(&attr, 4096) == 0);
		CHECK(is_own ? pthread_attr_setstack(&attr, stack, size) == 0
			     : pthread_attr_setstacksize(&attr, size) == 0);
		CHECK(pthread_create(&threads[i], &attr, work, NULL) == 0);
	}
	for (int i = 0; i < THREADS; i++)
		CHECK(pthread_join(threads[i], NULL) == 0);
	printf("%s stacks: survived\n", is_own ? "the program's" : "libc's");
}

static void handler(int signal)
{
	int saved_errno = errno, fd;

	(void)signal;
	CHECK(write(null, "x", 1) == 1 && sem_post(&sem) == 0 && (fd = open("/dev/null", O_RDONLY)) >= 0);
	CHECK(read(fd, &saved_errno, 0) == 0 && close(fd) == 0);
	handled++;
	errno = saved_errno;
}

static void poke(void *arg)
{
	(void)arg;
	CHECK(pthread_kill(self, SIGUSR1) == 0);
}

static void on_alternate_stack(void)
{
	size_t frame = (size_t)sysconf(_SC_MINSIGSTKSZ); /* may be less than the kernel takes */
	stack_t stack = {.ss_size = frame > LEAST ? frame : LEAST};
	struct sigaction action = {.sa_handler = handler, .sa_flags = SA_ONSTACK};
	const struct timespec longer = {1000, 0};

	stack.ss_sp = malloc(stack.ss_size);
	self = pthread_self();
	CHECK(sigaltstack(&stack, NULL) == 0 && sigaction(SIGUSR1, &action, NULL) == 0);
	CHECK(raise(SIGUSR1) == 0 && pthread_kill(self, SIGUSR1) == 0);
	CHECK(AWAITED(nanosleep(&longer, NULL), poke, NULL) == -1 && errno == EINTR);
	CHECK(AWAITED(pause(), poke, NULL) == -1 && errno == EINTR);
	printf("alternate stack: %d handled\n", handled);
}

int main(void)
{
	CHECK((null = open("/dev/null", O_RDWR)) >= 0 && pipe(ends) == 0 && sem_init(&sem, 0, 0) == 0);
	on_small_stacks(0);
	on_small_stacks(1);
	on_alternate_stack();
	return 0;
}
