/* SPDX-License-Identifier: BSD-3-Clause */
/* The process ends by its own will. */
#include "endings.h"
#include "threads.h"

#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

void end_return(void)
{
}

void end_exit(void)
{
	exit(STATUS);
}

void end_exit_alone(void)
{
	exit(STATUS);
}

static void *exit_now(void *unused)
{
	say_often(page_row(), SAID);
	exit(STATUS);
	return unused;
}

void end_exit_in_thread(void)
{
	pthread_t thread;

	start(&thread, exit_now, NULL);
	for (;;)
		pause();
}

static void say_at_end(void)
{
	say_with_thread(main_row);
}

void end_atexit(void)
{
	atexit(say_at_end);
	exit(STATUS);
}

static void leave_at_end(void)
{
	say_with_thread(main_row);
	_exit(STATUS);
}

void end_exit_in_atexit(void)
{
	atexit(leave_at_end);
}

static int says_in_destructor;

static __attribute__((destructor)) void say_in_destructor(void)
{
	if (says_in_destructor)
		say_with_thread(main_row);
}

void end_destructor(void)
{
	says_in_destructor = 1;
}

/* Of a library that the program is linked to (last.c). */
extern void (*at_very_end)(void);

void end_destructor_of_library(void)
{
	at_very_end = say_at_end;
}

void end__exit(void)
{
	_exit(STATUS);
}

void end__Exit(void)
{
	_Exit(STATUS);
}

void end_exit_group(void)
{
	syscall(SYS_exit_group, STATUS);
}

void end_exit_group_bare(void)
{
	__asm__ volatile("syscall" : : "a"(SYS_exit_group), "D"(STATUS) : "rcx", "r11", "memory");
}

void end_quick_exit(void)
{
	at_quick_exit(say_at_end);
	quick_exit(STATUS);
}

static void *exit_later(void *unused)
{
	say_some(NULL);
	exit(STATUS);
	return unused;
}

void end_pthread_exit_of_main(void)
{
	pthread_t thread;

	start(&thread, exit_later, NULL);
	pthread_exit(NULL);
}

static void start_some(void)
{
	pthread_t thread;

	for (int i = 0; i < 3; i++)
		start(&thread, say_some, NULL);
}

/* The last one ends the process. */
void end_pthread_exit_of_all(void)
{
	start_some();
	pthread_exit(NULL);
}

void end_bare_exit_of_main(void)
{
	start_some();
	syscall(SYS_exit, 0);
}
