/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Pointers that only the kernel is to follow: low ones, into a page that may not be read, into the kernel, and just
 * before such a page. Each call answers as without tracing, most of them EFAULT.
 * Flags: -Wno-nonnull -Wno-restrict
 */
#include "check.h"
#include <errno.h>
#include <linux/futex.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/random.h>
#include <sys/sem.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>

static int ends[2], pair[2], zero, file, epoll, queue, sems, listener;
static void *bad;
static const char *kind;

#define TRY(...)                                                                                                       \
	do {                                                                                                           \
		errno = 0;                                                                                             \
		long result_ = (long)(__VA_ARGS__);                                                                    \
		printf("%s %s = %ld %s\n", kind, #__VA_ARGS__, result_, strerrorname_np(errno));                       \
	} while (0)

static void files(void)
{
	TRY(read(zero, bad, 8));
	TRY(write(ends[1], bad, 8));
	TRY(readv(zero, bad, 1));
	TRY(writev(ends[1], bad, 1));
	TRY(pread(zero, bad, 8, 0));
	TRY(pwrite(file, bad, 8, 0));
	TRY(preadv(zero, bad, 1, 0));
	TRY(pwritev(file, bad, 1, 0));
	TRY(open(bad, O_RDONLY));
	TRY(openat(AT_FDCWD, bad, O_RDONLY));
	TRY(creat(bad, 0600));
	TRY(truncate(bad, 0));
	TRY(sendfile(file, zero, bad, 1));
	TRY(splice(zero, bad, ends[1], NULL, 1, 0));
	TRY(copy_file_range(file, bad, file, NULL, 1, 0));
	TRY(vmsplice(ends[1], bad, 1, 0));
	TRY(getrandom(bad, 8, 0));
	TRY(fcntl(file, F_SETLKW, bad));
	TRY(fcntl(file, F_OFD_SETLKW, bad));
	TRY(fcntl(file, F_GETLK, bad));
	TRY(ioctl(ends[0], FIONREAD, bad));
	TRY(ioctl(ends[0], FIONBIO, bad));
	TRY(msync((void *)((long)bad & -4096), 4096, MS_SYNC));
	TRY(process_vm_readv(getpid(), bad, 1, bad, 1, 0));
}

static void sockets(void)
{
	TRY(recv(pair[0], bad, 8, MSG_DONTWAIT));
	TRY(recvfrom(pair[0], bad, 8, MSG_DONTWAIT, bad, bad));
	TRY(recvmsg(pair[0], bad, 0));
	TRY(recvmmsg(pair[0], bad, 1, 0, NULL));
	TRY(send(pair[0], bad, 8, 0));
	TRY(sendto(pair[0], "x", 1, 0, bad, 16));
	TRY(sendmsg(pair[0], bad, 0));
	TRY(sendmmsg(pair[0], bad, 1, 0));
	TRY(accept(listener, bad, bad));
	TRY(connect(listener, bad, 16));
}

static void waits(void)
{
	int status = 0;

	TRY(poll(bad, 1, 0));
	TRY(poll(bad, 1, 1));
	TRY(epoll_wait(epoll, bad, 1, 0));
	TRY(epoll_pwait(epoll, bad, 1, 1, NULL));
	TRY(epoll_pwait2(epoll, bad, 1, bad, NULL));
	TRY(select(8, bad, NULL, NULL, NULL));
	TRY(nanosleep(bad, NULL));
	TRY(clock_nanosleep(CLOCK_MONOTONIC, 0, bad, NULL));
	TRY(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, bad, NULL));
	TRY(sigsuspend(bad));
	TRY(msgsnd(queue, bad, 8, IPC_NOWAIT));
	TRY(msgrcv(queue, bad, 8, 0, IPC_NOWAIT));
	TRY(semop(sems, bad, 1));
	TRY(semtimedop(sems, bad, 1, bad));
	TRY(waitpid(-1, bad, WNOHANG));
	TRY(wait4(-1, &status, WNOHANG, bad));
	TRY(syscall(SYS_futex, bad, FUTEX_WAIT, 0, NULL, NULL, 0));
	TRY(syscall(SYS_futex, bad, FUTEX_WAKE, 1, NULL, NULL, 0));
	TRY(syscall(SYS_futex, &status, FUTEX_WAIT, 0, bad, NULL, 0));
	TRY(syscall(SYS_ppoll, bad, 1, bad, NULL, 0));
	TRY(execve(bad, NULL, NULL));
	TRY(execv("/none", bad));
}

static void all(const char *name, void *pointer)
{
	kind = name;
	bad = pointer;
	files();
	sockets();
	waits();
}

int main(void)
{
	char *wall = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int flags;

	CHECK(pipe(ends) == 0 && socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0 &&
	      write(pair[1], "0123456789", 10) == 10);
	CHECK((zero = open("/dev/zero", O_RDONLY)) >= 0 && (file = open("file", O_RDWR | O_CREAT, 0600)) >= 0);
	CHECK((epoll = epoll_create1(0)) >= 0 && (listener = socket(AF_UNIX, SOCK_STREAM, 0)) >= 0);
	CHECK((queue = msgget(IPC_PRIVATE, 0600)) >= 0 && (sems = semget(IPC_PRIVATE, 1, 0600)) >= 0);
	CHECK(mprotect(wall + 4096, 4096, PROT_NONE) == 0);
	CHECK((flags = fcntl(listener, F_GETFL)) >= 0 && fcntl(listener, F_SETFL, flags | O_NONBLOCK) == 0);
	all("low", (void *)8);
	all("closed", wall + 4096);
	all("kernel", (void *)0xffffffff81000000);
	all("edge", wall + 4096 - 3);
	msgctl(queue, IPC_RMID, NULL);
	semctl(sems, 0, IPC_RMID);
	return 0;
}
