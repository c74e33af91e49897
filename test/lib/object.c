/* SPDX-License-Identifier: BSD-3-Clause */
#include "object.h"

#include "shim/function.h"

#include <criterion/criterion.h>
#include <dlfcn.h>

#define FUNCTION(name, body)                                                                                           \
	__asm__(".text\n.globl " #name "\n.hidden " #name "\n.type " #name ", @function\n" #name                       \
		":\n.cfi_startproc\n" body "ret\n.cfi_endproc\n.size " #name ", . - " #name "\n");

FUNCTION(gt_cxx_deletes_32, "mov $0x20, %esi\nnop\n")
FUNCTION(gt_cxx_deletes, "nop\n")
FUNCTION(gt_cxx_deletes_twice, "mov $0x18, %esi\nmov $0x20, %esi\n")
FUNCTION(gt_callee_one, "nop\n")
FUNCTION(gt_callee_two, "nop\n")
FUNCTION(gt_callee_run, "nop\n")

uintptr_t gt_cxx_address(const struct gt_cxx_table *table)
{
	return (uintptr_t)&table->destructor;
}

void gt_find_functions(void)
{
	gt_find_object_fn *find = (gt_find_object_fn *)dlsym(RTLD_DEFAULT, "_dl_find_object");

	if (!find)
		cr_skip("this libc has no _dl_find_object()");
	gt_function_source(find);
}
