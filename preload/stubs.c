/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The entry points that C cannot forward, in assembler: they leave by a jump, with every register and the stack
 * as the program had them.
 *
 * syscall() may carry any number: a clone or vfork that comes back twice must not find a frame of ours on the
 * stack. Only the numbers that are recorded go to C, by a jump; clone itself is announced before it goes on.
 */
#include "real.h"
#include "syscalls.h"

#include "../shim/gate.h"
#include "../shim/process.h"

#include <stddef.h>
#include <sys/syscall.h>

/* clang-format off */
#define TEXT(x) TEXT_(x)
#define TEXT_(x) #x

#define FUNCTION(name, code)                             \
	__asm__(".pushsection .text, \"ax\", @progbits\n" \
		".globl " name "\n"                      \
		".type " name ", @function\n"            \
		".p2align 4\n"                           \
		name ":\n"                               \
		".cfi_startproc\n"                       \
		"endbr64\n" code                         \
		".cfi_endproc\n"                         \
		".size " name ", . - " name "\n"         \
		".popsection");

/*
 * Calls a C function of ours with the program's first three arguments. Every register that carries an argument survives.
 * The second one gives the place that it was called from for the third argument.
 */
#define TELL(function) TELL_(function, "")
#define TELL_PLACE(function) TELL_(function, "movq 56(%rsp), %rdx\n")
#define TELL_(function, more)                          \
	".irp reg, rax, rdi, rsi, rdx, rcx, r8, r9\n" \
	"push %\\reg\n"                               \
	".cfi_adjust_cfa_offset 8\n"                  \
	".endr\n" more                                \
	"call " function "\n"                         \
	".irp reg, r9, r8, rcx, rdx, rsi, rdi, rax\n" \
	"pop %\\reg\n"                                \
	".cfi_adjust_cfa_offset -8\n"                 \
	".endr\n"

FUNCTION("makecontext", TELL_PLACE("gt_before_makecontext") "jmp *gt_real_makecontext(%rip)\n")

FUNCTION("clone", TELL("gt_before_clone") "jmp *gt_real_clone(%rip)\n")
FUNCTION("__clone", TELL("gt_before_clone") "jmp *gt_real___clone(%rip)\n")

FUNCTION("syscall",
	 "cmpq $" TEXT(SYS_clone) ", %rdi\n"
	 "je 2f\n"
	 "cmpq $" TEXT(GT_SYSCALL_LAST) ", %rdi\n"
	 "ja 1f\n"
	 "leaq gt_syscalls_recorded(%rip), %r11\n"
	 "cmpb $0, (%r11, %rdi)\n"
	 "jne gt_syscall_call\n"
	 "1:\n"
	 "jmp *gt_real_syscall(%rip)\n"
	 "2:\n" TELL("gt_before_clone_call") "jmp *gt_real_syscall(%rip)\n")

/* As gt_annotation_is_off(). */
_Static_assert(offsetof(struct gt_gate, gen) == 0 && offsetof(struct gt_gate, alive) == 16 &&
		       offsetof(struct gt_gate, gap) == 20,
	       "gtrace_logf looks there");
FUNCTION("gtrace_logf",
	 "cmpl $0, gt_gate(%rip)\n"
	 "jne gt_logf\n"
	 "cmpl $0, gt_gate + 16(%rip)\n"
	 "je gt_logf\n"
	 "cmpl $0, gt_gate + 20(%rip)\n"
	 "jne gt_logf\n"
	 "ret\n")
