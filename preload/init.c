/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The library's own beginning and end.
 *
 * Linked with -z initfirst, so the constructor runs before those of all other libraries; the environment is
 * taken from its arguments, since environ is not set yet. The destructor frees nothing: other libraries and
 * threads call wrappers after it.
 */
#include "boehm.h"
#include "wrap.h"
#include "wrap_alloc.h"

#include "../shim/context.h"
#include "../shim/process.h"
#include "../shim/process_state.h"

#include <sys/auxv.h>

static struct gt_libc libc;

static __attribute__((constructor)) void start(int argc, char *argv[], char *envp[])
{
	gt_real_resolve();
	libc = (struct gt_libc){
		.pthread_create = (int (*)(pthread_t *, const pthread_attr_t *, gt_start_routine, void *))gt_real_libc(
			"pthread_create", "GLIBC_2.2.5"),
		.pthread_sigmask =
			(int (*)(int, const sigset_t *, sigset_t *))gt_real_libc("pthread_sigmask", "GLIBC_2.2.5"),
		.clock_gettime = gt_vdso_clock_gettime(envp),
		.find_object = (gt_find_object_fn *)gt_real_libc("_dl_find_object", "GLIBC_2.35"),
		.starts = {.thread = {(const void *)gt_run_thread, (const void *)gt_run_c11_thread},
			   .own = (const void *)gt_run_thread,
			   .libc = (const void *)gt_real_pthread_create,
			   .program = (const void *)getauxval(AT_PHDR),
			   .libc_start = gt_real_libc("__libc_start_main", "GLIBC_2.34"),
			   .context = {gt_context_start(
					       (gt_makecontext_fn *)gt_real_libc("makecontext", "GLIBC_2.2.5")),
				       gt_context_end()}},
	};
	gt_process_start(&libc, argc, argv, envp);
	gt_alloc_start();
	if (gt_process_may_record())
		gt_boehm_start();
}

static __attribute__((destructor)) void finish(void)
{
	gt_process_finish();
}
