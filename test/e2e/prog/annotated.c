/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Two requests, each begun by the main thread and served by another one. This is the example in docs/annotations.md.
 */
#include "../../../preload/gtrace.h"

#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

struct request {
	const char *path;
	uint64_t task;
};

static void answer(const struct request *request)
{
	GTRACE_REGION(request->task, "answer");
	usleep(2000);
}

static void *serve(void *arg)
{
	const struct request *request = arg;

	gtrace_label("worker");
	gtrace_region_begin(request->task, "look up");
	usleep(1000);
	gtrace_region_end(request->task, "look up");
	gtrace_logf(request->task, "found", "%s, %d bytes", request->path, 512);
	answer(request);
	gtrace_task_end(request->task);
	return NULL;
}

int main(void)
{
	struct request requests[] = {{"/index.html", 0}, {"/logo.png", 0}};
	pthread_t threads[2];

	for (int i = 0; i < 2; i++) {
		requests[i].task = gtrace_task_begin(0, "request");
		if (pthread_create(&threads[i], NULL, serve, &requests[i]) != 0)
			return 1;
	}
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	puts("served");
	return 0;
}
