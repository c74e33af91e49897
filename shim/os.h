/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The kernel, called directly: no errno, no cancellation point, no lock, nothing that the program interposes.
 *
 * Every call returns what the kernel returns: a failure is minus the errno. All are safe in signal handlers
 * and in forked children.
 *
 * Once the program has confined itself a call of ours could kill it: from gt_os_forbid() on each fails with EPERM and does nothing, here
 * and in forked children.
 */
#ifndef GT_OS_H
#define GT_OS_H

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/uio.h>

extern _Atomic bool gt_os_is_forbidden;

static inline void gt_os_forbid(void)
{
	atomic_store(&gt_os_is_forbidden, true);
}

static inline long gt_syscall6(long n, long a, long b, long c, long d, long e, long f)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	long ret;

	if (__builtin_expect(atomic_load_explicit(&gt_os_is_forbidden, memory_order_relaxed), 0))
		return -EPERM;
	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return ret;
}

#define GT_SYSCALL(n, a, b, c, d) gt_syscall6((n), (long)(a), (long)(b), (long)(c), (long)(d), 0, 0)

static inline int gt_os_gettid(void)
{
	return (int)GT_SYSCALL(SYS_gettid, 0, 0, 0, 0);
}

static inline int gt_os_getpid(void)
{
	return (int)GT_SYSCALL(SYS_getpid, 0, 0, 0, 0);
}

/* Opens a file, for a moment beyond the program's own limit of descriptors if need be. Close it soon. */
int gt_os_open(const char *path, int flags, int mode);

/* Whether something has that path: 0, or why not. */
static inline long gt_os_find(const char *path)
{
	return GT_SYSCALL(SYS_faccessat, AT_FDCWD, path, F_OK, 0);
}

/* Whether nothing has that path, which may be no pointer at all. */
bool gt_os_is_missing(const char *path);

/* Whether the calling thread runs on its alternate signal stack. */
bool gt_os_on_signal_stack(void);

static inline void gt_os_close(int fd)
{
	GT_SYSCALL(SYS_close, fd, 0, 0, 0);
}

static inline long gt_os_read(int fd, void *to, size_t len)
{
	return GT_SYSCALL(SYS_read, fd, to, len, 0);
}

static inline long gt_os_pread(int fd, void *to, size_t len, uint64_t at)
{
	return GT_SYSCALL(SYS_pread64, fd, to, len, at);
}

/* Whether a thread of this process with that id exists. */
static inline bool gt_os_thread_exists(int pid, int tid)
{
	return GT_SYSCALL(SYS_tgkill, pid, tid, 0, 0) == 0;
}

/* How many threads the process has, those that nobody counted among them; anything greater when more than `most`. */
int gt_os_threads(int most);

static inline void gt_os_yield(void)
{
	GT_SYSCALL(SYS_sched_yield, 0, 0, 0, 0);
}

/* Private zeroed memory, or NULL. Given back with gt_os_unmap() only. */
void *gt_os_map(size_t len);
void gt_os_unmap(void *at, size_t len);

/* Has the kernel bring whole pages that are about to be written, which costs less than to fault them in one by one. A hint. */
void gt_os_populate(void *from, size_t len);

/* Sleeps for about that long; a signal ends it early. */
void gt_os_sleep(uint64_t ns);

/* Waits until *word is not `value` any more, at most about that long. Wake: whoever changed it. */
void gt_os_wait(const _Atomic uint32_t *word, uint32_t value, uint64_t ns);
void gt_os_wake(const _Atomic uint32_t *word);

/* Writes all of it. Returns 0 or minus an errno; the file may then end anywhere. Changes the vector. */
long gt_os_write_all(int fd, struct iovec *iov, int count);

/* Reads at most len - 1 bytes of a small file and terminates them. Returns their number, or minus an errno. */
long gt_os_slurp(const char *path, char *to, size_t len);

/* Whether a file of `bytes` may exist under RLIMIT_FSIZE: beyond it the kernel would kill the program. */
bool gt_os_file_may_have(uint64_t bytes);

/* Makes the kernel order every running thread of the process; false when membarrier(2) cannot. */
bool gt_os_membarrier_register(void);
void gt_os_membarrier(void);

#endif
