/* SPDX-License-Identifier: BSD-3-Clause */
/* Threads that libc makes, for messages, for names, for requests and for timers, call functions of the program. */
#include "check.h"
#include <aio.h>
#include <mqueue.h>
#include <netdb.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <time.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static sem_t sem;
static int null;

static void called(union sigval value)
{
	pthread_mutex_lock(&mutex);
	CHECK(write(null, "x", 1) == 1 && usleep(1) == 0);
	pthread_mutex_unlock(&mutex);
	printf("%s\n", (char *)value.sival_ptr);
	CHECK(sem_post(&sem) == 0);
}

static void await(void)
{
	while (sem_wait(&sem) != 0)
		;
}

static void by_name(struct sigevent *event)
{
	struct gaicb request = {.ar_name = "127.0.0.1"}, *list[] = {&request};

	event->sigev_value.sival_ptr = "getaddrinfo_a";
	CHECK(getaddrinfo_a(GAI_NOWAIT, list, 1, event) == 0);
	await();
	CHECK(gai_error(&request) == 0 && request.ar_result);
	freeaddrinfo(request.ar_result);
}

static void by_request(struct sigevent *event)
{
	char bytes[8];
	struct aiocb request = {.aio_buf = bytes, .aio_nbytes = 8, .aio_sigevent = *event};

	request.aio_fildes = open("/dev/zero", O_RDONLY);
	request.aio_sigevent.sigev_value.sival_ptr = "aio_read";
	CHECK(aio_read(&request) == 0);
	await();
	CHECK(aio_error(&request) == 0 && aio_return(&request) == 8 && close(request.aio_fildes) == 0);
}

static void by_message(struct sigevent *event)
{
	struct mq_attr attr = {.mq_maxmsg = 1, .mq_msgsize = 8};
	char name[32], bytes[8];
	mqd_t queue;

	snprintf(name, sizeof(name), "/gtrace-foreign.%d", getpid());
	queue = mq_open(name, O_RDWR | O_CREAT, 0600, &attr);
	if (queue < 0)
		return;
	event->sigev_value.sival_ptr = "mq_notify";
	CHECK(mq_unlink(name) == 0 && mq_notify(queue, event) == 0 && mq_send(queue, "x", 1, 0) == 0);
	await();
	CHECK(mq_receive(queue, bytes, 8, NULL) == 1 && mq_close(queue) == 0);
}

static void by_timer(struct sigevent *event)
{
	struct itimerspec soon = {{0, 0}, {0, 1000000}};
	timer_t timer;

	event->sigev_value.sival_ptr = "timer";
	CHECK(timer_create(CLOCK_MONOTONIC, event, &timer) == 0 && timer_settime(timer, 0, &soon, NULL) == 0);
	await();
	CHECK(timer_delete(timer) == 0);
}

int main(void)
{
	struct sigevent event = {.sigev_notify = SIGEV_THREAD, .sigev_notify_function = called};

	CHECK((null = open("/dev/null", O_WRONLY)) >= 0 && sem_init(&sem, 0, 0) == 0);
	for (int i = 0; i < 3; i++) {
		by_name(&event);
		by_request(&event);
		by_message(&event);
		by_timer(&event);
	}
	return 0;
}
