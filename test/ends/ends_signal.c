/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The process ends by a signal, or in a handler. A handler on top of the recorder: what gtrace_log() is to copy lies where
 * nothing can be read.
 */
#include "endings.h"
#include "threads.h"

#include <assert.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static struct row *handler_row;

void end_abort(void)
{
	abort();
}

static void *abort_now(void *unused)
{
	say_often(page_row(), SAID);
	abort();
	return unused;
}

void end_abort_in_thread(void)
{
	pthread_t thread;

	start(&thread, abort_now, NULL);
	for (;;)
		pause();
}

void end_assert(void)
{
	assert(!main_row);
}

void end_fault(void)
{
	*(volatile int *)8 = 0;
}

void end_fault_alone(void)
{
	*(volatile int *)8 = 0;
}

void end_sigterm(void)
{
	kill(getpid(), SIGTERM);
	for (;;)
		pause();
}

void end_sigkill(void)
{
	kill(getpid(), SIGKILL);
}

static __attribute__((noinline)) int recurse(int n)
{
	volatile char frame[4096];

	frame[0] = (char)n;
	return n < 0 ? 0 : recurse(n + 1) + frame[0];
}

void end_overflow(void)
{
	recurse(0);
}

static void handle(int signal, void (*handler)(int), int flags)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = handler;
	action.sa_flags = flags;
	handler_row = page_row();
	sigaction(signal, &action, NULL);
}

static void say_and_return(int signal)
{
	(void)signal;
	say_often(handler_row, SAID);
}

void end_abort_handled(void)
{
	handle(SIGABRT, say_and_return, 0);
	abort();
}

static void say_and_exit(int signal)
{
	(void)signal;
	say_often(handler_row, SAID);
	exit(STATUS);
}

static void say_and__exit(int signal)
{
	(void)signal;
	say_often(handler_row, SAID);
	_exit(STATUS);
}

void end_overflow_handled(void)
{
	stack_t stack = {.ss_sp = malloc(1 << 16), .ss_size = 1 << 16};

	sigaltstack(&stack, NULL);
	handle(SIGSEGV, say_and__exit, SA_ONSTACK);
	recurse(0);
}

void end_exit_in_handler(void)
{
	handle(SIGUSR1, say_and_exit, 0);
	raise(SIGUSR1);
}

void end__exit_in_handler(void)
{
	handle(SIGUSR1, say_and__exit, 0);
	raise(SIGUSR1);
}

static void say_and_abort(int signal)
{
	(void)signal;
	say_often(handler_row, SAID);
	abort();
}

/* What is done on top of a wait is counted. */
void end_exit_in_handler_of_wait(void)
{
	handle(SIGUSR1, say_and_exit, 0);
	pthread_kill(waiter, SIGUSR1);
	for (;;)
		pause();
}

/* Without the library nobody reads it: the signal comes all the same. */
static void interrupt_recorder(void)
{
	const char *unreadable = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	gtrace_log(0, "ends", unreadable);
	raise(SIGSEGV);
}

void end_exit_in_recorder(void)
{
	handle(SIGSEGV, say_and_exit, 0);
	interrupt_recorder();
}

void end__exit_in_recorder(void)
{
	handle(SIGSEGV, say_and__exit, 0);
	interrupt_recorder();
}

void end_abort_in_recorder(void)
{
	handle(SIGSEGV, say_and_abort, 0);
	interrupt_recorder();
}

static void exec_again(int signal)
{
	(void)signal;
	execv(program_again[0], program_again);
}

void end_exec_in_recorder(void)
{
	handle(SIGSEGV, exec_again, 0);
	interrupt_recorder();
}

static volatile sig_atomic_t is_inside;

/* By no call of libc, which would be counted as dropped. */
static void stay(int signal)
{
	(void)signal;
	is_inside = 1;
	for (;;)
		__asm__ volatile("syscall" : : "a"(SYS_pause) : "rcx", "r11", "memory");
}

static void *interrupt_and_stay(void *unused)
{
	interrupt_recorder();
	return unused;
}

/* Nobody can finish while a thread is in the recorder, and the process does not wait for ever. */
void end_exit_beside_recorder(void)
{
	pthread_t thread;

	handle(SIGSEGV, stay, 0);
	start(&thread, interrupt_and_stay, NULL);
	while (!is_inside)
		usleep(100);
	exit(STATUS);
}

static void leave_now(int signal)
{
	(void)signal;
	say_often(handler_row, SAID);
	_exit(STATUS);
}

/* A child that says so much that it writes to the file all the time is interrupted at any moment. */
static void leave_at_random(unsigned moment)
{
	struct itimerval timer = {.it_value.tv_usec = 1000 + 700 * moment};

	child_begins();
	say(main_row);
	handle(SIGALRM, leave_now, 0);
	setitimer(ITIMER_REAL, &timer, NULL);
	for (;;)
		say_if_on(main_row);
}

void end__exit_at_random(void)
{
	int status;

	fflush(stdout);
	for (unsigned i = 0; i < 6; i++) {
		if (fork() == 0)
			leave_at_random(i);
		wait(&status);
	}
	say_often(main_row, SAID);
}
