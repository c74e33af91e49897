/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A file that is mapped and locked with fcntl(), as SQLite does: closing any descriptor of it would give the locks up, and
 * opening it would break a lease. Generations end meanwhile; a child looks whether the lock is still there.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t breaks;

static void broken(int number)
{
	(void)number;
	breaks++;
}

static int is_locked(int fd)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	int status = 0;

	if (fork() == 0) {
		fcntl(fd, F_GETLK, &lock);
		_exit(lock.l_type != F_UNLCK);
	}
	wait(&status);
	return WEXITSTATUS(status);
}

static void wait_a_while(void)
{
	for (int i = 0; i < 200; i++)
		poll(NULL, 0, 1);
}

int main(void)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	int fd = open("locked", O_RDWR | O_CREAT, 0644);
	int leased = open("leased", O_RDWR | O_CREAT, 0644);

	signal(SIGIO, broken);
	if (fd < 0 || leased < 0 || ftruncate(fd, 4096) || ftruncate(leased, 4096))
		return 1;
	if (mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED ||
	    mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, leased, 0) == MAP_FAILED)
		return 1;
	printf("lock %d\n", fcntl(fd, F_SETLK, &lock));
	printf("lease %d\n", fcntl(leased, F_SETLEASE, F_WRLCK));
	printf("locked %d\n", is_locked(fd));
	fflush(stdout);
	wait_a_while();
	printf("still locked %d, leases broken %d\n", is_locked(fd), (int)breaks);
	return 0;
}
