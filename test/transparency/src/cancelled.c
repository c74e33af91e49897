/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A thread is cancelled in each of many calls, blocked there or with the cancellation pending before; the cleanup
 * handlers and what is left locked tell what happened. Calls that are no cancellation points must not act.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int channel[2];
static int sockets[2];
static int pending_first;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static sem_t never, always;
static pthread_t main_thread;

static void call_read(void)
{
	char byte;
	if (read(channel[0], &byte, 1)) {}
}

static void call_readv(void)
{
	char byte;
	struct iovec vector = {&byte, 1};
	if (readv(channel[0], &vector, 1)) {}
}

static void call_recv(void)
{
	char byte;
	recv(sockets[0], &byte, 1, 0);
}

static void call_poll(void)
{
	poll(NULL, 0, -1);
}

static void call_select(void)
{
	select(0, NULL, NULL, NULL, NULL);
}

static void call_epoll(void)
{
	struct epoll_event event;
	int fd = epoll_create1(0);

	pthread_cleanup_push((void (*)(void *))(void (*)(void))close, (void *)(long)fd);
	epoll_wait(fd, &event, 1, -1);
	pthread_cleanup_pop(1);
}

static void call_nanosleep(void)
{
	nanosleep(&(struct timespec){.tv_sec = 100}, NULL);
}

static void call_clock_nanosleep(void)
{
	clock_nanosleep(CLOCK_REALTIME, 0, &(struct timespec){.tv_sec = 100}, NULL);
}

static void call_sleep(void)
{
	sleep(100);
}

static void call_sem_wait(void)
{
	sem_wait(&never);
}

static void call_sem_wait_free(void)
{
	sem_wait(&always);
}

static void unlock(void *arg)
{
	printf("[unlock %d]", pthread_mutex_unlock(arg));
}

static void call_cond_wait(void)
{
	pthread_mutex_lock(&lock);
	pthread_cleanup_push(unlock, &lock);
	for (;;)
		pthread_cond_wait(&condition, &lock);
	pthread_cleanup_pop(1);
}

static void call_join(void)
{
	pthread_join(main_thread, NULL);
}

static void call_sigwait(void)
{
	sigset_t set;
	int number;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	sigwait(&set, &number);
}

static void call_pause(void)
{
	pause();
}

static void call_testcancel(void)
{
	for (;;) {
		pthread_testcancel();
		sched_yield();
	}
}

/* No cancellation points: with a cancellation pending they return. */
static void call_mutex(void)
{
	pthread_mutex_lock(&lock);
	pthread_mutex_unlock(&lock);
	pthread_rwlock_rdlock(&rwlock);
	pthread_rwlock_unlock(&rwlock);
	sem_trywait(&never);
	sched_yield();
	pthread_once(&(pthread_once_t){PTHREAD_ONCE_INIT}, (void (*)(void))sched_yield);
}

static const struct {
	const char *name;
	void (*call)(void);
	int blocks;
} calls[] = {
	{"read", call_read, 1},
	{"readv", call_readv, 1},
	{"recv", call_recv, 1},
	{"poll", call_poll, 1},
	{"select", call_select, 1},
	{"epoll_wait", call_epoll, 1},
	{"nanosleep", call_nanosleep, 1},
	{"clock_nanosleep", call_clock_nanosleep, 1},
	{"sleep", call_sleep, 1},
	{"sem_wait", call_sem_wait, 1},
	{"sem_wait of a free one", call_sem_wait_free, 0},
	{"pthread_cond_wait", call_cond_wait, 1},
	{"pthread_join", call_join, 1},
	{"sigwait", call_sigwait, 1},
	{"pause", call_pause, 1},
	{"pthread_testcancel", call_testcancel, 1},
	{"locks", call_mutex, 0},
};

static void cleanup(void *arg)
{
	printf("[cleanup %s]", (const char *)arg);
}

static void *run(void *arg)
{
	int i = *(int *)arg;
	int state;

	pthread_cleanup_push(cleanup, (void *)calls[i].name);
	if (pending_first) {
		pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
		pthread_cancel(pthread_self());
		pthread_setcancelstate(state, NULL);
	}
	calls[i].call();
	pthread_cleanup_pop(0);
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
	return "returned";
}

static void one(int i)
{
	pthread_t thread;
	void *value;

	pthread_create(&thread, NULL, run, &i);
	if (!pending_first) {
		usleep(10000);
		pthread_cancel(thread);
	}
	pthread_join(thread, &value);
	printf(" %s: %s\n", calls[i].name, value == PTHREAD_CANCELED ? "cancelled" : (const char *)value);
}

static void *spin(void *arg)
{
	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
	for (;;)
		(*(volatile long *)arg)++;
}

int main(void)
{
	pthread_t thread;
	static long count;
	void *value;

	main_thread = pthread_self();
	sem_init(&never, 0, 0);
	sem_init(&always, 0, 1);
	if (pipe(channel) || socketpair(AF_UNIX, SOCK_STREAM, 0, sockets))
		return 1;
	for (pending_first = 0; pending_first < 2; pending_first++)
		for (int i = 0; i < (int)(sizeof(calls) / sizeof(calls[0])); i++)
			if (pending_first || calls[i].blocks)
				one(i);
	sem_getvalue(&always, &(int){0});
	pthread_create(&thread, NULL, spin, &count);
	usleep(5000);
	pthread_cancel(thread);
	pthread_join(thread, &value);
	printf("asynchronous: %d\n", value == PTHREAD_CANCELED);
	return 0;
}
