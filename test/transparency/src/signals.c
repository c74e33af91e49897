/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What signals do to calls: EINTR and what is left of a sleep, SA_RESTART, sigwaitinfo, signalfd, timers that signal
 * and timers with threads, handlers on an alternate stack that take locks, signals to a chosen thread.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t handled, on_alternate;
static sem_t ticks;

static void handle(int number, siginfo_t *info, void *context)
{
	stack_t stack;

	(void)number;
	(void)info;
	(void)context;
	handled++;
	sigaltstack(NULL, &stack);
	on_alternate = stack.ss_flags == SS_ONSTACK;
	usleep(10);
	sem_post(&ticks);
}

static void install(int flags)
{
	struct sigaction action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO | flags};

	sigaction(SIGUSR1, &action, NULL);
}

static void *disturb(void *arg)
{
	usleep(20000);
	pthread_kill(*(pthread_t *)arg, SIGUSR1);
	return NULL;
}

static void interrupted(const char *what, int (*call)(void))
{
	pthread_t self = pthread_self();
	pthread_t thread;

	pthread_create(&thread, NULL, disturb, &self);
	errno = 0;
	int result = call();
	printf("%s: %d errno %d handled %d\n", what, result, errno, (int)handled);
	pthread_join(thread, NULL);
	while (sem_trywait(&ticks) == 0)
		;
}

static int channel[2];

static int call_nanosleep(void)
{
	struct timespec left = {0};
	int result = nanosleep(&(struct timespec){.tv_sec = 5}, &left);

	printf("left of five seconds: %d\n", (int)left.tv_sec);
	return result;
}

static int call_clock_nanosleep(void)
{
	return clock_nanosleep(CLOCK_MONOTONIC, 0, &(struct timespec){.tv_sec = 5}, NULL);
}

static int call_poll(void)
{
	return poll(NULL, 0, 5000);
}

static int call_read(void)
{
	char byte;

	return (int)read(channel[0], &byte, 1);
}

static int call_sem_wait(void)
{
	static sem_t never;

	return sem_wait(&never);
}

static int call_sigsuspend(void)
{
	sigset_t none;

	sigemptyset(&none);
	return sigsuspend(&none);
}

static int call_sleep(void)
{
	return (int)sleep(5);
}

static int call_usleep_restarted(void)
{
	install(SA_RESTART);
	int result = usleep(100000);

	install(0);
	return result;
}

static void *write_later(void *arg)
{
	usleep(60000);
	return write(channel[1], "x", 1) == 1 ? arg : NULL;
}

static int call_read_restarted(void)
{
	pthread_t thread;
	char byte;

	install(SA_RESTART);
	pthread_create(&thread, NULL, write_later, NULL);
	int result = (int)read(channel[0], &byte, 1);
	pthread_join(thread, NULL);
	install(0);
	return result;
}

static void waited(void)
{
	sigset_t set;
	siginfo_t info;
	struct signalfd_siginfo record;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	sigaddset(&set, SIGRTMIN);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	kill(getpid(), SIGUSR2);
	sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = 42});
	int first = sigwaitinfo(&set, &info);
	printf("sigwaitinfo %d from self %d\n", first, info.si_pid == getpid());
	int fd = signalfd(-1, &set, 0);
	long size = read(fd, &record, sizeof(record));
	printf("signalfd %ld signal %d value %d\n", size, (int)record.ssi_signo, record.ssi_int);
	int result = sigtimedwait(&set, NULL, &(struct timespec){.tv_nsec = 1000000});
	printf("sigtimedwait %d errno %d\n", result, errno);
	close(fd);
}

static void expired(union sigval value)
{
	(void)value;
	sem_post(&ticks);
}

static void timers(void)
{
	struct sigevent event = {.sigev_notify = SIGEV_THREAD, .sigev_notify_function = expired};
	struct itimerspec often = {{.tv_nsec = 2000000}, {.tv_nsec = 2000000}};
	timer_t timer;

	if (timer_create(CLOCK_MONOTONIC, &event, &timer))
		return;
	timer_settime(timer, 0, &often, NULL);
	for (int i = 0; i < 20; i++)
		sem_wait(&ticks);
	timer_delete(timer);
	puts("twenty expirations");
}

static void on_stack_of_its_own(void)
{
	stack_t stack = {.ss_sp = malloc(65536), .ss_size = 65536};

	sigaltstack(&stack, NULL);
	install(SA_ONSTACK);
	raise(SIGUSR1);
	printf("on the alternate stack: %d\n", (int)on_alternate);
}

int main(void)
{
	int status = 0;

	sem_init(&ticks, 0, 0);
	if (pipe(channel))
		return 1;
	install(0);
	interrupted("nanosleep", call_nanosleep);
	interrupted("clock_nanosleep", call_clock_nanosleep);
	interrupted("sleep", call_sleep);
	interrupted("poll", call_poll);
	interrupted("read", call_read);
	interrupted("sem_wait", call_sem_wait);
	interrupted("sigsuspend", call_sigsuspend);
	interrupted("usleep, SA_RESTART", call_usleep_restarted);
	interrupted("read, SA_RESTART", call_read_restarted);
	waited();
	timers();
	on_stack_of_its_own();
	fflush(stdout);
	pid_t child = fork();
	if (!child) {
		signal(SIGUSR1, SIG_DFL);
		raise(SIGUSR1);
	}
	int got = (int)waitpid(child, &status, 0);
	printf("child %d signalled %d by %d\n", got == child, WIFSIGNALED(status), WTERMSIG(status));
	return 0;
}
