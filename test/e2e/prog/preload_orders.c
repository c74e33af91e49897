/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Another library is preloaded, too, before or after what is preloaded already: preload_orders LIBRARY before|after.
 * The second image of this program then allocates and locks in threads.
 */
#include "check.h"
#include <pthread.h>

enum { THREADS = 4, ROUNDS = 2000 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static long sum;

static void *work(void *arg)
{
	int fd = open("file", O_RDWR | O_CREAT, 0600);

	for (int i = 1; i <= ROUNDS; i++) {
		char *bytes = malloc((size_t)i);

		CHECK(bytes);
		memset(bytes, 1, (size_t)i);
		pthread_mutex_lock(&mutex);
		sum += bytes[i - 1];
		pthread_mutex_unlock(&mutex);
		if (i % 100 == 0)
			CHECK(pwrite(fd, bytes, 1, 0) == 1 && fsync(fd) == 0);
		free(bytes);
	}
	CHECK(close(fd) == 0);
	return arg;
}

static int second_image(void)
{
	pthread_t threads[THREADS];

	for (int i = 0; i < THREADS; i++)
		CHECK(pthread_create(&threads[i], NULL, work, NULL) == 0);
	for (int i = 0; i < THREADS; i++)
		CHECK(pthread_join(threads[i], NULL) == 0);
	printf("sum %ld\n", sum);
	return 0;
}

int main(int argc, char **argv)
{
	static const char *const places[] = {"/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib",
					     "/usr/lib/x86_64-linux-gnu/libfakeroot"};
	char path[256], list[4096], reason[128];
	const char *now = getenv("LD_PRELOAD");

	if (argc == 2)
		return second_image();
	CHECK(argc == 3);
	for (int i = 0; i < 4; i++) {
		snprintf(path, sizeof(path), "%s/%s", places[i], argv[1]);
		if (access(path, R_OK) == 0)
			break;
	}
	snprintf(reason, sizeof(reason), "no %s here", argv[1]);
	if (access(path, R_OK) != 0)
		SKIP(reason);
	if (!now)
		snprintf(list, sizeof(list), "%s", path);
	else if (strcmp(argv[2], "before") == 0)
		snprintf(list, sizeof(list), "%s:%s", path, now);
	else
		snprintf(list, sizeof(list), "%s:%s", now, path);
	setenv("LD_PRELOAD", list, 1);
	execl("/proc/self/exe", argv[0], "again", NULL);
	return 97;
}
