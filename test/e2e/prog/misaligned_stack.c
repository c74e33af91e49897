/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Callers in assembler whose stack is 8 bytes off and whose frame pointer leads nowhere: calls that libc itself
 * survives that way, free and contended, in two threads.
 */
#include "helper.h"
#include <poll.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/socket.h>
#include <time.h>

static const struct timespec shortly = {0, 1000};
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static sem_t sem;
static int null, ends[2];

static long off(void *function, const void *a, const void *b, const void *c)
{
	register void *target __asm__("r12") = function;
	long result = 0;

	__asm__ volatile("push %%rbx\n"
			 "push %%rbp\n"
			 "mov %%rsp, %%rbx\n"
			 "and $-16, %%rsp\n"
			 "sub $136, %%rsp\n"
			 "mov $0x1234567, %%ebp\n"
			 "call *%[function]\n"
			 "mov %%rbx, %%rsp\n"
			 "pop %%rbp\n"
			 "pop %%rbx\n"
			 : "+a"(result), "+D"(a), "+S"(b), "+d"(c)
			 : [function] "r"(target)
			 : "rcx", "r8", "r9", "r10", "r11", "memory", "cc", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4",
			   "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14",
			   "xmm15");
	return result;
}

#define OFF(function, a, b, c)                                                                                         \
	((int)off((void *)(function), (const void *)(long)(a), (const void *)(long)(b), (const void *)(long)(c)))

static void unlock(void *arg)
{
	(void)arg;
	pthread_mutex_unlock(&mutex);
}

static void post(void *arg)
{
	(void)arg;
	CHECK(OFF(sem_post, &sem, 0, 0) == 0);
}

static void put(void *arg)
{
	(void)arg;
	CHECK(OFF(write, ends[1], "x", 1) == 1);
}

static void *work(void *arg)
{
	struct pollfd fd = {null, POLLIN, 0};
	char byte;

	CHECK(OFF(pthread_mutex_lock, &mutex, 0, 0) == 0);
	CHECK(AWAITED(OFF(pthread_mutex_lock, &mutex, 0, 0), unlock, NULL) == 0);
	CHECK(OFF(pthread_mutex_unlock, &mutex, 0, 0) == 0);
	CHECK(OFF(pthread_rwlock_rdlock, &rwlock, 0, 0) == 0 && OFF(pthread_rwlock_unlock, &rwlock, 0, 0) == 0);
	CHECK(AWAITED(OFF(sem_wait, &sem, 0, 0), post, NULL) == 0);
	CHECK(AWAITED(OFF(read, ends[0], &byte, 1), put, NULL) == 1);
	CHECK(OFF(write, null, "abc", 3) == 3 && OFF(poll, &fd, 1, 0) >= 0 && OFF(sched_yield, 0, 0, 0) == 0);
	CHECK(OFF(nanosleep, &shortly, 0, 0) == 0 && OFF(usleep, 1, 0, 0) == 0);
	CHECK(OFF(fcntl, null, F_GETFD, 0) == 0 && OFF(fsync, -1, 0, 0) == -1 && OFF(close, dup(null), 0, 0) == 0);
	CHECK(OFF(syscall, SYS_write, null, "x") >= -1 && OFF(syscall, SYS_gettid, 0, 0) == my_tid());
	CHECK(OFF(recv, -1, &byte, 1) == -1 && OFF(kill, getpid(), 0, 0) == 0);
	return arg;
}

int main(void)
{
	pthread_t thread;

	CHECK((null = open("/dev/null", O_RDWR)) >= 0 && pipe(ends) == 0 && sem_init(&sem, 0, 0) == 0);
	work(NULL);
	CHECK(pthread_create(&thread, NULL, work, NULL) == 0 && pthread_join(thread, NULL) == 0);
	puts("survived");
	return 0;
}
