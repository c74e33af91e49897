/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Each kind of file lock, held by a child until this process waits for it; and what each answers when it may not wait.
 */
#include "helper.h"
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/wait.h>

enum { LOCKED = 3 };

static volatile int *shared; /* [0]: the child has it; [1]: the parent is about to wait */

static struct flock whole(int type)
{
	return (struct flock){.l_type = (short)type, .l_whence = SEEK_SET};
}

static int by_flock(int fd, int may_wait)
{
	return flock(fd, LOCK_EX | (may_wait ? 0 : LOCK_NB));
}

static int by_record(int fd, int may_wait)
{
	struct flock lock = whole(F_WRLCK);

	return fcntl(fd, may_wait ? F_SETLKW : F_SETLK, &lock);
}

static int by_description(int fd, int may_wait)
{
	struct flock lock = whole(F_WRLCK);

	return fcntl(fd, may_wait ? F_OFD_SETLKW : F_OFD_SETLK, &lock);
}

static int by_lockf(int fd, int may_wait)
{
	return lockf(fd, may_wait ? F_LOCK : F_TLOCK, 0);
}

static void hold(int (*lock)(int fd, int may_wait))
{
	int fd = open("file", O_RDWR);

	CHECK(fd >= 0 && lock(fd, 1) == 0);
	shared[0] = 1;
	process_blocked(getppid(), &shared[1]);
	_exit(0); /* lets it go */
}

static void contend(const char *name, int (*lock)(int fd, int may_wait))
{
	int fd = open("file", O_RDWR), status, refused;
	pid_t child;

	CHECK(fd == LOCKED);
	shared[0] = shared[1] = 0;
	fflush(stdout);
	child = fork();
	if (child == 0)
		hold(lock);
	while (!shared[0])
		sched_yield();
	errno = 0;
	refused = lock(fd, 0);
	printf("%s: %d %s, ", name, refused, errno == EAGAIN || errno == EACCES ? "refused" : "?");
	shared[1] = 1;
	printf("waited: %d\n", lock(fd, 1));
	CHECK(waitpid(child, &status, 0) == child && status == 0);
	close(fd);
}

int main(void)
{
	struct flock lock = whole(F_WRLCK);

	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	CHECK(close(open("file", O_RDWR | O_CREAT, 0600)) == 0);
	contend("flock", by_flock);
	contend("F_SETLKW", by_record);
	contend("F_OFD_SETLKW", by_description);
	contend("lockf", by_lockf);
	CHECK(open("file", O_RDONLY) == LOCKED);
	CHECK(fcntl(LOCKED, F_SETLKW, &lock) == -1 && errno == EBADF);
	CHECK(fcntl(LOCKED, F_GETLK, &lock) == 0 && lock.l_type == F_UNLCK);
	CHECK(flock(LOCKED, 0) == -1 && errno == EINVAL);
	CHECK(flock(LOCKED, LOCK_SH) == 0 && flock(LOCKED, LOCK_UN) == 0);
	return 0;
}
