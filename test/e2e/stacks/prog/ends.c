/* SPDX-License-Identifier: BSD-3-Clause */
/* Calls at the end of a function, and functions whose unwind tables are unusual or missing. */
#include "point.h"

typedef void waiter(const char *name);

static FRAME void wait_above(const char *name)
{
	WAIT(name);
	GO_ON_AFTER();
}

static FRAME void tail_call(const char *name)
{
	wait_above(name);
}

static FRAME int waits_last(const char *name)
{
	about_to_wait(name);
	return sem_wait(&point_sem);
}

static void after_tail_call(const char *name)
{
	tail_call(name);
	GO_ON_AFTER();
}

static void after_last_wait(const char *name)
{
	waits_last(name);
	GO_ON_AFTER();
}

static FRAME __attribute__((noreturn)) void never_returns(const char *name)
{
	WAIT(name);
	pthread_exit(NULL);
}

static FRAME void ends_with_call(const char *name)
{
	IN_MEMORY(name);
	never_returns(name);
}

static void no_return(const char *name)
{
	ends_with_call(name);
}

/* Like ends_with_call(), and behind it is code without unwind tables. */
void ends_with_call_asm(waiter *call, const char *name);
__asm__(".pushsection .text\n"
	".type ends_with_call_asm, @function\n"
	"ends_with_call_asm:\n"
	".cfi_startproc\n"
	"sub $24, %rsp\n"
	".cfi_adjust_cfa_offset 24\n"
	"mov %rdi, %rax\n"
	"mov %rsi, %rdi\n"
	"call *%rax\n"
	".cfi_endproc\n"
	".size ends_with_call_asm, . - ends_with_call_asm\n"
	".fill 64, 1, 0xcc\n"
	".popsection");

static void no_return_asm(const char *name)
{
	ends_with_call_asm(never_returns, name);
}

static FRAME void recur(const char *name, int depth)
{
	if (depth == 0)
		WAIT(name);
	else
		recur(name, depth - 1);
	GO_ON_AFTER();
}

static void recursion(const char *name)
{
	recur(name, 1000);
	GO_ON_AFTER();
}

/* Without tables, and rbp is no frame pointer. */
void blind_asm(waiter *call, const char *name);
__asm__(".pushsection .text\n"
	".type blind_asm, @function\n"
	"blind_asm:\n"
	"push %rbp\n"
	"mov $0x123456789, %rbp\n"
	"sub $32, %rsp\n"
	"mov %rdi, %rax\n"
	"mov %rsi, %rdi\n"
	"call *%rax\n"
	"add $32, %rsp\n"
	"pop %rbp\n"
	"ret\n"
	".size blind_asm, . - blind_asm\n"
	".popsection");

/* With tables, but the frame is found by another register than rsp and rbp: no compiler does that. */
void blind_register(waiter *call, const char *name);
__asm__(".pushsection .text\n"
	".type blind_register, @function\n"
	"blind_register:\n"
	".cfi_startproc\n"
	"push %r12\n"
	".cfi_def_cfa_offset 16\n"
	".cfi_offset %r12, -16\n"
	"mov %rsp, %r12\n"
	".cfi_def_cfa %r12, 16\n"
	"sub $200, %rsp\n"
	"and $-64, %rsp\n"
	"mov %rdi, %rax\n"
	"mov %rsi, %rdi\n"
	"call *%rax\n"
	"mov %r12, %rsp\n"
	".cfi_def_cfa %rsp, 16\n"
	"pop %r12\n"
	".cfi_def_cfa_offset 8\n"
	"ret\n"
	".cfi_endproc\n"
	".size blind_register, . - blind_register\n"
	".popsection");

/* The frame is found by an expression: CFA = *(rsp + 8) + 16. */
void cfa_by_expression(waiter *call, const char *name);
__asm__(".pushsection .text\n"
	".type cfa_by_expression, @function\n"
	"cfa_by_expression:\n"
	".cfi_startproc\n"
	"push %rbp\n"
	".cfi_def_cfa_offset 16\n"
	".cfi_offset %rbp, -16\n"
	"mov %rsp, %rax\n"
	"sub $80, %rsp\n"
	".cfi_adjust_cfa_offset 80\n"
	"mov %rax, 8(%rsp)\n"
	".cfi_escape 0x0f, 5, 0x77, 8, 0x06, 0x23, 16\n"
	"xor %ebp, %ebp\n"
	"mov %rdi, %rax\n"
	"mov %rsi, %rdi\n"
	"call *%rax\n"
	"add $80, %rsp\n"
	".cfi_def_cfa %rsp, 16\n"
	"pop %rbp\n"
	".cfi_restore %rbp\n"
	".cfi_def_cfa_offset 8\n"
	"ret\n"
	".cfi_endproc\n"
	".size cfa_by_expression, . - cfa_by_expression\n"
	".popsection");

void blind_object(waiter *call, const char *name); /* ends.part.c */

static void without_tables_asm(const char *name)
{
	blind_asm(wait_above, name);
	GO_ON_AFTER();
}

static void without_tables(const char *name)
{
	blind_object(wait_above, name);
	GO_ON_AFTER();
}

static void by_register(const char *name)
{
	blind_register(wait_above, name);
	GO_ON_AFTER();
}

static void by_expression(const char *name)
{
	cfa_by_expression(wait_above, name);
	GO_ON_AFTER();
}

static const struct point points[] = {
	{"tail/call", after_tail_call},   {"tail/wait", after_last_wait},  {"noreturn/c", no_return},
	{"noreturn/asm", no_return_asm},  {"deep/recursion", recursion},   {"blind/asm", without_tables_asm},
	{"blind/object", without_tables}, {"blind/register", by_register}, {"cfa/expression", by_expression},
};

int main(void)
{
	POINTS_RUN(points);
	return 0;
}
