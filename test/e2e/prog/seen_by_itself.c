/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a program finds when it looks at itself: its threads, descriptors, signals, limits and settings, at the start
 * and after threads have come and gone.
 */
#include "check.h"
#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>

static void *nothing(void *arg)
{
	usleep(1000);
	return arg;
}

static void list(const char *path)
{
	struct dirent *entry;
	DIR *directory = opendir(path);

	CHECK(directory);
	printf("%s:", path);
	while ((entry = readdir(directory)))
		printf(" %s", entry->d_name[0] == '.' ? "" : entry->d_name);
	puts("");
	closedir(directory);
}

/* The lines about signals, capabilities and the like. */
static void show_status(void)
{
	static const char *const wanted[] = {"Sig",      "Shd",   "Cap",           "NoNewPrivs",
					     "Seccomp:", "Umask", "Cpus_allowed:", "FDSize"};
	FILE *status = fopen("/proc/self/status", "r");
	char line[512];

	CHECK(status);
	while (fgets(line, sizeof(line), status)) {
		for (int i = 0; i < 8; i++) {
			if (strncmp(line, wanted[i], strlen(wanted[i])) == 0 && strncmp(line, "SigQ", 4) != 0)
				fputs(line, stdout);
		}
	}
	fclose(status);
}

static void show_settings(void)
{
	struct itimerval timer;
	struct rlimit limit;
	char name[16] = "";
	stack_t stack;

	for (int i = 0; i < RLIM_NLIMITS; i++) {
		CHECK(getrlimit(i, &limit) == 0);
		printf("limit %d: %lx %lx\n", i, (long)limit.rlim_cur, (long)limit.rlim_max);
	}
	CHECK(sigaltstack(NULL, &stack) == 0 && getitimer(ITIMER_REAL, &timer) == 0);
	CHECK(prctl(PR_GET_NAME, name, 0, 0, 0) == 0);
	printf("stack %d, timer %ld, name %s, dumpable %d, priority %d, timer slack %d\n", stack.ss_flags,
	       timer.it_value.tv_usec, name, prctl(PR_GET_DUMPABLE), getpriority(PRIO_PROCESS, 0),
	       prctl(PR_GET_TIMERSLACK));
	printf("subreaper %d, policy %d\n", prctl(PR_GET_KEEPCAPS), sched_getscheduler(0));
}

int main(void)
{
	pthread_t thread;

	list("/proc/self/fd");
	list("/proc/self/fdinfo");
	show_status();
	show_settings();
	for (int i = 0; i < 30; i++)
		CHECK(pthread_create(&thread, NULL, nothing, NULL) == 0 && pthread_join(thread, NULL) == 0);
	list("/proc/self/fd");
	show_status();
	show_settings();
	return 0;
}
