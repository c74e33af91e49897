/* SPDX-License-Identifier: BSD-3-Clause
 *
 * GLib: a thread pool, an asynchronous queue, a main loop with timeouts, GMutex, GCond, GOnce, a child watched.
 * GLib makes its locks of futex system calls.
 */
#include <glib.h>
#include <stdio.h>

static GMutex lock;
static GCond change;
static int done;
static long sum;

static void work(gpointer data, gpointer user)
{
	g_mutex_lock(&lock);
	sum += GPOINTER_TO_INT(data) + GPOINTER_TO_INT(user);
	done++;
	g_cond_signal(&change);
	g_mutex_unlock(&lock);
}

static gpointer consume(gpointer data)
{
	long total = 0;
	int value;

	while ((value = GPOINTER_TO_INT(g_async_queue_pop(data))) > 0)
		total += value;
	return GINT_TO_POINTER(total);
}

static gboolean tick(gpointer data)
{
	static int ticks;

	if (++ticks < 5)
		return G_SOURCE_CONTINUE;
	printf("ticks %d\n", ticks);
	g_main_loop_quit(data);
	return G_SOURCE_REMOVE;
}

static void ended(GPid pid, int status, gpointer data)
{
	g_spawn_close_pid(pid);
	printf("child %d\n", g_spawn_check_wait_status(status, NULL) ? 1 : 0);
	g_timeout_add(2, tick, data);
}

int main(void)
{
	GMainLoop *loop = g_main_loop_new(NULL, FALSE);
	GThreadPool *pool = g_thread_pool_new(work, GINT_TO_POINTER(1), 4, TRUE, NULL);
	GAsyncQueue *queue = g_async_queue_new();
	GThread *consumer = g_thread_new("consumer", consume, queue);
	char *words[] = {"/bin/sh", "-c", "exit 0", NULL};
	GPid pid;

	for (int i = 1; i <= 2000; i++) {
		g_thread_pool_push(pool, GINT_TO_POINTER(i), NULL);
		g_async_queue_push(queue, GINT_TO_POINTER(i));
	}
	g_async_queue_push(queue, GINT_TO_POINTER(-1));
	g_mutex_lock(&lock);
	while (done < 2000)
		g_cond_wait(&change, &lock);
	g_mutex_unlock(&lock);
	g_thread_pool_free(pool, FALSE, TRUE);
	printf("sum %ld consumed %d\n", sum, GPOINTER_TO_INT(g_thread_join(consumer)));
	if (!g_spawn_async(NULL, words, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, NULL))
		return 1;
	g_child_watch_add(pid, ended, loop);
	g_main_loop_run(loop);
	return 0;
}
