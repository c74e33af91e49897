/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * program [kill]: a thread runs and ends; says whether the library is there and who runs; then ends, or is killed.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static void *yield(void *unused)
{
	sched_yield();
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, yield, NULL) != 0 || pthread_join(thread, NULL) != 0)
		return 99;
	printf("user %d, rights of %d, group %d, %s\n", (int)getuid(), (int)geteuid(), (int)getegid(),
	       dlsym(RTLD_DEFAULT, "gtrace_start") ? "with the library" : "without the library");
	fflush(stdout);
	if (argc > 1)
		kill(getpid(), SIGKILL);
	return argv[0] ? 5 : 6;
}
