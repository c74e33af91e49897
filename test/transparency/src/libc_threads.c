/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Threads that libc makes by itself: POSIX AIO, message queue notification, getaddrinfo_a, and the answers of lio_listio.
 */
#include <aio.h>
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <netdb.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { REQUESTS = 32 };

static sem_t notified;

static void notify(union sigval value)
{
	(void)value;
	sem_post(&notified);
}

static void asynchronous(void)
{
	static char text[REQUESTS][64];
	static struct aiocb blocks[REQUESTS];
	struct aiocb *list[REQUESTS];
	const struct aiocb *one[1];
	int fd = open("result/aio", O_RDWR | O_CREAT | O_TRUNC, 0644);
	long total = 0;

	for (int i = 0; i < REQUESTS; i++) {
		memset(text[i], 'a' + i % 26, sizeof(text[i]));
		blocks[i].aio_fildes = fd;
		blocks[i].aio_buf = text[i];
		blocks[i].aio_nbytes = sizeof(text[i]);
		blocks[i].aio_offset = (off_t)(i * (int)sizeof(text[i]));
		blocks[i].aio_lio_opcode = LIO_WRITE;
		blocks[i].aio_sigevent.sigev_notify = i == 3 ? SIGEV_THREAD : SIGEV_NONE;
		blocks[i].aio_sigevent.sigev_notify_function = notify;
		list[i] = &blocks[i];
	}
	printf("lio_listio %d\n", lio_listio(LIO_WAIT, list, REQUESTS, NULL));
	for (int i = 0; i < REQUESTS; i++)
		total += aio_return(&blocks[i]);
	sem_wait(&notified);
	printf("written %ld\n", total);
	blocks[0].aio_offset = 64L * 5;
	aio_read(&blocks[0]);
	one[0] = &blocks[0];
	while (aio_error(&blocks[0]) == EINPROGRESS)
		aio_suspend(one, 1, NULL);
	printf("read %zd: %c\n", aio_return(&blocks[0]), text[0][0]);
	blocks[0].aio_fildes = -1;
	printf("bad descriptor %d", aio_read(&blocks[0]));
	while (aio_error(&blocks[0]) == EINPROGRESS)
		aio_suspend(one, 1, NULL);
	printf(" error %d\n", aio_error(&blocks[0]));
	close(fd);
}

static void queue(void)
{
	char name[64], text[128] = "";
	struct mq_attr attributes = {.mq_maxmsg = 4, .mq_msgsize = sizeof(text)};
	struct sigevent event = {.sigev_notify = SIGEV_THREAD, .sigev_notify_function = notify};

	snprintf(name, sizeof(name), "/transparency-%d", (int)getpid());
	mqd_t id = mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &attributes);
	if (id == (mqd_t)-1) {
		puts("no message queues here");
		return;
	}
	mq_unlink(name);
	printf("mq_notify %d\n", mq_notify(id, &event));
	mq_send(id, "hello", 6, 1);
	sem_wait(&notified);
	printf("mq_receive %zd", mq_receive(id, text, sizeof(text), NULL));
	printf(" %s\n", text);
	mq_close(id);
}

static void names(void)
{
	struct gaicb request = {.ar_name = "127.0.0.1"};
	struct gaicb *list[] = {&request};

	printf("getaddrinfo_a %d", getaddrinfo_a(GAI_WAIT, list, 1, NULL));
	printf(" error %d\n", gai_error(&request));
	freeaddrinfo(request.ar_result);
}

int main(void)
{
	sem_init(&notified, 0, 0);
	asynchronous();
	queue();
	names();
	return 0;
}
