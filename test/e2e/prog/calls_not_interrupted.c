/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * No call ends early for a signal that the program does not know of: those that no SA_RESTART would begin again, called
 * with processor time used right before, over and over.
 */
#include "check.h"
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <time.h>

enum { TURNS = 60 };

static int sockets[2], epoll;

static void use_processor(int turn)
{
	static volatile int turns;

	for (int i = 0; i < 300000 + turn * 7919; i++)
		turns++;
}

static void call_poll(void)
{
	struct pollfd fd = {sockets[0], POLLIN, 0};

	CHECK(poll(&fd, 1, 3) == 0);
}

static void call_select(void)
{
	struct timeval short_time = {0, 3000};
	fd_set set;

	FD_ZERO(&set);
	FD_SET(sockets[0], &set);
	CHECK(select(sockets[0] + 1, &set, NULL, NULL, &short_time) == 0);
}

static void call_epoll(void)
{
	struct epoll_event event;

	CHECK(epoll_wait(epoll, &event, 1, 3) == 0);
}

static void call_sleep(void)
{
	struct timespec left = {0, 0}, short_time = {0, 3000000};

	CHECK(nanosleep(&short_time, &left) == 0);
	CHECK(clock_nanosleep(CLOCK_MONOTONIC, 0, &short_time, &left) == 0);
}

static void call_semaphore(void)
{
	struct timespec soon;
	sem_t sem;

	CHECK(sem_init(&sem, 0, 0) == 0);
	clock_gettime(CLOCK_REALTIME, &soon);
	soon.tv_nsec += 3000000;
	if (soon.tv_nsec >= 1000000000) {
		soon.tv_sec++;
		soon.tv_nsec -= 1000000000;
	}
	CHECK(sem_timedwait(&sem, &soon) == -1 && errno == ETIMEDOUT);
}

static void call_sigtimedwait(void)
{
	struct timespec short_time = {0, 3000000};
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	CHECK(sigtimedwait(&set, NULL, &short_time) == -1 && errno == EAGAIN);
}

static void call_recv(void)
{
	struct timeval short_time = {0, 3000};
	char byte;

	CHECK(setsockopt(sockets[0], SOL_SOCKET, SO_RCVTIMEO, &short_time, sizeof(short_time)) == 0);
	CHECK(recv(sockets[0], &byte, 1, 0) == -1 && errno == EAGAIN);
}

static void *call_all(void *arg)
{
	void (*const calls[])(void) = {call_poll,      call_select,       call_epoll, call_sleep,
				       call_semaphore, call_sigtimedwait, call_recv};

	for (int turn = 0; turn < TURNS; turn++) {
		use_processor(turn);
		calls[turn % (int)(sizeof(calls) / sizeof(*calls))]();
	}
	return arg;
}

int main(int argc, char **argv)
{
	struct epoll_event event = {.events = EPOLLIN};
	pthread_t thread[2];

	(void)argv;
	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) == 0);
	epoll = epoll_create1(EPOLL_CLOEXEC);
	CHECK(epoll >= 0 && epoll_ctl(epoll, EPOLL_CTL_ADD, sockets[0], &event) == 0);
	for (int i = 0; argc > 1 && i < 2; i++)
		CHECK(pthread_create(&thread[i], NULL, call_all, NULL) == 0);
	call_all(NULL);
	for (int i = 0; argc > 1 && i < 2; i++)
		CHECK(pthread_join(thread[i], NULL) == 0);
	return 0;
}
