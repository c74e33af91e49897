/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * syscall() with numbers that are recorded and numbers that are not: what it returns, errno, all six arguments, waits
 * that end by another thread, by time and by a signal.
 */
#include "helper.h"
#include <linux/futex.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/select.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>

enum { NR_futex_waitv = 449, F_32 = 2 };

struct waitv {
	uint64_t value, address;
	uint32_t flags, reserved;
};

static int ends[2];
static uint32_t word;
static pthread_t self;

#define SHOW(...) show(#__VA_ARGS__, syscall(__VA_ARGS__))

static void show(const char *call, long result)
{
	printf("%s = %ld%s%s\n", call, result, result == -1 ? " " : "", result == -1 ? strerrorname_np(errno) : "");
	errno = 0;
}

static void put(void *arg)
{
	(void)arg;
	CHECK(syscall(SYS_write, ends[1], "x", 1) == 1);
}

static void wake(void *arg)
{
	(void)arg;
	__atomic_store_n(&word, 1, __ATOMIC_SEQ_CST);
	CHECK(syscall(SYS_futex, &word, FUTEX_WAKE, 1, NULL, NULL, 0) == 1);
}

static void poke(void *arg)
{
	(void)arg;
	CHECK(pthread_kill(self, SIGUSR1) == 0);
}

static void nothing(int signal)
{
	(void)signal;
}

static void data(void)
{
	char byte;
	struct iovec iov = {&byte, 1};
	int zero = open("/dev/zero", O_RDONLY);

	SHOW(SYS_read, -1, NULL, 0);
	SHOW(SYS_read, zero, (void *)8, 1);
	SHOW(SYS_read, zero, &byte, 1);
	SHOW(SYS_write, zero, "x", 1);
	SHOW(SYS_readv, zero, &iov, 1);
	SHOW(SYS_pread64, zero, &byte, 1, 12);
	SHOW(SYS_openat, AT_FDCWD, "/none", O_RDONLY);
	show("read of a pipe", AWAITED(syscall(SYS_read, ends[0], &byte, 1), put, NULL));
	SHOW(SYS_recvfrom, zero, &byte, 1, 0, NULL, NULL);
	SHOW(SYS_sendto, -1, &byte, 1, 0, NULL, 0);
	close(zero);
}

static void waiting(void)
{
	const struct timespec shortly = {0, 1000000}, odd = {0, -1};
	struct timespec longer = {1000, 0}, left = {0, 0};
	struct waitv vector = {0, (uintptr_t)&word, F_32, 0};
	struct pollfd fd = {ends[0], POLLIN, 0};
	fd_set set;

	FD_ZERO(&set);
	SHOW(SYS_poll, &fd, 1, 0);
	SHOW(SYS_poll, &fd, 1, 1);
	SHOW(SYS_poll, (void *)8, 1, 0);
	show("poll of a pipe", AWAITED(syscall(SYS_poll, &fd, 1, -1), put, NULL));
	SHOW(SYS_ppoll, &fd, 1, NULL, NULL, 0);
	SHOW(SYS_read, ends[0], &fd, 1);
	SHOW(SYS_pselect6, 0, &set, NULL, NULL, &shortly, NULL);
	SHOW(SYS_nanosleep, &shortly, NULL);
	SHOW(SYS_nanosleep, &odd, NULL);
	SHOW(SYS_nanosleep, (void *)8, NULL);
	show("nanosleep and a signal", AWAITED(syscall(SYS_nanosleep, &longer, &left), poke, NULL));
	printf("most is left: %d\n", left.tv_sec >= 900);
	SHOW(SYS_clock_nanosleep, 99, 0, &shortly, NULL);
	show("pause and a signal", AWAITED(syscall(SYS_pause), poke, NULL));
	SHOW(NR_futex_waitv, NULL, 0, 0, NULL, 0);
	show("futex_waitv and a signal", AWAITED(syscall(NR_futex_waitv, &vector, 1, 0, NULL, 0), poke, NULL));
	show("futex_waitv", AWAITED(syscall(NR_futex_waitv, &vector, 1, 0, NULL, 0), wake, NULL));
	SHOW(NR_futex_waitv, &vector, 1, 0, NULL, 0);
	SHOW(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 1, &shortly, NULL, 0);
	SHOW(SYS_wait4, -1, NULL, 0, NULL);
	SHOW(SYS_waitid, P_ALL, 0, NULL, WEXITED, NULL);
}

static void others(void)
{
	char name[16] = "";
	int status = 0, fd = dup(1);
	long pid;

	SHOW(SYS_prctl, PR_SET_NAME, "renamed", 0, 0, 0);
	SHOW(SYS_prctl, PR_GET_NAME, name, 0, 0, 0);
	SHOW(SYS_prctl, 123456, 0, 0, 0, 0);
	printf("name: %s\n", name);
	SHOW(SYS_close_range, fd, fd, 0);
	SHOW(SYS_close_range, fd, 1, 0);
	CHECK(fcntl(fd, F_GETFD) == -1);
	SHOW(SYS_getrandom, name, 16, 0);
	SHOW(SYS_membarrier, 0x100000, 0, 0);
	SHOW(SYS_unshare, -1);
	SHOW(SYS_setns, -1, 0);
	SHOW(SYS_seccomp, 99, 0, NULL);
	SHOW(-1);
	SHOW(511);
	SHOW(512);
	SHOW(1L << 40);
	CHECK(syscall(SYS_getpid) == getpid() && syscall(SYS_gettid) == my_tid());
	fflush(stdout);
	pid = syscall(SYS_fork);
	if (pid == 0)
		syscall(SYS_exit_group, 9);
	CHECK(syscall(SYS_wait4, pid, &status, 0, NULL) == pid);
	printf("child: %d\n", WEXITSTATUS(status));
	SHOW(SYS_execve, "/none", NULL, NULL);
}

int main(void)
{
	struct sigaction action = {.sa_handler = nothing};

	self = pthread_self();
	CHECK(pipe(ends) == 0 && sigaction(SIGUSR1, &action, NULL) == 0);
	data();
	waiting();
	others();
	return 0;
}
