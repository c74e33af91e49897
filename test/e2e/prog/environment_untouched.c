/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The environment is as the kernel handed it over, in the same order and at the same place, also after threads ran, and
 * changes to it arrive in children.
 */
#include "check.h"
#include <pthread.h>

extern char **environ;

static int is_tracing(const char *variable)
{
	return strncmp(variable, "GTRACE_", 7) == 0 || strncmp(variable, "LD_PRELOAD=", 11) == 0;
}

static int is_of_shell(const char *variable)
{
	return strncmp(variable, "PWD=", 4) == 0 || strncmp(variable, "OLDPWD=", 7) == 0 ||
	       strncmp(variable, "_=", 2) == 0;
}

static void compare(const char *when, char **given)
{
	static char kernel[1 << 20];
	int fd = open("/proc/self/environ", O_RDONLY), count = 0, others = 0;
	long len = 0, n;
	char *at = kernel;

	while ((n = read(fd, kernel + len, sizeof(kernel) - (size_t)len)) > 0)
		len += n;
	close(fd);
	CHECK(environ == given && len < (long)sizeof(kernel));
	for (char **variable = environ; *variable; variable++) {
		CHECK(strcmp(*variable, at) == 0 && (char *)*variable > (char *)environ);
		at += strlen(at) + 1;
		count++;
		others += !is_tracing(*variable) && !is_of_shell(*variable);
	}
	CHECK(at == kernel + len && getenv("PATH"));
	printf("%s: the kernel's; %d variables of others\n", when, others);
}

static void *nothing(void *arg)
{
	usleep(2000);
	return arg;
}

int main(int argc, char **argv, char **envp)
{
	pthread_t thread;
	int status;

	(void)argc;
	(void)argv;
	compare("at the start", envp);
	CHECK(pthread_create(&thread, NULL, nothing, NULL) == 0 && pthread_join(thread, NULL) == 0);
	compare("after threads", envp);
	CHECK(setenv("ADDED", "value", 1) == 0 && unsetenv("HOME") == 0 && putenv((char *)"PUT=put") == 0);
	CHECK(strcmp(getenv("ADDED"), "value") == 0 && !getenv("HOME"));
	status = system("[ \"$ADDED\" = value ] && [ \"$PUT\" = put ] && [ -z \"$HOME\" ]");
	printf("a child sees changes: %d\n", status == 0);
	CHECK(clearenv() == 0 && !getenv("ADDED") && usleep(1) == 0);
	return 0;
}
