/* SPDX-License-Identifier: BSD-3-Clause */
#include "os.h"

#include <linux/futex.h>
#include <linux/membarrier.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#ifndef MADV_POPULATE_WRITE /* Linux 5.14 */
#define MADV_POPULATE_WRITE 23
#endif

enum {
	KERNEL_ERROR_MAX = 4095,
	DIRECTORY_LINKS = 2, /* of a directory without directories */
	PIECE = 1 << 18, /* nobody else can map memory while one is brought */
};

_Atomic bool gt_os_is_forbidden;

void *gt_os_map(size_t len)
{
	long at = gt_syscall6(SYS_mmap, 0, (long)len, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return at < 0 && at >= -KERNEL_ERROR_MAX ? NULL : (void *)at;
}

void gt_os_unmap(void *at, size_t len)
{
	GT_SYSCALL(SYS_munmap, at, len, 0, 0);
}

void gt_os_populate(void *from, size_t len)
{
	for (size_t at = 0; at < len; at += PIECE)
		GT_SYSCALL(SYS_madvise, (char *)from + at, len - at < PIECE ? len - at : PIECE, MADV_POPULATE_WRITE, 0);
}

bool gt_os_is_missing(const char *path)
{
	long r = gt_os_find(path);

	return r == -ENOENT || r == -ENOTDIR;
}

void gt_os_sleep(uint64_t ns)
{
	struct timespec ts = {.tv_sec = (time_t)(ns / 1000000000), .tv_nsec = (long)(ns % 1000000000)};

	GT_SYSCALL(SYS_nanosleep, &ts, 0, 0, 0);
}

void gt_os_wait(const _Atomic uint32_t *word, uint32_t value, uint64_t ns)
{
	struct timespec ts = {.tv_sec = (time_t)(ns / 1000000000), .tv_nsec = (long)(ns % 1000000000)};

	GT_SYSCALL(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, &ts);
}

void gt_os_wake(const _Atomic uint32_t *word)
{
	GT_SYSCALL(SYS_futex, word, FUTEX_WAKE_PRIVATE, INT32_MAX, 0);
}

static int open_once(const char *path, int flags, int mode)
{
	return (int)GT_SYSCALL(SYS_openat, AT_FDCWD, path, flags | O_CLOEXEC, mode);
}

int gt_os_open(const char *path, int flags, int mode)
{
	struct rlimit limit = {0};
	struct rlimit more;
	int fd = open_once(path, flags, mode);

	if (fd != -EMFILE || GT_SYSCALL(SYS_prlimit64, 0, RLIMIT_NOFILE, 0, &limit) != 0 ||
	    limit.rlim_cur == limit.rlim_max)
		return fd;
	more = limit;
	more.rlim_cur++;
	GT_SYSCALL(SYS_prlimit64, 0, RLIMIT_NOFILE, &more, 0);
	fd = open_once(path, flags, mode);
	GT_SYSCALL(SYS_prlimit64, 0, RLIMIT_NOFILE, &limit, 0);
	return fd;
}

bool gt_os_on_signal_stack(void)
{
	stack_t stack = {0};

	return GT_SYSCALL(SYS_sigaltstack, 0, &stack, 0, 0) == 0 && (stack.ss_flags & SS_ONSTACK);
}

static void iov_advance(struct iovec **iov, int *count, size_t done)
{
	while (*count > 0 && done >= (*iov)->iov_len) {
		done -= (*iov)->iov_len;
		(*iov)++;
		(*count)--;
	}
	if (*count > 0) {
		(*iov)->iov_base = (char *)(*iov)->iov_base + done;
		(*iov)->iov_len -= done;
	}
}

long gt_os_write_all(int fd, struct iovec *iov, int count)
{
	iov_advance(&iov, &count, 0);
	while (count > 0) {
		long n = GT_SYSCALL(SYS_writev, fd, iov, count, 0);

		if (n == -4 /* EINTR */)
			continue;
		if (n <= 0)
			return n < 0 ? n : -5 /* EIO: no progress */;
		iov_advance(&iov, &count, (size_t)n);
	}
	return 0;
}

long gt_os_slurp(const char *path, char *to, size_t len)
{
	int fd = gt_os_open(path, O_RDONLY, 0);
	long n;

	if (fd < 0)
		return fd;
	n = gt_os_read(fd, to, len - 1);
	gt_os_close(fd);
	to[n > 0 ? n : 0] = 0;
	return n;
}

/* A first thread that has ended stays in the kernel's count until the process ends, so that it is told by its state. */
static bool is_first_thread_over(void)
{
	char stat[512];
	long n = gt_os_slurp("/proc/self/stat", stat, sizeof(stat));
	const char *p = n > 0 ? strrchr(stat, ')') : NULL;

	return p && p[1] == ' ' && p[2] == 'Z';
}

int gt_os_threads(int most)
{
	struct stat st = {0};
	int n;

	if (GT_SYSCALL(SYS_newfstatat, AT_FDCWD, "/proc/self/task", &st, 0) != 0)
		return most + 1;
	n = (int)st.st_nlink - DIRECTORY_LINKS;
	return n == 1 || n > most + 1 ? n : n - is_first_thread_over();
}

bool gt_os_file_may_have(uint64_t bytes)
{
	struct rlimit limit = {0};

	if (GT_SYSCALL(SYS_prlimit64, 0, RLIMIT_FSIZE, 0, &limit) != 0)
		return true;
	return limit.rlim_cur == RLIM_INFINITY || bytes <= limit.rlim_cur;
}

bool gt_os_membarrier_register(void)
{
	return GT_SYSCALL(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0, 0) == 0;
}

void gt_os_membarrier(void)
{
	GT_SYSCALL(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0, 0);
}
