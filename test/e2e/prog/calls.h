/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Calls that need not wait, as a list: names[], call(which), and what prepare_all() and prepare() make for them.
 */
#ifndef CALLS_H
#define CALLS_H

#include "check.h"
#include <dirent.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/select.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <threads.h>
#include <time.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER, held = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_barrier_t barrier;
static mtx_t c11;
static sem_t sem;
static int null, zero, file, epoll, pair[2];
static char bytes[64];
static FILE *stream;
static const struct timespec past = {1, 0}, none = {0, 0};
static struct iovec iov = {bytes, 1};
static struct timeval no_time;

static void nothing(void)
{
}

static void *idle(void *arg)
{
	return arg;
}

static void make_thread(void)
{
	pthread_t thread;

	CHECK(pthread_create(&thread, NULL, idle, NULL) == 0 && pthread_detach(thread) == 0);
}

static void make_child(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	CHECK(syscall(SYS_wait4, pid, NULL, 0, NULL) == pid); /* waitpid() would be a cancellation point */
}

static void unlock(void *arg)
{
	pthread_mutex_unlock(arg);
}

static void wait_on_cond(void)
{
	pthread_mutex_lock(&mutex);
	pthread_cleanup_push(unlock, &mutex);
	pthread_cond_timedwait(&cond, &mutex, &past);
	pthread_cleanup_pop(1);
}

/* CALL(expression): a row of the list. */
#define CALLS                                                                                                          \
	CALL(pthread_mutex_lock(&held))                                                                                \
	CALL(pthread_mutex_lock(&mutex) || pthread_mutex_unlock(&mutex))                                               \
	CALL(pthread_mutex_timedlock(&held, &past))                                                                    \
	CALL(pthread_mutex_clocklock(&held, CLOCK_MONOTONIC, &none))                                                   \
	CALL(pthread_rwlock_wrlock(&rwlock) || pthread_rwlock_unlock(&rwlock))                                         \
	CALL(pthread_rwlock_timedrdlock(&rwlock, &past) || pthread_rwlock_unlock(&rwlock))                             \
	CALL(mtx_lock(&c11) || mtx_unlock(&c11))                                                                       \
	CALL(pthread_cond_signal(&cond) || pthread_cond_broadcast(&cond))                                              \
	CALL((wait_on_cond(), 0))                                                                                      \
	CALL(pthread_once(&once, nothing))                                                                             \
	CALL(pthread_barrier_wait(&barrier))                                                                           \
	CALL(sem_post(&sem))                                                                                           \
	CALL(sem_wait(&sem))                                                                                           \
	CALL(sem_trywait(&sem))                                                                                        \
	CALL(sem_timedwait(&sem, &past))                                                                               \
	CALL(sem_clockwait(&sem, CLOCK_MONOTONIC, &past))                                                              \
	CALL((make_thread(), 0))                                                                                       \
	CALL((make_child(), 0))                                                                                        \
	CALL(pthread_setname_np(pthread_self(), "renamed"))                                                            \
	CALL(sched_yield())                                                                                            \
	CALL((thrd_yield(), 0))                                                                                        \
	CALL(usleep(1))                                                                                                \
	CALL(nanosleep(&none, NULL))                                                                                   \
	CALL(clock_nanosleep(CLOCK_MONOTONIC, 0, &none, NULL))                                                         \
	CALL(sleep(0))                                                                                                 \
	CALL(thrd_sleep(&none, NULL))                                                                                  \
	CALL(poll(NULL, 0, 0))                                                                                         \
	CALL(ppoll(NULL, 0, &none, NULL))                                                                              \
	CALL(select(0, NULL, NULL, NULL, &no_time))                                                                    \
	CALL(pselect(0, NULL, NULL, NULL, &none, NULL))                                                                \
	CALL(epoll_wait(epoll, (struct epoll_event *)bytes, 1, 0))                                                     \
	CALL(read(zero, bytes, 1))                                                                                     \
	CALL(readv(zero, &iov, 1))                                                                                     \
	CALL(pread(zero, bytes, 1, 0))                                                                                 \
	CALL(preadv(zero, &iov, 1, 0))                                                                                 \
	CALL(write(null, "x", 1))                                                                                      \
	CALL(writev(null, &iov, 1))                                                                                    \
	CALL(pwrite(file, "x", 1, 0))                                                                                  \
	CALL(sendfile(file, zero, NULL, 1))                                                                            \
	CALL(getrandom(bytes, 1, 0))                                                                                   \
	CALL(getentropy(bytes, 1))                                                                                     \
	CALL(open("/dev/null", O_RDONLY))                                                                              \
	CALL(openat(AT_FDCWD, "/dev/null", O_RDONLY))                                                                  \
	CALL(creat("created", 0600))                                                                                   \
	CALL(close(-1))                                                                                                \
	CALL(close_range(900, 901, 0))                                                                                 \
	CALL((closefrom(900), 0))                                                                                      \
	CALL(dup(null))                                                                                                \
	CALL(dup2(null, null))                                                                                         \
	CALL(fcntl(null, F_GETFD))                                                                                     \
	CALL(fcntl(file, F_SETLKW, &(struct flock){.l_type = F_UNLCK}))                                                \
	CALL(lockf(file, F_ULOCK, 0))                                                                                  \
	CALL(flock(file, LOCK_UN))                                                                                     \
	CALL(fsync(file))                                                                                              \
	CALL(fdatasync(file))                                                                                          \
	CALL(ftruncate(file, 0))                                                                                       \
	CALL(posix_fallocate(file, 0, 1))                                                                              \
	CALL(fallocate(file, 0, 0, 1))                                                                                 \
	CALL(ioctl(null, FIONREAD, bytes))                                                                             \
	CALL(send(pair[0], "x", 1, 0))                                                                                 \
	CALL(recv(pair[1], bytes, 1, MSG_DONTWAIT))                                                                    \
	CALL(recvfrom(pair[1], bytes, 1, MSG_DONTWAIT, NULL, NULL))                                                    \
	CALL(accept(pair[0], NULL, NULL))                                                                              \
	CALL(connect(pair[0], NULL, 0))                                                                                \
	CALL(raise(0))                                                                                                 \
	CALL(kill(getpid(), 0))                                                                                        \
	CALL(waitpid(-1, NULL, WNOHANG))                                                                               \
	CALL(wait4(-1, NULL, WNOHANG, NULL))                                                                           \
	CALL(waitid(P_ALL, 0, NULL, WEXITED | WNOHANG))                                                                \
	CALL(fputs("x", stream))                                                                                       \
	CALL(fwrite("x", 1, 1, stream))                                                                                \
	CALL(fflush(stream))                                                                                           \
	CALL(fclose(stream))                                                                                           \
	CALL(fopen("/dev/null", "r") == NULL)                                                                          \
	CALL(opendir("/") == NULL)                                                                                     \
	CALL(syscall(SYS_read, zero, bytes, 1))                                                                        \
	CALL(syscall(SYS_poll, NULL, 0, 0))

#define CALL(...)                                                                                                      \
	case __COUNTER__:                                                                                              \
		(void)!(__VA_ARGS__);                                                                                  \
		return;

static inline void call(int which)
{
	switch (which) {
		CALLS
	}
}

#undef CALL
#define CALL(...) #__VA_ARGS__,

static const char *const names[] = {CALLS};

/* What the list needs anew for each of its rows. */
static inline void prepare(void)
{
	stream = fopen("/dev/null", "w");
	CHECK(stream && fputs("kept", stream) >= 0 && sem_init(&sem, 0, 1) == 0);
	CHECK(pthread_mutex_init(&mutex, NULL) == 0 && pthread_rwlock_init(&rwlock, NULL) == 0);
}

static inline void prepare_all(void)
{
	CHECK((null = open("/dev/null", O_WRONLY)) >= 0 && (zero = open("/dev/zero", O_RDONLY)) >= 0);
	CHECK((file = open("file", O_RDWR | O_CREAT, 0600)) >= 0 && (epoll = epoll_create1(0)) >= 0);
	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0 && pthread_barrier_init(&barrier, NULL, 1) == 0);
	CHECK(mtx_init(&c11, mtx_plain) == thrd_success);
}

#endif
