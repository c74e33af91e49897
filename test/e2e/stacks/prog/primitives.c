/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * usage: primitives DEPTH...: each primitive waits below a chain of that many calls, in which each function has another
 * kind of frame.
 */
#include "point.h"

#include <alloca.h>
#include <linux/futex.h>
#include <poll.h>
#include <signal.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <time.h>

struct primitive {
	const char *name;
	void (*call)(const char *name);
	void (*wake)(void);
};

struct descent {
	const struct primitive *primitive;
	char name[16];
	int depth;
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER, held = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_barrier_t barrier;
static pthread_t joined;
static int queue, listener, futex, ends[2], waiter_leaves;
static struct sockaddr_un address = {.sun_family = AF_UNIX};

static void lock(const char *name)
{
	AT(name, pthread_mutex_lock(&held));
	pthread_mutex_unlock(&held);
}

static void unlock(void)
{
	pthread_mutex_unlock(&held);
}

static void wait(const char *name)
{
	pthread_mutex_lock(&mutex);
	waiter_leaves = 0;
	about_to_wait(name);
	while (!waiter_leaves)
		pthread_cond_wait(&cond, &mutex);
	pthread_mutex_unlock(&mutex);
}

static void timed_wait(const char *name)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 1000;
	pthread_mutex_lock(&mutex);
	waiter_leaves = 0;
	about_to_wait(name);
	while (!waiter_leaves)
		pthread_cond_timedwait(&cond, &mutex, &until);
	pthread_mutex_unlock(&mutex);
}

static void signal_cond(void)
{
	pthread_mutex_lock(&mutex);
	waiter_leaves = 1;
	pthread_cond_signal(&cond);
	pthread_mutex_unlock(&mutex);
}

static void wait_for_semaphore(const char *name)
{
	WAIT(name);
	GO_ON_AFTER();
}

static void write_lock(const char *name)
{
	AT(name, pthread_rwlock_wrlock(&rwlock));
	pthread_rwlock_unlock(&rwlock);
}

static void unlock_rwlock(void)
{
	pthread_rwlock_unlock(&rwlock);
}

static void meet(const char *name)
{
	AT(name, pthread_barrier_wait(&barrier));
	GO_ON_AFTER();
}

static void meet_too(void)
{
	pthread_barrier_wait(&barrier);
}

static void *wait_to_be_joined(void *arg)
{
	pthread_mutex_lock(&held);
	pthread_mutex_unlock(&held);
	return arg;
}

static void join(const char *name)
{
	CHECK(pthread_create(&joined, NULL, wait_to_be_joined, NULL) == 0);
	AT(name, pthread_join(joined, NULL));
	GO_ON_AFTER();
}

static void sleep_shortly(const char *name)
{
	REST(name);
	GO_ON_AFTER();
}

static void read_pipe(const char *name)
{
	char byte;

	CHECK(AT(name, read(ends[0], &byte, 1)) == 1);
}

static void write_pipe(void)
{
	CHECK(write(ends[1], "x", 1) == 1);
}

static void drain(void)
{
	char byte;

	CHECK(read(ends[0], &byte, 1) == 1);
}

static void poll_pipe(const char *name)
{
	struct pollfd fd = {ends[0], POLLIN, 0};

	CHECK(AT(name, poll(&fd, 1, -1)) == 1);
	drain();
}

static void select_pipe(const char *name)
{
	fd_set set;

	FD_ZERO(&set);
	FD_SET(ends[0], &set);
	CHECK(AT(name, select(ends[0] + 1, &set, NULL, NULL, NULL)) == 1);
	drain();
}

static void accept_one(const char *name)
{
	int fd = AT(name, accept(listener, NULL, NULL));

	CHECK(fd >= 0 && close(fd) == 0);
}

static void connect_one(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	CHECK(fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0 && close(fd) == 0);
}

static void wait_for_futex(const char *name)
{
	futex = 0;
	AT(name, syscall(SYS_futex, &futex, FUTEX_WAIT, 0, NULL));
	GO_ON_AFTER();
}

static void wake_futex(void)
{
	futex = 1;
	syscall(SYS_futex, &futex, FUTEX_WAKE, 1);
}

static void receive(const char *name)
{
	struct msgbuf text;

	CHECK(AT(name, msgrcv(queue, &text, 1, 0, 0)) == 1);
}

static void send_message(void)
{
	struct msgbuf text = {1, "x"};

	CHECK(msgsnd(queue, &text, 1, 0) == 0);
}

static void wait_for_signal(const char *name)
{
	sigset_t set;
	int signal;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	CHECK(AT(name, sigwait(&set, &signal)) == 0);
}

static void send_signal(void)
{
	CHECK(kill(getpid(), SIGUSR1) == 0);
}

static void *leave(void *arg)
{
	return arg;
}

static void create(const char *name)
{
	pthread_t thread;

	AT(name, pthread_create(&thread, NULL, leave, NULL));
	pthread_join(thread, NULL);
}

static const struct primitive primitives[] = {
	{"mutex", lock, unlock},
	{"cond", wait, signal_cond},
	{"timed_cond", timed_wait, signal_cond},
	{"semaphore", wait_for_semaphore, point_post},
	{"rwlock", write_lock, unlock_rwlock},
	{"barrier", meet, meet_too},
	{"join", join, unlock},
	{"sleep", sleep_shortly, NULL},
	{"read", read_pipe, write_pipe},
	{"poll", poll_pipe, write_pipe},
	{"select", select_pipe, write_pipe},
	{"accept", accept_one, connect_one},
	{"futex", wait_for_futex, wake_futex},
	{"msgrcv", receive, send_message},
	{"sigwait", wait_for_signal, send_signal},
	{"create", create, NULL},
};

#include "shapes.h"

static void *start(void *arg)
{
	const struct descent *descent = arg;

	descend(descent->depth, descent);
	return NULL;
}

static void prepare(void)
{
	sigset_t set;

	strcpy(address.sun_path, "primitives.socket"); /* below the working directory */
	unlink(address.sun_path);
	listener = socket(AF_UNIX, SOCK_STREAM, 0);
	CHECK(bind(listener, (struct sockaddr *)&address, sizeof(address)) == 0 && listen(listener, 1) == 0);
	queue = msgget(IPC_PRIVATE, 0600);
	CHECK(queue >= 0 && pipe(ends) == 0 && pthread_barrier_init(&barrier, NULL, 2) == 0);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	CHECK(pthread_sigmask(SIG_BLOCK, &set, NULL) == 0);
}

int main(int argc, char **argv)
{
	prepare();
	for (int i = 1; i < argc; i++) {
		for (size_t j = 0; j < sizeof(primitives) / sizeof(*primitives); j++) {
			struct descent descent = {&primitives[j], "", atoi(argv[i])};

			snprintf(descent.name, sizeof(descent.name), "%s/%s", primitives[j].name, argv[i]);
			pthread_mutex_trylock(&held); /* unless it holds them still */
			pthread_rwlock_trywrlock(&rwlock);
			point_run(NULL, start, &descent, primitives[j].wake);
		}
	}
	start(&(struct descent){&(const struct primitive){.call = sleep_shortly}, "main/sleep", 9});
	unlink(address.sun_path);
	msgctl(queue, IPC_RMID, NULL);
	return 0;
}
