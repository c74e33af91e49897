/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The real functions behind the wrappers: one pointer a row, gt_real_<name>, never NULL.
 *
 * Until they are resolved the pointers lead to a stub that resolves all of them and goes on, so a wrapper may
 * call through its pointer at any time after the library's relocation, and tests nothing.
 */
#ifndef GT_REAL_H
#define GT_REAL_H

#include "walk.h"

#include <aio.h>
#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <mqueue.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <pwd.h>
#include <semaphore.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/msg.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <termios.h>
#include <threads.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

typedef void *(*gt_start_routine)(void *);
typedef void (*gt_once_routine)(void);
typedef int (*gt_dir_filter)(const struct dirent *);
typedef int (*gt_dir_compare)(const struct dirent **, const struct dirent **);

#pragma GCC visibility push(hidden)

#define WRAP(shape, failure, type, name, version, need, how, cancel, waits, args)                                      \
	extern type (*gt_real_##name)(GT_PARAMS(args));
#define STUB(failure, name, version, need, waits) extern long (*gt_real_##name)(long, ...);
#define USED(failure, type, name, version, need, why, args) extern type (*gt_real_##name)(GT_PARAMS(args));
#include "wrappers.def"

/*
 * Resolves every pointer. May run more than once, also at the same time in several threads: each run stores the
 * same addresses. Takes the loader's lock; the loader allocates only for symbols that are missing, after all
 * others are in place.
 */
void gt_real_resolve(void);

/* libc's own function, whoever stands in front of it, or NULL: for what must not look like the program's doing. */
void *gt_real_libc(const char *name, const char *version);

/* What a library of the program has under this name, or NULL; then the loader has allocated. */
void *gt_real_next(const char *name);

#pragma GCC visibility pop

#endif
