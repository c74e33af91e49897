/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Running a program under the recorder: finding the library, the environment, the child and its end.
 * For `gtrace record` only; single thread.
 */
#ifndef GT_LAUNCH_H
#define GT_LAUNCH_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * Where libgtrace.so is: GTRACE_LIB when set (and then nothing else), else beside gtrace itself, in ../lib, in
 * PREFIX/lib. Writes an absolute path; false when there is none.
 */
bool gt_launch_library(char *path, size_t size);

/* The executable that execvp() would take for `name`. False when there is none. */
bool gt_launch_program(const char *name, char *path, size_t size);

/*
 * Puts `library` in front of LD_PRELOAD unless it is in there; keeps the other entries. In front of it comes the runtime
 * of a sanitizer with which `program` (NULL: unknown) was built. False when the path can't be said there (a blank or a
 * colon in it) or memory is short.
 */
bool gt_launch_preload(const char *library, const char *program);

/*
 * Runs the command and waits for it, deaf to SIGINT and SIGQUIT meanwhile (the terminal sends them to the command
 * too); SIGTERM and SIGHUP are passed on. Returns the status for exit(): the command's own, 128 + n after
 * signal n, 127 when it was not found, 126 when it could not be run (both after a complaint). *pid is the child.
 */
int gt_launch_run(char *const argv[], pid_t *pid);

#endif
