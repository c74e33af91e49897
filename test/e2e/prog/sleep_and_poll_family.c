/* SPDX-License-Identifier: BSD-3-Clause */
/* Every call of the sleep and poll families once, with a short time or a ready descriptor, in two threads. */
#include "check.h"
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <time.h>

static void *all(void *arg)
{
	struct timespec ms = {0, 1000000};
	struct timeval tv = {0, 1000};
	struct epoll_event ev = {.events = EPOLLIN};
	struct pollfd p;
	int fds[2], ep = epoll_create1(0);
	fd_set set;

	CHECK(pipe(fds) == 0 && ep >= 0);
	CHECK(nanosleep(&ms, NULL) == 0 && usleep(1000) == 0);
	CHECK(clock_nanosleep(CLOCK_MONOTONIC, 0, &ms, NULL) == 0);
	CHECK(clock_nanosleep(CLOCK_MONOTONIC, 0, &(struct timespec){0, -1}, NULL) == EINVAL);
	p = (struct pollfd){fds[0], POLLIN, 0};
	CHECK(poll(&p, 1, 1) == 0 && poll(&p, 1, 0) == 0);
	CHECK(ppoll(&p, 1, &ms, NULL) == 0);
	FD_ZERO(&set);
	FD_SET(fds[0], &set);
	CHECK(select(fds[0] + 1, &set, NULL, NULL, &tv) == 0);
	CHECK(pselect(0, NULL, NULL, NULL, &ms, NULL) == 0);
	CHECK(epoll_ctl(ep, EPOLL_CTL_ADD, fds[0], &ev) == 0);
	CHECK(epoll_wait(ep, &ev, 1, 1) == 0 && epoll_wait(ep, &ev, 1, 0) == 0);
	CHECK(write(fds[1], "x", 1) == 1);
	CHECK(epoll_pwait(ep, &ev, 1, -1, NULL) == 1 && poll(&p, 1, -1) == 1);
	errno = 0;
	CHECK(epoll_wait(-1, &ev, 1, 0) == -1 && errno == EBADF);
	return arg;
}

int main(void)
{
	pthread_t t;

	CHECK(pthread_create(&t, NULL, all, NULL) == 0);
	all(NULL);
	CHECK(pthread_join(t, NULL) == 0);
	puts("slept and polled");
	return 0;
}
