/* SPDX-License-Identifier: BSD-3-Clause */
/* Handlers of pthread_atfork that lock, write and create a thread: the last before fork is back in the child. */
#include "check.h"
#include <pthread.h>
#include <sys/wait.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int ends[2];

static void *say(void *text)
{
	CHECK(write(ends[1], text, 1) == 1);
	return NULL;
}

static void take(void)
{
	pthread_mutex_lock(&lock);
	say("b");
}

static void give(void)
{
	say("p");
	pthread_mutex_unlock(&lock);
}

static void begin_again(void)
{
	pthread_t t;

	pthread_mutex_unlock(&lock);
	CHECK(pthread_create(&t, NULL, say, "c") == 0 && pthread_join(t, NULL) == 0);
}

static void read_all(int count)
{
	char c;
	int seen[256] = {0};

	while (count-- > 0) {
		CHECK(read(ends[0], &c, 1) == 1);
		seen[(unsigned char)c]++;
	}
	printf("before %d, parent %d, child %d\n", seen['b'], seen['p'], seen['c']);
}

int main(void)
{
	pthread_t t;
	int status;
	pid_t child;

	CHECK(pipe(ends) == 0 && pthread_atfork(take, give, begin_again) == 0);
	CHECK(pthread_create(&t, NULL, say, "x") == 0 && pthread_join(t, NULL) == 0);
	child = fork();
	if (child == 0) {
		CHECK(pthread_create(&t, NULL, say, "c") == 0 && pthread_join(t, NULL) == 0);
		exit(0);
	}
	CHECK(waitpid(child, &status, 0) == child && status == 0);
	read_all(5);
	return 0;
}
