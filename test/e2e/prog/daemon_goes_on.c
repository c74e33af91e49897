/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A process calls daemon() and goes on as another one, with a thread: three processes, each with a trace of its own.
 * The daemon tells the first process through a pipe what it did.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void *work(void *arg)
{
	usleep(1000);
	return arg;
}

static void become_daemon(int report)
{
	pid_t before = getpid();
	pthread_t thread;
	int error;

	usleep(1000);
	if (daemon(1, 1))
		_exit(1);
	for (int i = 0; i < 5000 && getppid() == before; i++)
		usleep(1000); /* its trace takes a moment */
	error = pthread_create(&thread, NULL, work, NULL) || pthread_join(thread, NULL);
	dprintf(report, "another process: %d, thread %d, parent gone: %d\n", getpid() != before, error,
		getppid() != before);
	exit(0);
}

int main(void)
{
	char line[100];
	int ends[2], status = -1;
	ssize_t length;
	pid_t child;

	if (pipe(ends))
		return 1;
	child = fork();
	if (child == 0)
		become_daemon(ends[1]);
	close(ends[1]);
	waitpid(child, &status, 0);
	printf("parent of the daemon: %d\n", status);
	length = read(ends[0], line, sizeof(line));
	fwrite(line, 1, length > 0 ? (size_t)length : 0, stdout);
	/* the daemon's end of the pipe closes when it is over, its trace complete */
	return read(ends[0], line, sizeof(line)) != 0;
}
