/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Sockets that wait: accept, connect to a full backlog, each call that receives, and sending until the peer's room is
 * used up; by read and write, too. With MSG_DONTWAIT and with O_NONBLOCK nothing waits.
 */
#include "helper.h"
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>

/* The numbers that the expectations name. */
enum { LISTENER = 3, NEAR = 4, FAR = 5, QUIET = 6, CLIENT = 7 };

static struct sockaddr_un address = {.sun_family = AF_UNIX};
static socklen_t address_len;
static char block[4096];

static void move(int fd, int to)
{
	if (fd == to)
		return;
	CHECK(dup2(fd, to) == to && close(fd) == 0);
}

static int new_socket(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	CHECK(fd >= 0);
	return fd;
}

static void call(void *arg)
{
	int fd = new_socket();

	(void)arg;
	CHECK(connect(fd, (struct sockaddr *)&address, address_len) == 0);
	close(fd);
}

static void answer(void *arg)
{
	int fd = accept(LISTENER, NULL, NULL);

	(void)arg;
	CHECK(fd >= 0 && close(fd) == 0);
}

static void connections(void)
{
	int fd;

	CHECK(bind(LISTENER, (struct sockaddr *)&address, sizeof(sa_family_t)) == 0 && listen(LISTENER, 0) == 0);
	address_len = sizeof(address);
	CHECK(getsockname(LISTENER, (struct sockaddr *)&address, &address_len) == 0);
	CHECK((fd = AWAITED(accept(LISTENER, NULL, NULL), call, NULL)) >= 0 && close(fd) == 0);
	CHECK((fd = AWAITED(accept4(LISTENER, NULL, NULL, SOCK_CLOEXEC), call, NULL)) >= 0 && close(fd) == 0);
	fd = new_socket(); /* takes the only place, so that the next one waits */
	CHECK(connect(fd, (struct sockaddr *)&address, address_len) == 0);
	move(new_socket(), CLIENT);
	CHECK(AWAITED(connect(CLIENT, (struct sockaddr *)&address, address_len), answer, NULL) == 0);
	answer(NULL);
	close(fd);
	close(CLIENT);
	puts("accepted, connected");
}

static void put(void *arg)
{
	(void)arg;
	CHECK(send(FAR, "abc", 3, 0) == 3);
}

static void receiving(void)
{
	struct iovec iov = {block, 3};
	struct msghdr message = {.msg_iov = &iov, .msg_iovlen = 1};
	struct mmsghdr messages = {.msg_hdr = message};
	struct timespec far = {1000, 0};

	CHECK(AWAITED(recv(NEAR, block, 8, 0), put, NULL) == 3);
	CHECK(AWAITED(recvfrom(NEAR, block, 8, 0, NULL, NULL), put, NULL) == 3);
	CHECK(AWAITED(recvmsg(NEAR, &message, 0), put, NULL) == 3);
	CHECK(AWAITED(recvmmsg(NEAR, &messages, 1, 0, &far), put, NULL) == 1 && messages.msg_len == 3);
	CHECK(AWAITED(read(NEAR, block, 8), put, NULL) == 3);
	CHECK(AWAITED(readv(NEAR, &iov, 1), put, NULL) == 3);
	errno = 0;
	CHECK(recv(NEAR, block, 1, MSG_DONTWAIT) == -1 && errno == EAGAIN);
	CHECK(recvmsg(NEAR, &message, MSG_DONTWAIT) == -1 && errno == EAGAIN);
	CHECK(recvfrom(NEAR, block, 1, MSG_DONTWAIT, NULL, NULL) == -1 && errno == EAGAIN);
	CHECK(read(QUIET, block, 1) == -1 && errno == EAGAIN);
	puts("received");
}

static void take(void *arg)
{
	(void)arg;
	while (recv(FAR, block, sizeof(block), MSG_DONTWAIT) > 0)
		;
}

static void fill(void)
{
	while (send(NEAR, block, sizeof(block), MSG_DONTWAIT) > 0)
		;
	CHECK(errno == EAGAIN);
}

static void sending(void)
{
	struct iovec iov = {block, sizeof(block)};
	struct msghdr message = {.msg_iov = &iov, .msg_iovlen = 1};
	struct mmsghdr messages = {.msg_hdr = message};
	long size = sizeof(block);

	fill();
	CHECK(AWAITED(send(NEAR, block, size, 0), take, NULL) == size);
	fill();
	CHECK(AWAITED(sendto(NEAR, block, size, 0, NULL, 0), take, NULL) == size);
	fill();
	CHECK(AWAITED(sendmsg(NEAR, &message, 0), take, NULL) == size);
	fill();
	CHECK(AWAITED(sendmmsg(NEAR, &messages, 1, 0), take, NULL) == 1 && messages.msg_len == size);
	fill();
	CHECK(AWAITED(write(NEAR, block, size), take, NULL) == size);
	fill();
	CHECK(AWAITED(writev(NEAR, &iov, 1), take, NULL) == size);
	puts("sent");
}

int main(void)
{
	int ends[2], quiet[2];

	move(new_socket(), LISTENER);
	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0 && ends[0] == NEAR && ends[1] == FAR);
	CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, quiet) == 0 && quiet[0] == QUIET);
	move(quiet[1], 8);
	connections();
	receiving();
	sending();
	return 0;
}
