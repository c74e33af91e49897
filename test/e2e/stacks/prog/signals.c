/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Waits inside signal handlers. What is interrupted is an instruction of two bytes, that raises the signal (ud2) or spins
 * for good (jmp to itself), so that gdb sees the program at the same place; handlers skip it.
 */
#include "point.h"

#include <signal.h>
#include <sys/time.h>
#include <ucontext.h>

static const char *chosen;

static void skip_instruction(void *context)
{
	((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP] += 2;
}

static FRAME void wait_in_handler(void)
{
	WAIT(chosen);
	GO_ON_AFTER();
}

static void handler(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)info;
	wait_in_handler();
	skip_instruction(context);
}

static void raised(int signal)
{
	(void)signal;
	wait_in_handler();
	GO_ON_AFTER();
}

static void handle(int signal, void (*with)(int, siginfo_t *, void *), int flags)
{
	struct sigaction action = {.sa_flags = SA_SIGINFO | flags};

	action.sa_sigaction = with;
	CHECK(sigaction(signal, &action, NULL) == 0);
}

/* Each returns its argument when nothing that it keeps on the stack was touched. */
long first_instruction(long value), after_push(long value), after_pop(long value), red_zone(long value),
	spins(long value);
__asm__(".pushsection .text\n"
	".type first_instruction, @function\n"
	"first_instruction:\n"
	".cfi_startproc\n"
	"ud2\n"
	"mov %rdi, %rax\n"
	"ret\n"
	".cfi_endproc\n"
	".size first_instruction, . - first_instruction\n"

	".type after_push, @function\n"
	"after_push:\n"
	".cfi_startproc\n"
	"push %rbp\n"
	".cfi_def_cfa_offset 16\n"
	".cfi_offset %rbp, -16\n"
	"ud2\n"
	"mov %rsp, %rbp\n"
	".cfi_def_cfa_register %rbp\n"
	"mov %rdi, %rax\n"
	"pop %rbp\n"
	".cfi_def_cfa %rsp, 8\n"
	"ret\n"
	".cfi_endproc\n"
	".size after_push, . - after_push\n"

	".type after_pop, @function\n"
	"after_pop:\n"
	".cfi_startproc\n"
	"push %rbp\n"
	".cfi_def_cfa_offset 16\n"
	".cfi_offset %rbp, -16\n"
	"mov %rsp, %rbp\n"
	".cfi_def_cfa_register %rbp\n"
	"mov %rdi, %rax\n"
	"pop %rbp\n"
	".cfi_restore %rbp\n"
	".cfi_def_cfa %rsp, 8\n"
	"ud2\n"
	"ret\n"
	".cfi_endproc\n"
	".size after_pop, . - after_pop\n"

	".type red_zone, @function\n"
	"red_zone:\n"
	".cfi_startproc\n"
	"mov %rdi, -8(%rsp)\n"
	"mov %rdi, -128(%rsp)\n"
	"ud2\n"
	"mov -8(%rsp), %rax\n"
	"cmp %rax, -128(%rsp)\n"
	"je 1f\n"
	"xor %eax, %eax\n"
	"1: ret\n"
	".cfi_endproc\n"
	".size red_zone, . - red_zone\n"

	".type spins, @function\n"
	"spins:\n"
	".cfi_startproc\n"
	"1: jmp 1b\n"
	"mov %rdi, %rax\n"
	"ret\n"
	".cfi_endproc\n"
	".size spins, . - spins\n"
	".popsection");

static FRAME void interrupted(const char *name, long (*function)(long))
{
	volatile long kept = 12345;

	chosen = name;
	CHECK(function(kept) == kept);
}

static void at_first(const char *name)
{
	handle(SIGILL, handler, 0);
	interrupted(name, first_instruction);
}

static void in_prologue(const char *name)
{
	handle(SIGILL, handler, 0);
	interrupted(name, after_push);
}

static void in_epilogue(const char *name)
{
	handle(SIGILL, handler, 0);
	interrupted(name, after_pop);
}

static void in_red_zone(const char *name)
{
	handle(SIGILL, handler, 0);
	interrupted(name, red_zone);
}

static void on_alternate_stack(const char *name)
{
	stack_t stack = {.ss_size = 65536}, none = {.ss_flags = SS_DISABLE};

	CHECK((stack.ss_sp = malloc(stack.ss_size)) && sigaltstack(&stack, NULL) == 0);
	handle(SIGILL, handler, SA_ONSTACK);
	interrupted(name, red_zone);
	CHECK(sigaltstack(&none, NULL) == 0);
	free(stack.ss_sp);
}

static void nesting(int signal, siginfo_t *info, void *context)
{
	(void)info;
	handle(signal, handler, 0);
	CHECK(after_push(1) == 1);
	skip_instruction(context);
}

static void nested(const char *name)
{
	handle(SIGILL, nesting, SA_NODEFER);
	interrupted(name, red_zone);
}

static void by_raise(const char *name)
{
	chosen = name;
	CHECK(signal(SIGUSR1, raised) != SIG_ERR && raise(SIGUSR1) == 0);
	GO_ON_AFTER();
}

/* Only this thread takes the signal of the timer. */
static void by_timer(const char *name)
{
	struct itimerval soon = {.it_value = {0, 3000}};
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	CHECK(pthread_sigmask(SIG_UNBLOCK, &set, NULL) == 0);
	handle(SIGALRM, handler, 0);
	CHECK(setitimer(ITIMER_REAL, &soon, NULL) == 0);
	interrupted(name, spins);
}

static const struct point points[] = {
	{"signal/first", at_first},
	{"signal/prologue", in_prologue},
	{"signal/epilogue", in_epilogue},
	{"signal/red_zone", in_red_zone},
	{"signal/altstack", on_alternate_stack},
	{"signal/nested", nested},
	{"signal/raise", by_raise},
	{"signal/timer", by_timer},
};

int main(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	CHECK(pthread_sigmask(SIG_BLOCK, &set, NULL) == 0);
	POINTS_RUN(points);
	return 0;
}
