/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A program changes its root and its user while it has threads. Files that lie in the new root under the path of its
 * trace stay what they were, and it works on.
 */
#include "check.h"
#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static atomic_int is_over;
static char path[4096], live[4096];

static void *work(void *arg)
{
	while (!is_over) {
		pthread_mutex_lock(&mutex);
		usleep(50);
		pthread_mutex_unlock(&mutex);
	}
	return arg;
}

/* Where the trace is, in the new root. */
static void name_files(void)
{
	const char *pattern = getenv("GTRACE_OUTPUT");
	int n = pattern ? (int)(strrchr(pattern, '/') - pattern) : 0;

	snprintf(path, sizeof(path), "%.*s/chroot_and_drop.%d.trace", n, pattern ? pattern : "", getpid());
	CHECK(snprintf(live, sizeof(live), "%s.live", path) < (int)sizeof(live));
}

static void put(const char *name)
{
	char in_root[8192], *slash;
	FILE *file;

	snprintf(in_root, sizeof(in_root), "root%s", name);
	for (slash = strchr(in_root, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = 0;
		mkdir(in_root, 0777);
		*slash = '/';
	}
	CHECK((file = fopen(in_root, "w")) && fputs("mine", file) >= 0 && fclose(file) == 0);
	CHECK(chmod(in_root, 0666) == 0);
}

static int is_mine(const char *name)
{
	char text[16] = "";
	FILE *file = fopen(name, "r");

	return file && fread(text, 1, sizeof(text), file) == 4 && strcmp(text, "mine") == 0 && fclose(file) == 0;
}

int main(void)
{
	pthread_t threads[2];

	if (getuid() != 0)
		SKIP("needs root to change the root");
	umask(0);
	name_files();
	put(path);
	put(live);
	for (int i = 0; i < 2; i++)
		CHECK(pthread_create(&threads[i], NULL, work, NULL) == 0);
	usleep(20000);
	CHECK(chroot("root") == 0 && chdir("/") == 0);
	usleep(20000);
	CHECK(setgid(65534) == 0 && setuid(65534) == 0 && umask(0) == 0);
	usleep(20000);
	is_over = 1;
	for (int i = 0; i < 2; i++)
		CHECK(pthread_join(threads[i], NULL) == 0);
	CHECK(is_mine(path) && is_mine(live));
	puts("they are the program's");
	return 0;
}
