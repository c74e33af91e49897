/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What takes a printf format, whose arguments may be floating point: the only code of ours that is compiled with vector
 * registers, since they carry such arguments.
 */
#include "wrap.h"

#include "annotations.h"

#include "../shim/notes.h"

GT_EXPORT void gt_wrap_syslog(int priority, const char *format, ...) __asm__("syslog");
GT_EXPORT void gt_wrap___syslog_chk(int priority, int flag, const char *format, ...) __asm__("__syslog_chk");

void gt_wrap_syslog(int priority, const char *format, ...)
{
	struct gt_op op GT_CLOSED_BY(gt_op_end);
	va_list list;

	gt_syscall_begin(&op, GT_CALL_syslog, -1, GT_CALLER);
	va_start(list, format);
	gt_real_vsyslog(priority, format, list);
	va_end(list);
}

void gt_wrap___syslog_chk(int priority, int flag, const char *format, ...)
{
	struct gt_op op GT_CLOSED_BY(gt_op_end);
	va_list list;

	gt_syscall_begin(&op, GT_CALL_syslog, -1, GT_CALLER);
	va_start(list, format);
	gt_real___vsyslog_chk(priority, flag, format, list);
	va_end(list);
}

/*
 * gtrace_logf() while something is recorded (stubs.c). What does not fit would not be kept either; one byte more shows that
 * there is more.
 */
void gt_logf(uint64_t task, const char *category, const char *format, ...);
void gt_logf(uint64_t task, const char *category, const char *format, ...)
{
	char text[GT_MAX_STRING + 2];
	int error = errno;
	va_list list;
	int len;

	va_start(list, format);
	len = format ? vsnprintf(text, sizeof(text), format, list) : -1;
	va_end(list);
	errno = error;
	gt_log(task, category, len < 0 ? NULL : text, GT_CALLER);
}
