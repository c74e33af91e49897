/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * io_uring as liburing uses it, by numbers: a ring is set up, a timer and a no-operation are submitted, and the end of
 * both is waited for in io_uring_enter.
 */
#include "check.h"
#include <errno.h>
#include <linux/io_uring.h>
#include <linux/time_types.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/syscall.h>

enum { ENTRIES = 4 };

static struct {
	int fd;
	unsigned *tail, *mask, *array;
	struct io_uring_sqe *sqe;
} ring;

static void *map(size_t bytes, off_t what)
{
	void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring.fd, what);

	CHECK(at != MAP_FAILED);
	return at;
}

static void set_up(void)
{
	struct io_uring_params params = {0};
	char *sq;

	ring.fd = (int)syscall(SYS_io_uring_setup, ENTRIES, &params);
	if (ring.fd < 0)
		SKIP("io_uring_setup is refused");
	sq = map(params.sq_off.array + params.sq_entries * sizeof(unsigned), IORING_OFF_SQ_RING);
	ring.tail = (unsigned *)(sq + params.sq_off.tail);
	ring.mask = (unsigned *)(sq + params.sq_off.ring_mask);
	ring.array = (unsigned *)(sq + params.sq_off.array);
	ring.sqe = map(params.sq_entries * sizeof(struct io_uring_sqe), IORING_OFF_SQES);
}

static void submit(struct io_uring_sqe sqe)
{
	unsigned at = *ring.tail & *ring.mask;

	ring.sqe[at] = sqe;
	ring.array[at] = at;
	__atomic_store_n(ring.tail, *ring.tail + 1, __ATOMIC_RELEASE);
}

static void *work(void *arg)
{
	struct __kernel_timespec shortly = {0, 20000000};
	long n;

	submit((struct io_uring_sqe){.opcode = IORING_OP_NOP, .user_data = 1});
	submit((struct io_uring_sqe){
		.opcode = IORING_OP_TIMEOUT, .addr = (unsigned long)&shortly, .len = 1, .user_data = 2});
	printf("submitted: %ld\n", syscall(SYS_io_uring_enter, ring.fd, 2, 2, IORING_ENTER_GETEVENTS, NULL, 0));
	n = syscall(SYS_io_uring_enter, -1, 0, 0, 0, NULL, 0);
	printf("refused: %ld, %d\n", n, errno);
	return arg;
}

int main(void)
{
	pthread_t thread;

	set_up();
	CHECK(pthread_create(&thread, NULL, work, NULL) == 0 && pthread_join(thread, NULL) == 0);
	close(ring.fd);
	return 0;
}
