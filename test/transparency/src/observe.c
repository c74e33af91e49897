/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Prints whatever a process can learn about itself without looking at addresses: descriptors, threads, signals,
 * limits, children, names. In main, in a thread, after threads, in a forked child.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static int compare(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static void show_descriptors(void)
{
	int fds[256];
	int count = 0;
	DIR *dir = opendir("/proc/self/fd");
	struct dirent *entry;

	while (dir && (entry = readdir(dir)) && count < 256)
		if (entry->d_name[0] != '.')
			fds[count++] = atoi(entry->d_name);
	qsort(fds, (size_t)count, sizeof(fds[0]), compare);
	for (int i = 0; i < count; i++)
		printf("  fd %d flags %d\n", fds[i], fcntl(fds[i], F_GETFD));
	if (dir)
		closedir(dir);
	int next = open("/dev/null", O_RDONLY);
	printf("  next fd %d\n", next);
	close(next);
}

static void show_signals(void)
{
	sigset_t mask;
	struct sigaction action;
	stack_t alternate;

	sigemptyset(&mask);
	pthread_sigmask(SIG_BLOCK, NULL, &mask);
	for (int i = 1; i <= 64; i++) {
		if (sigismember(&mask, i) == 1)
			printf("  signal %d is blocked\n", i);
		if (sigaction(i, NULL, &action) == 0 && action.sa_handler != SIG_DFL)
			printf("  signal %d is handled, flags %x\n", i, (unsigned)action.sa_flags);
	}
	sigpending(&mask);
	for (int i = 1; i <= 64; i++)
		if (sigismember(&mask, i) == 1)
			printf("  signal %d is pending\n", i);
	sigaltstack(NULL, &alternate);
	printf("  alternate stack flags %d size %zu\n", alternate.ss_flags, alternate.ss_size);
}

static void show_limits(void)
{
	struct rlimit limit;

	for (int i = 0; i < RLIM_NLIMITS; i++)
		if (getrlimit(i, &limit) == 0)
			printf("  limit %d: %llx %llx\n", i, (unsigned long long)limit.rlim_cur,
			       (unsigned long long)limit.rlim_max);
	mode_t mask = umask(0);
	umask(mask);
	printf("  umask %o priority %d policy %d dumpable %d no_new_privs %d seccomp %d\n", mask,
	       getpriority(PRIO_PROCESS, 0), sched_getscheduler(0), prctl(PR_GET_DUMPABLE, 0, 0, 0, 0),
	       prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), prctl(PR_GET_SECCOMP, 0, 0, 0, 0));
	printf("  subreaper %d pdeathsig %d timerslack %d keepcaps %d\n",
	       prctl(PR_GET_CHILD_SUBREAPER, &(int){0}, 0, 0, 0), prctl(PR_GET_PDEATHSIG, &(int){0}, 0, 0, 0),
	       prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0), prctl(PR_GET_KEEPCAPS, 0, 0, 0, 0));
}

/* What the caller of the tracer asked for itself (LD_PRELOAD, GTRACE_OUTPUT, ...) differs and is left out. */
static void show_names(void)
{
	char name[32] = "";
	int visible = 0;

	pthread_getname_np(pthread_self(), name, sizeof(name));
	for (char **at = environ; *at; at++)
		visible += strncmp(*at, "GTRACE_", 7) && strncmp(*at, "LD_PRELOAD=", 11) && strncmp(*at, "MODE=", 5) &&
			   strncmp(*at, "TRANSPARENCY_RUN=", 17);
	printf("  name %s, invocation %s, %d variables\n", name, program_invocation_short_name, visible);
}

static void show_status(void)
{
	static const char *const wanted[] = {"SigQ", "Sig", "Shd", "Cap", "Cpus_allowed", "NSpid", "Groups", "Umask"};
	char line[512];
	FILE *status = fopen("/proc/thread-self/status", "r");

	while (status && fgets(line, sizeof(line), status))
		for (size_t i = 1; i < sizeof(wanted) / sizeof(wanted[0]); i++)
			if (!strncmp(line, wanted[i], strlen(wanted[i])) && strncmp(line, "SigQ", 4) &&
			    strncmp(line, "NSpid", 5))
				printf("  %s", line);
	if (status)
		fclose(status);
}

static void show_stack(void)
{
	pthread_attr_t attributes;
	size_t stack, guard;

	if (pthread_getattr_np(pthread_self(), &attributes))
		return;
	pthread_attr_getstacksize(&attributes, &stack);
	pthread_attr_getguardsize(&attributes, &guard);
	if (getpid() != gettid()) /* the main thread's depends on addresses */
		printf("  stack %zu guard %zu\n", stack, guard);
	pthread_attr_destroy(&attributes);
}

static void show(const char *when)
{
	int status;
	int error = errno;
	pid_t child = waitpid(-1, &status, WNOHANG);

	printf("%s: errno %d, children %d errno %d\n", when, error, (int)child, errno);
	show_names();
	show_descriptors();
	show_signals();
	show_status();
	show_limits();
	show_stack();
	errno = 0;
}

static void at_end(void)
{
	puts("atexit");
}

static void *in_thread(void *arg)
{
	if (arg)
		show("in a thread");
	return arg;
}

int main(void)
{
	pthread_t threads[8];

	atexit(at_end);
	show("main");
	pthread_create(&threads[0], NULL, in_thread, "show");
	pthread_join(threads[0], NULL);
	for (int i = 0; i < 8; i++)
		pthread_create(&threads[i], NULL, in_thread, NULL);
	for (int i = 0; i < 8; i++)
		pthread_join(threads[i], NULL);
	show("after threads");
	fflush(stdout);
	pid_t child = fork();
	if (!child) {
		show("in a child");
		pthread_create(&threads[0], NULL, in_thread, "show");
		pthread_join(threads[0], NULL);
		exit(3);
	}
	int status = 0;
	waitpid(child, &status, 0);
	printf("child: %x\n", (unsigned)status);
	return 0;
}
