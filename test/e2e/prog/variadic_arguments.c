/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Functions whose last arguments may be there or not, integers or pointers: a file's mode, what fcntl, ioctl and prctl
 * are given, arrive.
 */
#include "check.h"
#include <errno.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>

static void made(const char *how, int fd)
{
	struct stat st;

	CHECK(fd >= 0 && fstat(fd, &st) == 0 && close(fd) == 0);
	printf("%s: mode %o\n", how, st.st_mode);
	unlink("made");
}

int main(void)
{
	struct f_owner_ex owner = {F_OWNER_PID, getpid()}, answer = {0, 0};
	struct flock lock = {.l_type = F_WRLCK, .l_start = 1L << 40, .l_len = 7};
	int fd, ends[2], waiting = -1, other = -1;
	char name[16] = "";

	umask(0);
	made("open", open("made", O_CREAT | O_WRONLY, 0741));
	made("open64", open64("made", O_CREAT | O_WRONLY, 0742));
	made("openat", openat(AT_FDCWD, "made", O_CREAT | O_WRONLY, 0743));
	made("openat64", openat64(AT_FDCWD, "made", O_CREAT | O_WRONLY, 04744));
	made("creat", creat("made", 0745));
	fd = open(".", O_TMPFILE | O_RDWR, 0746);
	if (fd >= 0)
		made("O_TMPFILE", fd);
	CHECK((fd = open("made", O_CREAT | O_RDWR, 0600)) >= 0 && open("made", O_RDONLY) == fd + 1 &&
	      close(fd + 1) == 0);
	CHECK(fcntl(fd, F_DUPFD_CLOEXEC, 77) == 77 && fcntl(77, F_GETFD) == FD_CLOEXEC && close(77) == 0);
	CHECK(fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 && fcntl(fd, F_GETFD) == FD_CLOEXEC);
	CHECK(fcntl(fd, F_SETLK, &lock) == 0 && fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type == F_UNLCK);
	CHECK(lock.l_start == 1L << 40 && pipe(ends) == 0 && fcntl(ends[0], F_SETOWN_EX, &owner) == 0);
	CHECK(fcntl(ends[0], F_GETOWN_EX, &answer) == 0 && answer.type == F_OWNER_PID && answer.pid == getpid());
	CHECK(fcntl(ends[0], F_GETOWN) == getpid() && fcntl(ends[0], F_SETPIPE_SZ, 8192) == 8192);
	CHECK(write(ends[1], "12345", 5) == 5 && ioctl(ends[0], FIONREAD, &waiting) == 0 && waiting == 5);
	CHECK(ioctl(fd, TIOCGWINSZ, &other) == -1 && errno == ENOTTY);
	CHECK(prctl(PR_SET_NAME, "my name", 0, 0, 0) == 0 && prctl(PR_GET_NAME, name) == 0 && !strcmp(name, "my name"));
	CHECK(prctl(PR_SET_PDEATHSIG, 0L) == 0 && prctl(PR_GET_PDEATHSIG, &other) == 0 && other == 0);
	CHECK(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, 0L, 0L, 0L) == 0);
	CHECK(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, 0L, 7L, 0L) == -1 && errno == EINVAL);
	CHECK(prctl(PR_GET_KEEPCAPS, 0L, 0L, 0L, 0L) == 0 && prctl(-1) == -1 && errno == EINVAL);
	puts("all arrived");
	return 0;
}
