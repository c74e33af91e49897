/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Asynchronous I/O: waiting for a request on an empty pipe, until a moment, and for a whole list, by each version of
 * lio_listio.
 */
#include "helper.h"
#include <aio.h>

#define LIST_ARGS int, struct aiocb *const *, int, struct sigevent *
int list_24(LIST_ARGS);
int list_225(LIST_ARGS);
int list64_24(LIST_ARGS);
int list64_225(LIST_ARGS);
int list64_234(LIST_ARGS);
int suspend64(const struct aiocb *const *, int, const struct timespec *);
__asm__(".symver list_24, lio_listio@GLIBC_2.4");
__asm__(".symver list_225, lio_listio@GLIBC_2.2.5");
__asm__(".symver list64_24, lio_listio64@GLIBC_2.4");
__asm__(".symver list64_225, lio_listio64@GLIBC_2.2.5");
__asm__(".symver list64_234, lio_listio64@GLIBC_2.34");
__asm__(".symver suspend64, aio_suspend64@GLIBC_2.34");

static int ends[2];

static void put(void *arg)
{
	(void)arg;
	CHECK(write(ends[1], "abc", 3) == 3);
}

static void one_request(const char *name, int (*suspend)(const struct aiocb *const *, int, const struct timespec *))
{
	const struct timespec shortly = {0, 1000000}, longer = {1000, 0};
	char bytes[8];
	struct aiocb request = {.aio_fildes = ends[0], .aio_buf = bytes, .aio_nbytes = sizeof(bytes)};
	const struct aiocb *const list[] = {NULL, &request};

	CHECK(aio_read(&request) == 0);
	CHECK(suspend(list, 2, &shortly) == -1 && errno == EAGAIN && aio_error(&request) == EINPROGRESS);
	CHECK(AWAITED(suspend(list, 2, &longer), put, NULL) == 0);
	CHECK(suspend(list, 2, NULL) == 0);
	printf("%s: %s %ld\n", name, strerror(aio_error(&request)), (long)aio_return(&request));
}

/* The oldest version does not wait, whatever it is told, so the requests are waited for in any case. */
static void finish(const struct aiocb *request)
{
	CHECK(aio_suspend(&request, 1, NULL) == 0);
}

static void whole_list(const char *name, int (*function)(LIST_ARGS))
{
	char in[4], out[4] = "def";
	int fd = open("file", O_RDWR), result;
	struct aiocb reading = {.aio_fildes = ends[0], .aio_buf = in, .aio_nbytes = 3, .aio_lio_opcode = LIO_READ};
	struct aiocb writing = {.aio_fildes = fd, .aio_buf = out, .aio_nbytes = 3, .aio_lio_opcode = LIO_WRITE};
	struct aiocb *const list[] = {&reading, NULL, &writing};

	CHECK(fd >= 0);
	for (int i = 0; i < 2; i++) {
		if (i == 0)
			CHECK(AWAITED(function(LIO_WAIT, list, 3, NULL), put, NULL) == 0);
		else
			CHECK((put(NULL), function(LIO_NOWAIT, list, 3, NULL)) == 0);
		finish(&reading);
		finish(&writing);
		printf("%s: %ld %ld, ", name, (long)aio_return(&reading), (long)aio_return(&writing));
	}
	writing.aio_fildes = -1;
	errno = 0;
	result = function(LIO_WAIT, &list[2], 1, NULL);
	printf("bad descriptor: %d %s, ", result, strerror(errno));
	finish(&writing);
	errno = 0;
	result = function(99, list, 3, NULL);
	printf("bad mode: %d %s\n", result, strerror(errno));
	close(fd);
}

int main(void)
{
	CHECK(pipe(ends) == 0 && close(open("file", O_RDWR | O_CREAT, 0600)) == 0);
	one_request("aio_suspend", aio_suspend);
	one_request("aio_suspend64", suspend64);
	whole_list("2.34", lio_listio);
	whole_list("2.4", list_24);
	whole_list("2.2.5", list_225);
	whole_list("2.34, 64", list64_234);
	whole_list("2.4, 64", list64_24);
	whole_list("2.2.5, 64", list64_225);
	return 0;
}
