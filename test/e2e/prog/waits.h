/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Every kind of wait, each of which lasts until somebody interrupts it: for programs that interrupt all of them in one
 * way. waits_start() makes what they wait on; a child holds the file locks until waits_finish().
 */
#ifndef WAITS_H
#define WAITS_H

#include "check.h"

#include <aio.h>
#include <errno.h>
#include <mqueue.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <threads.h>
#include <time.h>

enum {
	LOCKS_STREAM = 1, /* holds a lock of libc while it waits: may not be jumped out of */
	NO_CANCEL = 2, /* no cancellation point, or none that the test may use */
	NEEDS_MQ = 4,
};

static struct {
	int empty[2], full[2], pair[2], stuffed[2], listener, caller, epoll, file, msg_empty, msg_full, sems;
	mqd_t mq_empty, mq_full;
	FILE *stream;
	sem_t sem;
	pthread_mutex_t mutex;
	pthread_cond_t cond;
	struct sockaddr_un address;
	socklen_t address_len;
	pid_t child;
	int leave[2]; /* the child leaves when it is closed */
	pthread_t idler;
	sem_t idle;
	sigset_t signals, nothing;
} on;

static const struct timespec waits_far = {100000000000, 0}, waits_long = {100000, 0};

struct message {
	long type;
	char bytes[512];
};

static inline void *waits_idle(void *arg)
{
	while (sem_wait(&on.idle) != 0)
		;
	return arg;
}

static inline void waits_start_sockets(void)
{
	char block[4096] = "";

	CHECK(pipe(on.empty) == 0 && pipe(on.full) == 0);
	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, on.pair) == 0 &&
	      socketpair(AF_UNIX, SOCK_STREAM, 0, on.stuffed) == 0);
	CHECK(fcntl(on.full[1], F_SETPIPE_SZ, 4096) == 4096 && write(on.full[1], block, 4096) == 4096);
	while (send(on.stuffed[0], block, sizeof(block), MSG_DONTWAIT) > 0)
		;
	on.address.sun_family = AF_UNIX;
	on.address_len = sizeof(on.address);
	CHECK((on.listener = socket(AF_UNIX, SOCK_STREAM, 0)) >= 0);
	CHECK(bind(on.listener, (struct sockaddr *)&on.address, sizeof(sa_family_t)) == 0);
	CHECK(getsockname(on.listener, (struct sockaddr *)&on.address, &on.address_len) == 0);
	CHECK(listen(on.listener, 0) == 0 && (on.caller = socket(AF_UNIX, SOCK_STREAM, 0)) >= 0);
	CHECK((on.epoll = epoll_create1(0)) >= 0 && (on.stream = fdopen(dup(on.empty[0]), "r")));
}

static inline void waits_start_queues(void)
{
	struct mq_attr attr = {0, 1, 8, 0, {0}};
	struct message message = {1, ""};
	struct msqid_ds settings;
	char name[32];

	snprintf(name, sizeof(name), "/gtrace-waits.%d", getpid());
	if ((on.mq_empty = mq_open(name, O_RDWR | O_CREAT, 0600, &attr)) >= 0) {
		mq_unlink(name);
		on.mq_full = mq_open(name, O_RDWR | O_CREAT, 0600, &attr);
		mq_unlink(name);
		CHECK(mq_send(on.mq_full, "x", 1, 0) == 0);
	}
	CHECK((on.msg_empty = msgget(IPC_PRIVATE, 0600)) >= 0 && (on.msg_full = msgget(IPC_PRIVATE, 0600)) >= 0);
	CHECK(msgctl(on.msg_full, IPC_STAT, &settings) == 0);
	settings.msg_qbytes = sizeof(message.bytes);
	CHECK(msgctl(on.msg_full, IPC_SET, &settings) == 0);
	CHECK(msgsnd(on.msg_full, &message, sizeof(message.bytes), 0) == 0);
	CHECK((on.sems = semget(IPC_PRIVATE, 1, 0600)) >= 0);
}

static inline void waits_hold_locks(int ready)
{
	int file = open("locked", O_RDWR);
	struct flock lock = {F_WRLCK, SEEK_SET, 0, 0, 0};

	CHECK(flock(file, LOCK_EX) == 0 && fcntl(file, F_SETLK, &lock) == 0 && write(ready, "x", 1) == 1);
	CHECK(close(on.leave[1]) == 0 && read(on.leave[0], &lock, 1) == 0);
	_exit(0);
}

static inline void waits_start(void)
{
	int ready[2];
	char byte;

	signal(SIGPIPE, SIG_IGN);
	CHECK((on.file = open("locked", O_RDWR | O_CREAT, 0600)) >= 0 && pipe(ready) == 0 && pipe(on.leave) == 0);
	CHECK(mkfifo("fifo", 0600) == 0 || errno == EEXIST);
	on.child = fork();
	if (on.child == 0)
		waits_hold_locks(ready[1]);
	CHECK(on.child > 0 && read(ready[0], &byte, 1) == 1);
	waits_start_sockets();
	waits_start_queues();
	CHECK(sem_init(&on.sem, 0, 0) == 0 && sem_init(&on.idle, 0, 0) == 0);
	CHECK(pthread_mutex_init(&on.mutex, NULL) == 0 && pthread_cond_init(&on.cond, NULL) == 0);
	CHECK(sigemptyset(&on.signals) == 0 && sigaddset(&on.signals, SIGWINCH) == 0 && sigemptyset(&on.nothing) == 0);
	CHECK(pthread_sigmask(SIG_BLOCK, &on.signals, NULL) == 0);
	CHECK(pthread_create(&on.idler, NULL, waits_idle, NULL) == 0);
}

static inline void waits_finish(void)
{
	msgctl(on.msg_empty, IPC_RMID, NULL);
	msgctl(on.msg_full, IPC_RMID, NULL);
	semctl(on.sems, 0, IPC_RMID);
	CHECK(sem_post(&on.idle) == 0 && pthread_join(on.idler, NULL) == 0);
	CHECK(close(on.leave[1]) == 0 && waitpid(on.child, NULL, 0) == on.child);
}

static char waits_bytes[4096];
static struct iovec waits_iov = {waits_bytes, sizeof(waits_bytes)};

/* WAIT(name, flags, expression): a function that waits, and its row in waits[]. */
#define WAITS                                                                                                          \
	WAIT(read, 0, read(on.empty[0], waits_bytes, 1))                                                               \
	WAIT(readv, 0, readv(on.empty[0], &waits_iov, 1))                                                              \
	WAIT(write, 0, write(on.full[1], waits_bytes, 1))                                                              \
	WAIT(writev, 0, writev(on.full[1], &waits_iov, 1))                                                             \
	WAIT(open, 0, open("fifo", O_RDONLY))                                                                          \
	WAIT(recv, 0, recv(on.pair[0], waits_bytes, 1, 0))                                                             \
	WAIT(recvfrom, 0, recvfrom(on.pair[0], waits_bytes, 1, 0, NULL, NULL))                                         \
	WAIT(recvmsg, 0, receive_message())                                                                            \
	WAIT(send, 0, send(on.stuffed[0], waits_bytes, 1, 0))                                                          \
	WAIT(accept, 0, accept(on.listener, NULL, NULL))                                                               \
	WAIT(accept4, 0, accept4(on.listener, NULL, NULL, 0))                                                          \
	WAIT(connect, 0, connect_again())                                                                              \
	WAIT(poll, 0, poll_one(0))                                                                                     \
	WAIT(ppoll, 0, poll_one(1))                                                                                    \
	WAIT(select, 0, select(0, NULL, NULL, NULL, NULL))                                                             \
	WAIT(pselect, 0, pselect(0, NULL, NULL, NULL, &waits_long, NULL))                                              \
	WAIT(epoll_wait, 0, wait_epoll(0))                                                                             \
	WAIT(epoll_pwait, 0, wait_epoll(1))                                                                            \
	WAIT(sem_wait, 0, sem_wait(&on.sem))                                                                           \
	WAIT(sem_timedwait, 0, sem_timedwait(&on.sem, &waits_far))                                                     \
	WAIT(sem_clockwait, 0, sem_clockwait(&on.sem, CLOCK_MONOTONIC, &waits_far))                                    \
	WAIT(nanosleep, 0, nanosleep(&waits_long, NULL))                                                               \
	WAIT(clock_nanosleep, 0, clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &waits_far, NULL))                    \
	WAIT(usleep, 0, usleep(1000000000))                                                                            \
	WAIT(sleep, 0, sleep(100000) != 0 ? 1 : 0)                                                                     \
	WAIT(thrd_sleep, 0, thrd_sleep(&waits_long, NULL))                                                             \
	WAIT(pause, 0, pause())                                                                                        \
	WAIT(sigsuspend, 0, sigsuspend(&on.nothing))                                                                   \
	WAIT(sigwait, 0, wait_signal(0))                                                                               \
	WAIT(sigwaitinfo, 0, sigwaitinfo(&on.signals, NULL))                                                           \
	WAIT(sigtimedwait, 0, sigtimedwait(&on.signals, NULL, &waits_long))                                            \
	WAIT(msgrcv, 0, wait_message(0))                                                                               \
	WAIT(msgsnd, 0, wait_message(1))                                                                               \
	WAIT(semop, NO_CANCEL, wait_semaphores(NULL))                                                                  \
	WAIT(semtimedop, NO_CANCEL, wait_semaphores(&waits_long))                                                      \
	WAIT(mq_receive, NEEDS_MQ, mq_receive(on.mq_empty, waits_bytes, 8, NULL))                                      \
	WAIT(mq_timedreceive, NEEDS_MQ, mq_timedreceive(on.mq_empty, waits_bytes, 8, NULL, &waits_far))                \
	WAIT(mq_send, NEEDS_MQ, mq_send(on.mq_full, waits_bytes, 1, 0))                                                \
	WAIT(mq_timedsend, NEEDS_MQ, mq_timedsend(on.mq_full, waits_bytes, 1, 0, &waits_far))                          \
	WAIT(flock, NO_CANCEL, flock(on.file, LOCK_EX))                                                                \
	WAIT(F_SETLKW, 0, wait_record(F_SETLKW))                                                                       \
	WAIT(F_OFD_SETLKW, 0, wait_record(F_OFD_SETLKW))                                                               \
	WAIT(lockf, 0, lockf(on.file, F_LOCK, 0))                                                                      \
	WAIT(waitpid, 0, waitpid(on.child, NULL, 0))                                                                   \
	WAIT(wait4, 0, wait4(on.child, NULL, 0, NULL))                                                                 \
	WAIT(waitid, 0, waitid(P_PID, on.child, NULL, WEXITED))                                                        \
	WAIT(fgets, LOCKS_STREAM, fgets(waits_bytes, 8, on.stream) != NULL)                                            \
	WAIT(fread, LOCKS_STREAM, (long)fread(waits_bytes, 1, 8, on.stream))                                           \
	WAIT(getc, LOCKS_STREAM, getc(on.stream))                                                                      \
	WAIT(aio_suspend, LOCKS_STREAM, suspend_request())                                                             \
	WAIT(cond_wait, LOCKS_STREAM, wait_condition())                                                                \
	WAIT(join, LOCKS_STREAM, pthread_join(on.idler, NULL))                                                         \
	WAIT(futex, NO_CANCEL, syscall(SYS_futex, &waits_iov, 0, *(int *)&waits_iov, NULL, NULL, 0))                   \
	WAIT(syscall_read, NO_CANCEL, syscall(SYS_read, on.empty[0], waits_bytes, 1))

static inline long receive_message(void)
{
	struct msghdr message = {};

	message.msg_iov = &waits_iov;
	message.msg_iovlen = 1;
	return recvmsg(on.pair[0], &message, 0);
}

/* The first to call is let in, all others wait. */
static inline long connect_again(void)
{
	connect(on.caller, (struct sockaddr *)&on.address, on.address_len);
	return connect(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&on.address, on.address_len);
}

static inline long poll_one(int with_mask)
{
	struct pollfd fd = {on.empty[0], POLLIN, 0};

	return with_mask ? ppoll(&fd, 1, NULL, NULL) : poll(&fd, 1, -1);
}

static inline long wait_epoll(int with_mask)
{
	struct epoll_event event;

	return with_mask ? epoll_pwait(on.epoll, &event, 1, -1, NULL) : epoll_wait(on.epoll, &event, 1, -1);
}

static inline long wait_signal(int unused)
{
	return sigwait(&on.signals, &unused);
}

static inline long wait_message(int sends)
{
	struct message message = {1, ""};

	if (sends)
		return msgsnd(on.msg_full, &message, sizeof(message.bytes), 0);
	return msgrcv(on.msg_empty, &message, sizeof(message.bytes), 0, 0);
}

static inline long wait_semaphores(const struct timespec *timeout)
{
	struct sembuf down = {0, -1, 0};

	return timeout ? semtimedop(on.sems, &down, 1, timeout) : semop(on.sems, &down, 1);
}

static inline long wait_record(int command)
{
	struct flock lock = {F_WRLCK, SEEK_SET, 0, 0, 0};

	return fcntl(on.file, command, &lock);
}

static inline long suspend_request(void)
{
	static struct aiocb request;
	const struct aiocb *list[] = {&request};

	memset(&request, 0, sizeof(request));
	request.aio_fildes = on.empty[0];
	request.aio_buf = waits_bytes;
	request.aio_nbytes = 1;
	CHECK(aio_read(&request) == 0);
	return aio_suspend(list, 1, NULL);
}

static inline void waits_unlock(void *mutex)
{
	pthread_mutex_unlock((pthread_mutex_t *)mutex);
}

static inline long wait_condition(void)
{
	long result;

	pthread_mutex_lock(&on.mutex);
	pthread_cleanup_push(waits_unlock, &on.mutex);
	result = pthread_cond_wait(&on.cond, &on.mutex);
	pthread_cleanup_pop(1);
	return result;
}

#define WAIT(name, flags, expression)                                                                                  \
	static inline long waits_##name(void)                                                                          \
	{                                                                                                              \
		return (long)(expression);                                                                             \
	}
WAITS
#undef WAIT

struct wait {
	const char *name;
	int flags;
	long (*call)(void);
};

#define WAIT(name, flags, expression) {#name, flags, waits_##name},
static const struct wait waits[] = {WAITS};
#undef WAIT

enum { WAITS_COUNT = sizeof(waits) / sizeof(waits[0]) };

#endif
