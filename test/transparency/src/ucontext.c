/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Coroutines by makecontext and swapcontext: they wait on stacks of their own, and one moves between two threads.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <ucontext.h>
#include <unistd.h>

enum { COUNT = 8, STACK = 64 << 10, ROUNDS = 200 };

static ucontext_t scheduler, contexts[COUNT];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long sum;
static int finished[COUNT];

static void run(int number)
{
	for (int i = 0; i < ROUNDS; i++) {
		pthread_mutex_lock(&lock);
		if (i % 50 == number)
			usleep(100);
		sum += number;
		pthread_mutex_unlock(&lock);
		swapcontext(&contexts[number], &scheduler);
	}
	finished[number] = 1;
}

static void *carry(void *arg)
{
	for (int i = 0; i < COUNT; i++)
		if (!finished[i])
			swapcontext(&scheduler, &contexts[i]);
	return arg;
}

int main(void)
{
	for (int i = 0; i < COUNT; i++) {
		getcontext(&contexts[i]);
		contexts[i].uc_stack.ss_sp = malloc(STACK);
		contexts[i].uc_stack.ss_size = STACK;
		contexts[i].uc_link = &scheduler;
		makecontext(&contexts[i], (void (*)(void))run, 1, i);
	}
	for (int i = 0; i <= ROUNDS; i++) {
		pthread_t thread;

		if (i % 10 == 0) {
			pthread_create(&thread, NULL, carry, NULL);
			pthread_join(thread, NULL);
		} else {
			carry(NULL);
		}
	}
	for (int i = 0; i < COUNT; i++)
		printf("%d ", finished[i]);
	printf("sum %ld\n", sum);
	return 0;
}
