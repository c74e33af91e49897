/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Boehm's collector stops threads by signals wherever they are, in the recorder too, and wraps pthread_create itself.
 */
#define GC_THREADS
#include <gc.h>
#include <pthread.h>
#include <stdio.h>

struct node {
	struct node *next;
	long value;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long total;

static void *work(void *arg)
{
	struct node *list = NULL;
	long sum = 0;

	for (long i = 0; i < 20000; i++) {
		struct node *node = GC_MALLOC(sizeof(*node));

		node->value = i;
		node->next = i % 1000 ? list : NULL;
		list = node;
		if (i % 100 == 0) {
			GC_MALLOC_ATOMIC(20000);
			pthread_mutex_lock(&lock);
			pthread_mutex_unlock(&lock);
		}
	}
	for (; list; list = list->next)
		sum += list->value;
	pthread_mutex_lock(&lock);
	total += sum;
	pthread_mutex_unlock(&lock);
	return arg;
}

int main(void)
{
	pthread_t threads[6];

	GC_INIT();
	for (int i = 0; i < 6; i++)
		pthread_create(&threads[i], NULL, work, NULL);
	for (int i = 0; i < 6; i++)
		pthread_join(threads[i], NULL);
	GC_gcollect();
	printf("total %ld, collected %d\n", total, GC_get_gc_no() > 2);
	return 0;
}
