/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The kernel, called directly: whole writes, failures as minus an errno, and errno itself left alone.
 */
#include "shim/os.h"
#include "test/lib/tempdir.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

Test(os, mapped_memory_is_zeroed_and_can_be_written)
{
	unsigned char *p = gt_os_map(100000);

	cr_assert_not_null(p);
	for (int i = 0; i < 100000; i++)
		cr_assert_eq(p[i], 0);
	memset(p, 1, 100000);
	gt_os_unmap(p, 100000);
	cr_assert_null(gt_os_map((size_t)1 << 62));
}

/* How many of the pages are in memory. */
static int count_present(char *at, size_t pages)
{
	unsigned char present[256];
	int n = 0;

	cr_assert_eq(mincore(at, pages * 4096, present), 0);
	for (size_t i = 0; i < pages; i++)
		n += present[i] & 1;
	return n;
}

Test(os, pages_that_are_about_to_be_written_can_be_brought)
{
	char *p = gt_os_map(256 * 4096);

	if (madvise(p, 4096, 23 /* MADV_POPULATE_WRITE */) != 0)
		cr_skip("this kernel brings no pages: Linux 5.14 does");
	cr_assert_leq(count_present(p, 256), 1);
	gt_os_populate(p + 4096, 200 * 4096);
	cr_assert_eq(count_present(p, 256), 201);
	gt_os_unmap(p, 256 * 4096);
}

Test(os, a_failure_is_minus_the_errno_and_errno_stays)
{
	struct iovec iov = {"x", 1};
	char c;

	errno = 12345;
	cr_assert_eq(gt_os_open("/nonexistent", O_RDONLY, 0), -ENOENT);
	cr_assert_eq(gt_os_read(-1, &c, 1), -EBADF);
	cr_assert_eq(gt_os_pread(-1, &c, 1, 0), -EBADF);
	cr_assert_eq(gt_os_write_all(-1, &iov, 1), -EBADF);
	cr_assert_eq(gt_os_slurp("/nonexistent", &c, 1), -ENOENT);
	gt_os_close(-1);
	cr_assert_null(gt_os_map(0));
	cr_assert_eq(errno, 12345);
}

Test(os, what_is_opened_does_not_survive_exec, .fini = gt_temp_clean)
{
	int fd = gt_os_open(gt_temp_path("x"), O_WRONLY | O_CREAT, 0600);

	cr_assert_geq(fd, 0);
	cr_assert(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	gt_os_close(fd);
	cr_assert_eq(fcntl(fd, F_GETFD), -1);
}

enum { PIECES = 20, PIECE = 50000 };

static pthread_t writer;

static void interrupt(int unused)
{
	(void)unused;
}

/* Reads to the end of a pipe in small portions, with a signal to the writer after each. */
static void *drain(void *fd)
{
	char *all = malloc(PIECES * PIECE + 1);
	const char *wrong = NULL;
	size_t len = 0;
	long n;

	while (all && len <= PIECES * PIECE && (n = read((int)(intptr_t)fd, all + len, len % 7000 + 1)) > 0) {
		len += (size_t)n;
		pthread_kill(writer, SIGUSR1);
	}
	for (size_t i = 0; all && i < len; i++) {
		if (len != PIECES * PIECE || all[i] != (char)('a' + i / PIECE))
			wrong = "wrong";
	}
	free(all);
	return (void *)wrong;
}

Test(os, a_write_goes_on_until_all_is_written)
{
	static char bytes[PIECES][PIECE];
	struct iovec iov[PIECES + 2] = {{NULL, 0}};
	pthread_t reader;
	void *wrong = "not read";
	int fd[2];

	cr_assert_eq(pipe(fd), 0);
	for (int i = 0; i < PIECES; i++) {
		memset(bytes[i], 'a' + i, PIECE);
		iov[i + 1] = (struct iovec){bytes[i], PIECE};
	}
	writer = pthread_self();
	sigaction(SIGUSR1, &(struct sigaction){.sa_handler = interrupt}, NULL);
	cr_assert_eq(pthread_create(&reader, NULL, drain, (void *)(intptr_t)fd[0]), 0);
	cr_assert_eq(gt_os_write_all(fd[1], iov, PIECES + 2), 0);
	close(fd[1]);
	pthread_join(reader, &wrong);
	cr_assert_null(wrong);
	close(fd[0]);
}

/* The kernel writes what may be there, and refuses the rest only when asked again. */
Test(os, a_part_of_a_write_is_no_write, .fini = gt_temp_clean)
{
	struct rlimit limit = {1000, RLIM_INFINITY};
	static char bytes[600];
	struct iovec iov[2] = {{bytes, 600}, {bytes, 600}};
	int fd = gt_os_open(gt_temp_path("x"), O_WRONLY | O_CREAT, 0600);

	signal(SIGXFSZ, SIG_IGN);
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	cr_assert_eq(gt_os_write_all(fd, iov, 2), -EFBIG);
	cr_assert_eq(gt_temp_size(gt_temp_path("x")), 1000);
	gt_os_close(fd);
}

Test(os, a_small_file_is_read_and_terminated, .fini = gt_temp_clean)
{
	const char *path = gt_temp_file("x", "hello", 5);
	int next = dup(0);
	char to[8];

	close(next);
	cr_assert_eq(gt_os_slurp(path, to, sizeof(to)), 5);
	cr_assert_str_eq(to, "hello");
	memset(to, 'x', sizeof(to));
	cr_assert_eq(gt_os_slurp(path, to, 3), 2);
	cr_assert_str_eq(to, "he");
	cr_assert_eq(to[3], 'x');
	cr_assert_eq(dup(0), next, "the file is closed");
}

Test(os, pread_reads_where_it_is_told, .fini = gt_temp_clean)
{
	int fd = gt_os_open(gt_temp_file("x", "hello", 5), O_RDONLY, 0);
	char to[8] = "";

	cr_assert_eq(gt_os_pread(fd, to, 7, 3), 2);
	cr_assert_str_eq(to, "lo");
	cr_assert_eq(gt_os_read(fd, to, 1), 1);
	cr_assert_eq(to[0], 'h');
	gt_os_close(fd);
}

Test(os, the_limit_of_file_sizes_counts)
{
	struct rlimit limit = {1000, RLIM_INFINITY};

	cr_assert(gt_os_file_may_have(UINT64_MAX));
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	cr_assert(gt_os_file_may_have(1000));
	cr_assert_not(gt_os_file_may_have(1001));
}

static void *own_tid(void *tid)
{
	*(int *)tid = gt_os_gettid();
	return NULL;
}

Test(os, a_thread_exists_until_it_has_ended)
{
	int pid = gt_os_getpid();
	pthread_t other;
	int tid = 0;

	cr_assert_eq(pid, (int)getpid());
	cr_assert(gt_os_thread_exists(pid, gt_os_gettid()));
	cr_assert_eq(pthread_create(&other, NULL, own_tid, &tid), 0);
	pthread_join(other, NULL);
	cr_assert(tid != 0 && tid != pid);
	while (gt_os_thread_exists(pid, tid))
		gt_os_yield();
	cr_assert_not(gt_os_thread_exists(pid + 1, gt_os_gettid()));
}

static _Atomic uint32_t word;

static void *change(void *unused)
{
	(void)unused;
	atomic_store(&word, 1);
	gt_os_wake(&word);
	return NULL;
}

/* The time that it may take is longer than any test. */
Test(os, who_waits_for_a_word_is_woken_by_who_changed_it, .timeout = 60)
{
	pthread_t other;

	cr_assert_eq(pthread_create(&other, NULL, change, NULL), 0);
	while (atomic_load(&word) == 0)
		gt_os_wait(&word, 0, UINT64_C(3600000000000));
	pthread_join(other, NULL);
	gt_os_wait(&word, 0, UINT64_C(3600000000000));
	gt_os_wait(&word, 1, 1000);
}

Test(os, membarrier_works_where_it_could_be_registered)
{
	if (!gt_os_membarrier_register())
		cr_skip_test("no membarrier(2)");
	gt_os_membarrier();
	cr_assert_eq(GT_SYSCALL(SYS_membarrier, 1 << 3 /* PRIVATE_EXPEDITED */, 0, 0, 0), 0);
}

static void *waits(void *sem)
{
	sem_wait(sem);
	return NULL;
}

Test(os, threads_are_counted)
{
	int before = gt_os_threads(64);
	pthread_t thread;
	sem_t sem;

	cr_assert(sem_init(&sem, 0, 0) == 0 && pthread_create(&thread, NULL, waits, &sem) == 0);
	cr_assert_eq(gt_os_threads(64), before + 1);
	cr_assert_gt(gt_os_threads(before), before);
	cr_assert(sem_post(&sem) == 0 && pthread_join(thread, NULL) == 0);
	while (gt_os_threads(64) != before) /* who joins is woken a little earlier */
		sched_yield();
}

/* The kernel keeps the first one until the process ends. */
static void *sees_itself_alone(void *unused)
{
	int n;

	do
		n = gt_os_threads(1);
	while (n == 2);
	_exit(n == 1 ? 0 : 1);
	return unused;
}

Test(os, a_first_thread_that_is_over_does_not_count)
{
	pid_t pid = fork();
	pthread_t thread;
	int status;

	if (pid == 0) {
		pthread_create(&thread, NULL, sees_itself_alone, NULL);
		syscall(SYS_exit, 0);
	}
	cr_assert(waitpid(pid, &status, 0) == pid && status == 0);
}

Test(os, what_is_missing)
{
	cr_assert(gt_os_is_missing("/none"));
	cr_assert(gt_os_is_missing("/dev/null/below"));
	cr_assert_not(gt_os_is_missing("/dev/null"));
	cr_assert_not(gt_os_is_missing((const char *)8), "nobody knows");
}

/* What the program has forbidden the kernel might kill it for. */
Test(os, from_some_time_on_no_call_is_made)
{
	char name[] = "/tmp";
	int status;
	pid_t pid;

	cr_assert_eq(gt_os_find(name), 0);
	gt_os_forbid();
	cr_assert_eq(gt_os_find(name), -EPERM);
	cr_assert_eq(gt_os_getpid(), -EPERM);
	cr_assert_null(gt_os_map(4096));
	cr_assert_not(gt_os_on_signal_stack());
	pid = fork();
	if (pid == 0)
		_exit(gt_os_getpid() == -EPERM ? 7 : 1);
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 7);
}
