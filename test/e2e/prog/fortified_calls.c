/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The checked versions of calls, which the compiler's headers choose for arrays of known size: they work, and abort the
 * program when the array is too small for what is asked.
 * Flags: -O2 -D_FORTIFY_SOURCE=2 -Wno-stringop-overflow -Wno-attribute-warning -Wno-unused-result -Wno-unused-value
 */
#include "check.h"
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>

static char small[8], *bytes = small;
static volatile size_t len = 4, many = 9;
static struct pollfd fds[2];
static int zero, pair[2];
static FILE *stream;

/* The sizes are unknown to the compiler, so that it checks when the program runs. */
#define READ(n) read(zero, small, n)
#define PREAD(n) pread(zero, small, n, 0)
#define RECV(n) recv(pair[0], small, n, MSG_DONTWAIT)
#define RECVFROM(n) recvfrom(pair[0], small, n, MSG_DONTWAIT, NULL, NULL)
#define POLL(n) poll(fds, n, 0)
#define PPOLL(n) ppoll(fds, n, &(struct timespec){0, 0}, NULL)
#define FREAD(n) (long)fread(small, 1, n, stream)
#define FGETS(n) (fgets(small, (int)(n), stream) == small)

#define TRY(name, CALL, good)                                                                                          \
	do {                                                                                                           \
		int status_;                                                                                           \
                                                                                                                       \
		printf("%s: %ld\n", name, (long)CALL(good));                                                           \
		fflush(stdout);                                                                                        \
		if (fork() == 0) {                                                                                     \
			CALL(many);                                                                                    \
			_exit(0);                                                                                      \
		}                                                                                                      \
		CHECK(wait(&status_) > 0);                                                                             \
		printf("    too much: %s\n", WIFSIGNALED(status_) ? strsignal(WTERMSIG(status_)) : "nothing");         \
	} while (0)

int main(void)
{
	int flags = O_RDONLY;

	CHECK((zero = open("/dev/zero", flags)) >= 0 && (stream = fopen("/dev/zero", "r")));
	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0 && write(pair[1], "0123456789", 10) == 10);
	TRY("read", READ, len);
	TRY("pread", PREAD, len);
	TRY("recv", RECV, len);
	TRY("recvfrom", RECVFROM, len);
	TRY("poll", POLL, len - 2);
	TRY("ppoll", PPOLL, len - 2);
	TRY("fread", FREAD, len);
	TRY("fgets", FGETS, len);
	CHECK(openat(AT_FDCWD, "/none", flags) == -1 && bytes[0] == 0);
	return 0;
}
