/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Calls that succeed leave errno alone, also those that wait; calls that fail leave the errno of the failure.
 * Prints the names of those that did not, and the count of calls.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MARK = 12345 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static sem_t sem;
static int calls;

#define EXPECT(call, wanted)                                                                                           \
	do {                                                                                                           \
		errno = MARK;                                                                                          \
		(void)!(call);                                                                                         \
		calls++;                                                                                               \
		if (errno != (wanted))                                                                                 \
			printf("%s: errno %d, not %d\n", #call, errno, wanted);                                        \
	} while (0)
#define KEPT(call) EXPECT(call, MARK)

static void nothing(void)
{
}

static void *hold(void *arg)
{
	usleep(20000);
	pthread_mutex_unlock(&mutex);
	sem_post(&sem);
	return arg;
}

/* Normal mutexes may be unlocked by another thread as far as glibc is concerned: makes the main thread wait. */
static void waits(void)
{
	pthread_t thread;

	pthread_mutex_lock(&mutex);
	KEPT(pthread_create(&thread, NULL, hold, NULL));
	KEPT(pthread_mutex_lock(&mutex));
	KEPT(pthread_mutex_unlock(&mutex));
	KEPT(sem_wait(&sem));
	KEPT(pthread_join(thread, NULL));
	pthread_mutex_lock(&mutex);
	pthread_create(&thread, NULL, hold, NULL);
	KEPT(sem_wait(&sem));
	KEPT(pthread_join(thread, NULL));
	EXPECT(sem_trywait(&sem), EAGAIN);
}

static void descriptors(void)
{
	int ends[2], status, epoll = epoll_create1(0);
	char bytes[4];
	struct epoll_event event;
	struct pollfd fd;
	struct timeval soon = {0, 1000};

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
		printf("no sockets\n");
	fd = (struct pollfd){.fd = ends[0], .events = POLLIN};
	KEPT(poll(&fd, 1, 0));
	KEPT(poll(&fd, 1, 1));
	KEPT(select(0, NULL, NULL, NULL, &soon));
	KEPT(epoll_wait(epoll, &event, 1, 1));
	KEPT(write(ends[1], "abcd", 4));
	KEPT(read(ends[0], bytes, 2));
	KEPT(recv(ends[0], bytes, 2, 0));
	EXPECT(recv(ends[0], bytes, 2, MSG_DONTWAIT), EAGAIN);
	KEPT(send(ends[1], "ab", 2, 0));
	EXPECT(read(-1, bytes, 1), EBADF);
	EXPECT(accept(ends[0], NULL, NULL), EINVAL);
	EXPECT(waitpid(-1, &status, 0), ECHILD);
	EXPECT(write(ends[1], (void *)-1, 1), EFAULT);
}

/* A page that is there and may not be read: no look at the pointer tells it from a good one. */
static void bad_pointers(void)
{
	void *wall = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct epoll_event event;

	EXPECT(nanosleep((void *)-1, NULL), EFAULT);
	EXPECT(nanosleep(wall, NULL), EFAULT);
	EXPECT(errno = clock_nanosleep(CLOCK_MONOTONIC, 0, wall, NULL), EFAULT);
	EXPECT(epoll_pwait2(-1, &event, 1, wall, NULL), EFAULT);
	EXPECT(syscall(SYS_futex, wall, 0, 0, NULL), EFAULT);
}

int main(void)
{
	const struct timespec moment = {0, 1000};
	pid_t child;
	int status;

	sem_init(&sem, 0, 1);
	KEPT(pthread_mutex_lock(&mutex));
	KEPT(pthread_mutex_unlock(&mutex));
	KEPT(pthread_rwlock_rdlock(&rwlock));
	KEPT(pthread_rwlock_unlock(&rwlock));
	KEPT(pthread_once(&once, nothing));
	KEPT(sem_wait(&sem));
	KEPT(sched_yield());
	KEPT(nanosleep(&moment, NULL));
	KEPT(usleep(1));
	bad_pointers();
	EXPECT(syscall(SYS_futex, &calls, 0, calls + 1000, NULL), EAGAIN);
	KEPT(syscall(SYS_gettid));
	descriptors();
	waits();
	errno = MARK;
	child = fork();
	if (child == 0)
		_exit(errno == MARK ? 0 : 1);
	KEPT(waitpid(child, &status, 0));
	printf("%d calls, child %d\n", calls, status);
	return 0;
}
