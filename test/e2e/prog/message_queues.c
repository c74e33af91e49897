/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Message queues of both kinds, empty and full, with and without moments; sets of semaphores; and what each answers
 * when it would have to wait and may not, or when the queue goes away while it waits.
 */
#include "helper.h"
#include <mqueue.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>

struct text {
	long type;
	char bytes[512];
};

static const struct timespec past = {1, 0}, far = {100000000000, 0}, shortly = {0, 1000000}, longer = {1000, 0};
static mqd_t queue;
static int id, sems;
static char bytes[64];

static void mq_put(void *arg)
{
	(void)arg;
	CHECK(mq_send(queue, "abc", 3, 5) == 0);
}

static void mq_take(void *arg)
{
	(void)arg;
	CHECK(mq_receive(queue, bytes, sizeof(bytes), NULL) == 3);
}

static void named_queue(void)
{
	struct mq_attr attr = {.mq_maxmsg = 1, .mq_msgsize = sizeof(bytes)};
	unsigned priority = 0;
	char name[32];

	snprintf(name, sizeof(name), "/gtrace-test.%d", getpid());
	queue = mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &attr);
	if (queue < 0 && (errno == ENOSYS || errno == EACCES))
		SKIP("no POSIX message queues here");
	CHECK(queue >= 0 && mq_unlink(name) == 0);
	CHECK(AWAITED(mq_receive(queue, bytes, sizeof(bytes), &priority), mq_put, NULL) == 3 && priority == 5);
	CHECK(AWAITED(mq_timedreceive(queue, bytes, sizeof(bytes), &priority, &far), mq_put, NULL) == 3);
	CHECK(mq_timedreceive(queue, bytes, sizeof(bytes), &priority, &past) == -1 && errno == ETIMEDOUT);
	mq_put(NULL);
	CHECK(AWAITED(mq_send(queue, "abc", 3, 0), mq_take, NULL) == 0);
	CHECK(AWAITED(mq_timedsend(queue, "abc", 3, 0, &far), mq_take, NULL) == 0);
	CHECK(mq_timedsend(queue, "abc", 3, 0, &past) == -1 && errno == ETIMEDOUT);
	CHECK(mq_send(queue, "abc", 3, 1 << 30) == -1 && errno == EINVAL);
	CHECK(mq_receive(queue, bytes, 1, NULL) == -1 && errno == EMSGSIZE);
	CHECK(mq_send(-1, "abc", 3, 0) == -1 && errno == EBADF);
	CHECK(mq_close(queue) == 0);
	puts("named queue");
}

static void msg_put(void *arg)
{
	struct text text = {2, "abc"};

	(void)arg;
	CHECK(msgsnd(id, &text, sizeof(text.bytes), 0) == 0);
}

static void msg_take(void *arg)
{
	struct text text;

	(void)arg;
	CHECK(msgrcv(id, &text, sizeof(text.bytes), 0, 0) == sizeof(text.bytes));
}

static void remove_queue(void *arg)
{
	(void)arg;
	CHECK(msgctl(id, IPC_RMID, NULL) == 0);
}

static void private_queue(void)
{
	struct text text = {1, "de"};
	struct msqid_ds settings;

	CHECK((id = msgget(IPC_PRIVATE, 0600)) >= 0 && msgctl(id, IPC_STAT, &settings) == 0);
	settings.msg_qbytes = sizeof(text.bytes) + 100;
	CHECK(msgctl(id, IPC_SET, &settings) == 0);
	CHECK(AWAITED(msgrcv(id, &text, sizeof(text.bytes), 0, 0), msg_put, NULL) == sizeof(text.bytes));
	CHECK(text.type == 2 && strcmp(text.bytes, "abc") == 0);
	CHECK(msgrcv(id, &text, sizeof(text.bytes), 0, IPC_NOWAIT) == -1 && errno == ENOMSG);
	msg_put(NULL);
	CHECK(AWAITED(msgsnd(id, &text, sizeof(text.bytes), 0), msg_take, NULL) == 0);
	CHECK(msgsnd(id, &text, sizeof(text.bytes), IPC_NOWAIT) == -1 && errno == EAGAIN);
	CHECK(msgrcv(id, &text, 1, 0, 0) == -1 && errno == E2BIG);
	CHECK(AWAITED(msgsnd(id, &text, sizeof(text.bytes), 0), remove_queue, NULL) == -1 && errno == EIDRM);
	puts("private queue");
}

static void raise_both(void *arg)
{
	struct sembuf up[2] = {{0, 1, 0}, {1, 1, 0}};

	(void)arg;
	CHECK(semop(sems, up, 2) == 0);
}

static void semaphore_set(void)
{
	struct sembuf down[2] = {{0, -1, 0}, {1, -1, 0}}, at_once = {0, -1, IPC_NOWAIT};

	CHECK((sems = semget(IPC_PRIVATE, 2, 0600)) >= 0);
	CHECK(AWAITED(semop(sems, down, 2), raise_both, NULL) == 0);
	CHECK(AWAITED(semtimedop(sems, down, 2, &longer), raise_both, NULL) == 0);
	CHECK(semtimedop(sems, down, 2, &shortly) == -1 && errno == EAGAIN);
	CHECK(semop(sems, &at_once, 1) == -1 && errno == EAGAIN);
	CHECK(semop(sems, down, 100000) == -1 && errno == E2BIG);
	CHECK(semctl(sems, 0, IPC_RMID) == 0);
	CHECK(semop(sems, down, 2) == -1 && (errno == EINVAL || errno == EIDRM));
	puts("semaphore set");
}

int main(void)
{
	named_queue();
	private_queue();
	semaphore_set();
	return 0;
}
