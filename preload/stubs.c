/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The entry points that C cannot forward, in assembler: they leave by a jump, with every register and the stack
 * as the program had them.
 *
 * syscall() may carry any number: a clone or vfork that comes back twice must not find a frame of ours on the
 * stack. Only futex goes to C, by a jump; before exec, exit_group and seccomp the recorder is told, and the call
 * goes on.
 * execl and its kin take a list of any length on the stack.
 */
#include "futex.h"
#include "real.h"

#include "../shim/process.h"

#include <sys/syscall.h>

#define TEXT(x) TEXT_(x)
#define TEXT_(x) #x

#define FUNCTION(name, code)                                                                                           \
	__asm__(".pushsection .text, \"ax\", @progbits\n"                                                              \
		".globl " name "\n"                                                                                    \
		".type " name ", @function\n"                                                                          \
		".p2align 4\n" name ":\n"                                                                              \
		".cfi_startproc\n"                                                                                     \
		"endbr64\n" code ".cfi_endproc\n"                                                                      \
		".size " name ", . - " name "\n"                                                                       \
		".popsection");

/* Calls a C function of ours that takes nothing. Every register that carries an argument survives. */
#define TELL(function)                                                                                                 \
	".irp reg, rax, rdi, rsi, rdx, rcx, r8, r9\n"                                                                  \
	"push %\\reg\n"                                                                                                \
	".cfi_adjust_cfa_offset 8\n"                                                                                   \
	".endr\n"                                                                                                      \
	"call " function "\n"                                                                                          \
	".irp reg, r9, r8, rcx, rdx, rsi, rdi, rax\n"                                                                  \
	"pop %\\reg\n"                                                                                                 \
	".cfi_adjust_cfa_offset -8\n"                                                                                  \
	".endr\n"

#define EXEC_LIST(name) FUNCTION(name, TELL("gt_exec_prepare") "jmp *gt_real_" name "(%rip)\n")

EXEC_LIST("execl")
EXEC_LIST("execle")
EXEC_LIST("execlp")

FUNCTION(
	"syscall",
	"cmpq $" TEXT(
		SYS_futex) ", %rdi\n"
			   "je gt_futex_call\n"
			   "cmpq $" TEXT(
				   SYS_execve) ", %rdi\n"
					       "je 1f\n"
					       "cmpq $" TEXT(
						       SYS_execveat) ", %rdi\n"
								     "je 1f\n"
								     "cmpq $" TEXT(
									     SYS_exit_group) ", %rdi\n"
											     "je 2f\n"
											     "cmpq $" TEXT(
												     SYS_seccomp) ", %rdi\n"
														  "je 3f\n"
														  "jmp *gt_real_syscall(%rip)\n"
														  "1:\n" TELL(
															  "gt_exec_prepare") "jmp *gt_real_syscall(%rip)\n"
																	     "2:\n" TELL(
																		     "gt_process_finish") "jmp *gt_real_syscall(%rip)\n"
																					  "3:\n" TELL(
																						  "gt_process_forbid") "jmp *gt_real_syscall(%rip)\n")
