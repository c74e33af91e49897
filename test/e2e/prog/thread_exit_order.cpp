/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What happens when a thread ends, in its order: cleanup functions, destructors of objects on the stack, thread_local
 * objects, keys in several rounds. All of them call wrapped functions. By return, pthread_exit and cancellation.
 */
#include "check.h"
#include <limits.h>
#include <pthread.h>
#include <semaphore.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_key_t first_key, second_key;
static int null, rounds;
static sem_t sem;

static void call(const char *what)
{
	pthread_mutex_lock(&mutex);
	CHECK(write(null, "x", 1) == 1 && sem_post(&sem) == 0 && sem_wait(&sem) == 0 && usleep(1) == 0);
	pthread_mutex_unlock(&mutex);
	printf("    %s\n", what);
}

static void *nothing(void *arg)
{
	return arg;
}

static void end_first(void *value)
{
	pthread_t thread;

	call("first key");
	CHECK(pthread_create(&thread, nullptr, nothing, nullptr) == 0 && pthread_join(thread, nullptr) == 0);
	if (++rounds < PTHREAD_DESTRUCTOR_ITERATIONS)
		pthread_setspecific(first_key, value);
}

static void end_second(void *)
{
	call("second key");
}

struct object {
	const char *name;
	~object()
	{
		call(name);
	}
};

static thread_local object local = {"thread_local"};

static void clean_up(void *)
{
	call("cleanup");
}

static void *run(void *arg)
{
	object on_stack = {"stack"};
	int how = *(int *)arg;

	rounds = 0;
	CHECK(local.name);
	pthread_setspecific(first_key, arg);
	pthread_setspecific(second_key, arg);
	pthread_cleanup_push(clean_up, nullptr);
	if (how == 1)
		pthread_exit(arg);
	if (how == 2) {
		pthread_cancel(pthread_self());
		pause();
	}
	pthread_cleanup_pop(0);
	return arg;
}

int main()
{
	static const char *const names[] = {"return", "pthread_exit", "cancellation"};
	pthread_t thread;
	void *value;

	CHECK((null = open("/dev/null", O_WRONLY)) >= 0 && sem_init(&sem, 0, 0) == 0);
	CHECK(pthread_key_create(&first_key, end_first) == 0 && pthread_key_create(&second_key, end_second) == 0);
	for (int how = 0; how < 3; how++) {
		printf("%s\n", names[how]);
		CHECK(pthread_create(&thread, nullptr, run, &how) == 0 && pthread_join(thread, &value) == 0);
		CHECK(value == (how == 2 ? PTHREAD_CANCELED : &how));
	}
	return 0;
}
