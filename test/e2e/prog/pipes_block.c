/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Pipes that wait: reads of empty ones and writes to full ones, by each call that does it. Files, and pipes that
 * never wait, have other numbers, or the same number at another time: after close, dup2, dup3, fcntl, ioctl,
 * close_range, fclose.
 */
#include "helper.h"
#include <sys/ioctl.h>
#include <sys/uio.h>

/* The numbers that the expectations name. */
enum { FILE_FD = 3, QUIET_IN = 4, QUIET_OUT = 5, IN = 6, OUT = 7, FULL_IN = 8, FULL_OUT = 9 };
enum { PAGE = 4096 };

static char page[PAGE];

static void make(int flags, int in, int out)
{
	int ends[2];

	CHECK(pipe2(ends, flags) == 0);
	CHECK(fcntl(ends[0], F_DUPFD, 20) >= 20 && fcntl(ends[1], F_DUPFD, 20) >= 20);
	CHECK(dup2(ends[0], in) == in || in == ends[0]);
	CHECK(dup2(ends[1], out) == out);
}

static void put(void *fd)
{
	CHECK(write(*(int *)fd, "x", 1) == 1);
}

static void drain(void *fd)
{
	char bytes[PAGE];

	CHECK(read(*(int *)fd, bytes, sizeof(bytes)) == PAGE);
}

static void waits(void)
{
	struct iovec iov[2] = {{page, 1}, {page, 1}};
	int out = OUT, full = FULL_IN;

	CHECK(AWAITED(read(IN, page, 2), put, &out) == 1);
	CHECK(AWAITED(readv(IN, iov, 2), put, &out) == 1);
	CHECK(fcntl(FULL_OUT, F_SETPIPE_SZ, PAGE) == PAGE);
	CHECK(write(FULL_OUT, page, PAGE) == PAGE);
	CHECK(AWAITED(write(FULL_OUT, page, PAGE), drain, &full) == PAGE);
	CHECK(AWAITED(writev(FULL_OUT, iov, 2), drain, &full) == 2);
	CHECK(read(FULL_IN, page, PAGE) == 2);
	puts("pipes waited");
}

static void never_wait(void)
{
	char byte;

	errno = 0;
	CHECK(read(QUIET_IN, &byte, 1) == -1 && errno == EAGAIN);
	CHECK(write(QUIET_OUT, "x", 1) == 1 && read(QUIET_IN, &byte, 1) == 1);
	CHECK(pwrite(FILE_FD, "abc", 3, 0) == 3 && read(FILE_FD, &byte, 1) == 1 && byte == 'a');
	CHECK(write(FILE_FD, "d", 1) == 1 && read(FILE_FD, &byte, 1) == 0);
	puts("others did not");
}

/* What IN is, is changed in a way that the recorder must notice: a read of it comes back at once. */
static void changed(void)
{
	int on = 1, off = 0, flags = fcntl(IN, F_GETFL);
	char byte;

	CHECK(fcntl(IN, F_SETFL, flags | O_NONBLOCK) == 0 && read(IN, &byte, 1) == -1);
	CHECK(fcntl(IN, F_SETFL, flags) == 0 && write(OUT, "x", 1) == 1 && read(IN, &byte, 1) == 1);
	CHECK(ioctl(IN, FIONBIO, &on) == 0 && read(IN, &byte, 1) == -1);
	CHECK(ioctl(IN, FIONBIO, &off) == 0 && write(OUT, "x", 1) == 1 && read(IN, &byte, 1) == 1);
	puts("flags changed");
}

/* `OUT` becomes a file by each way in which a number gets a new meaning, and a pipe again. */
static void reused(void)
{
	int spare = fcntl(OUT, F_DUPFD, 30), file = fcntl(FILE_FD, F_DUPFD, 30);
	FILE *stream;

	CHECK(dup2(file, OUT) == OUT && write(OUT, "1", 1) == 1);
	CHECK(dup2(spare, OUT) == OUT && write(OUT, "x", 1) == 1);
	CHECK(dup3(file, OUT, O_CLOEXEC) == OUT && write(OUT, "2", 1) == 1);
	CHECK(dup2(spare, OUT) == OUT && write(OUT, "x", 1) == 1);
	CHECK(close(OUT) == 0 && open("file", O_WRONLY | O_APPEND) == OUT && write(OUT, "3", 1) == 1);
	CHECK(dup2(spare, OUT) == OUT && write(OUT, "x", 1) == 1);
	CHECK(close_range(OUT, OUT, 0) == 0 && dup(file) == OUT && write(OUT, "4", 1) == 1);
	CHECK(dup2(spare, OUT) == OUT && write(OUT, "x", 1) == 1);
	CHECK((stream = fdopen(OUT, "w")) && fclose(stream) == 0 && dup(file) == OUT && write(OUT, "5", 1) == 1);
	CHECK(lseek(file, 0, SEEK_END) == 4 + 5 && read(IN, page, PAGE) == 4);
	puts("numbers reused");
}

int main(void)
{
	CHECK(open("file", O_RDWR | O_CREAT | O_TRUNC | O_APPEND, 0600) == FILE_FD);
	make(O_NONBLOCK, QUIET_IN, QUIET_OUT);
	make(0, IN, OUT);
	make(0, FULL_IN, FULL_OUT);
	waits();
	never_wait();
	changed();
	reused();
	return 0;
}
