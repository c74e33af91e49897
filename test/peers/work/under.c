/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * under RESULT SECONDS MB COMMAND [ARGS]: runs it with at most so much time and address space, in a group of its own. Writes to RESULT how
 * it ended and what it took, with the children that it has waited for: "END WALL CPU RSS", nanoseconds and kilobytes (of
 * the largest process). END is ok, status N, signal N or timeout. The whole group is killed in the end, and when this is
 * told to terminate.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile pid_t group;
static volatile sig_atomic_t out_of_time;

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static double of(struct timeval t)
{
	return (double)t.tv_sec * 1e9 + (double)t.tv_usec * 1e3;
}

static void end(int sig)
{
	out_of_time = sig == SIGALRM;
	kill(-group, SIGKILL);
}

static void start(char **command, long mb)
{
	struct rlimit limit = {(rlim_t)mb << 20, (rlim_t)mb << 20};

	setpgid(0, 0);
	setrlimit(RLIMIT_AS, &limit);
	execvp(command[0], command);
	_exit(127);
}

static void report(FILE *to, int status, double wall, const struct rusage *usage)
{
	if (out_of_time)
		fputs("timeout", to);
	else if (WIFSIGNALED(status))
		fprintf(to, "signal %d", WTERMSIG(status));
	else if (WEXITSTATUS(status))
		fprintf(to, "status %d", WEXITSTATUS(status));
	else
		fputs("ok", to);
	fprintf(to, "\t%.0f\t%.0f\t%ld\n", wall, of(usage->ru_utime) + of(usage->ru_stime), usage->ru_maxrss);
}

int main(int argc, char **argv)
{
	struct sigaction action = {.sa_handler = end, .sa_flags = SA_RESTART};
	struct rusage usage;
	FILE *to = argc > 4 ? fopen(argv[1], "we") : NULL;
	double began;
	int status;

	if (!to)
		return 2;
	began = now();
	group = fork();
	if (group == 0)
		start(argv + 4, atol(argv[3]));
	setpgid(group, group);
	sigaction(SIGALRM, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	alarm((unsigned)atoi(argv[2]));
	if (wait4(group, &status, 0, &usage) != group)
		return 2;
	alarm(0);
	began = now() - began;
	kill(-group, SIGKILL);
	report(to, status, began, &usage);
	return fclose(to) != 0;
}
