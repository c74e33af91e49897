/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What descriptors are: learned from the kernel once, remembered by number, and forgotten when the number changes.
 */
#include "shim/descriptors.h"
#include "shim/gate.h"
#include "test/lib/tempdir.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

static int pipes[2], sockets[2];

/* As if something was recorded. */
static void start(void)
{
	cr_assert_eq(pipe(pipes), 0);
	cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets), 0);
	atomic_store(&gt_gate.gen, 1);
}

Test(descriptors, each_is_what_the_kernel_says, .init = start, .fini = gt_temp_clean)
{
	int file = open(gt_temp_file("x", "", 0), O_RDONLY);

	cr_assert_eq(gt_descriptor_of(file), GT_FD_PLAIN);
	cr_assert_eq(gt_descriptor_of(pipes[0]), GT_FD_PIPE);
	cr_assert_eq(gt_descriptor_of(pipes[1]), GT_FD_PIPE);
	cr_assert_eq(gt_descriptor_of(sockets[0]), GT_FD_SOCKET);
}

Test(descriptors, what_does_not_block_never_waits, .init = start)
{
	fcntl(pipes[0], F_SETFL, O_NONBLOCK);
	fcntl(sockets[0], F_SETFL, O_NONBLOCK);
	cr_assert_eq(gt_descriptor_of(pipes[0]), GT_FD_PLAIN);
	cr_assert_eq(gt_descriptor_of(sockets[0]), GT_FD_PLAIN);
	cr_assert_eq(gt_descriptor_of(sockets[1]), GT_FD_SOCKET);
}

Test(descriptors, what_is_no_descriptor_never_waits, .init = start)
{
	cr_assert_eq(gt_descriptor_of(-1), GT_FD_PLAIN);
	cr_assert_eq(gt_descriptor_of(GT_FDS_KNOWN), GT_FD_PLAIN);
	cr_assert_eq(gt_descriptor_of(GT_FDS_KNOWN - 1), GT_FD_PLAIN);
	gt_descriptor_forget(-1);
	gt_descriptor_forget(GT_FDS_KNOWN);
}

Test(descriptors, an_answer_stays_until_it_is_forgotten, .init = start)
{
	cr_assert_eq(gt_descriptor_of(pipes[0]), GT_FD_PIPE);
	cr_assert_eq(dup2(sockets[0], pipes[0]), pipes[0]);
	cr_assert_eq(gt_descriptor_of(pipes[0]), GT_FD_PIPE);
	gt_descriptor_forget(pipes[0]);
	cr_assert_eq(gt_descriptor_of(pipes[0]), GT_FD_SOCKET);
}

Test(descriptors, a_range_is_forgotten_with_both_its_ends)
{
	for (int i = 0; i < GT_FDS_KNOWN; i++)
		gt_descriptors[i] = GT_FD_PIPE;
	gt_descriptor_forget_range(10, 12);
	gt_descriptor_forget_range(20, 19);
	gt_descriptor_forget_range(GT_FDS_KNOWN - 2, ~0u);
	gt_descriptor_forget_range(GT_FDS_KNOWN + 5, ~0u);
	for (int i = 0; i < GT_FDS_KNOWN; i++) {
		bool forgotten = (i >= 10 && i <= 12) || i >= GT_FDS_KNOWN - 2;

		cr_assert_eq(gt_descriptors[i], forgotten ? GT_FD_UNKNOWN : GT_FD_PIPE, "%d", i);
	}
}

Test(descriptors, while_nothing_is_recorded_nobody_is_asked)
{
	start();
	atomic_store(&gt_gate.gen, 0);
	cr_assert_eq(gt_descriptor_of(pipes[0]), GT_FD_PLAIN);
	cr_assert_eq(gt_descriptors[pipes[0]], GT_FD_UNKNOWN);
	atomic_store(&gt_gate.gen, 1);
	cr_assert_eq(gt_descriptor_of(pipes[0]), GT_FD_PIPE);
}

Test(descriptors, asking_leaves_errno_alone, .init = start)
{
	errno = 12345;
	cr_assert_eq(gt_descriptor_of(60000), GT_FD_PLAIN);
	cr_assert_eq(errno, 12345);
}

/* One that is read until there is nothing more is not asked for each time. */
Test(descriptors, not_now_is_news_only_of_what_waits, .init = start)
{
	int plain = pipes[0], waits = sockets[0];

	fcntl(plain, F_SETFL, O_NONBLOCK);
	cr_assert_eq(gt_descriptor_of(plain), GT_FD_PLAIN);
	cr_assert_eq(gt_descriptor_of(waits), GT_FD_SOCKET);
	gt_descriptor_answers(plain, false, -EAGAIN);
	gt_descriptor_answers(waits, true, -EAGAIN);
	gt_descriptor_answers(waits, false, -EINTR);
	gt_descriptor_answers(waits, false, 1);
	cr_assert_eq(gt_descriptors[plain], GT_FD_PLAIN);
	cr_assert_eq(gt_descriptors[waits], GT_FD_SOCKET);
	gt_descriptor_answers(waits, false, -EAGAIN);
	cr_assert_eq(gt_descriptors[waits], GT_FD_UNKNOWN);
}
