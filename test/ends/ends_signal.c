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
