/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The library's own beginning and end.
 *
 * Linked with -z initfirst, so the constructor runs before those of all other libraries; the environment is
 * taken from its arguments, since environ is not set yet. The end frees nothing of the library: threads call wrappers after it.
 */
#include "boehm.h"
#include "take.h"
#include "wrap.h"
#include "wrap_alloc.h"

#include "../shim/context.h"
#include "../shim/process.h"
#include "../shim/process_state.h"

#include <sys/auxv.h>

static struct gt_libc libc;

static void finish(void *unused)
{
	(void)unused;
	gt_process_finish();
}

/*
 * What is registered first is called last: libc registers the dynamic linker's work, which calls all destructors, after us.
 * A destructor of ours would come in the middle of the others. A sanitizer's function of the same name is not ready yet.
 */
static void ask_for_last_word(void)
{
	int (*at_exit)(void (*)(void *), void *, void *);
	int (*at_quick_exit)(void (*)(void *), void *);

	at_exit = (int (*)(void (*)(void *), void *, void *))gt_real_libc("__cxa_atexit", "GLIBC_2.2.5");
	at_quick_exit = (int (*)(void (*)(void *), void *))gt_real_libc("__cxa_at_quick_exit", "GLIBC_2.10");
	if (at_exit)
		at_exit(finish, NULL, NULL);
	if (at_quick_exit)
		at_quick_exit(finish, NULL);
}

static __attribute__((constructor)) void start(int argc, char *argv[], char *envp[])
{
	gt_real_resolve();
	libc = (struct gt_libc){
		.pthread_create = (int (*)(pthread_t *, const pthread_attr_t *, gt_start_routine, void *))gt_real_libc(
			"pthread_create", "GLIBC_2.2.5"),
		.pthread_setcanceltype = gt_real_pthread_setcanceltype,
		.pthread_sigmask =
			(int (*)(int, const sigset_t *, sigset_t *))gt_real_libc("pthread_sigmask", "GLIBC_2.2.5"),
		.clock_gettime = gt_vdso_clock_gettime(envp),
		.tid = gt_real_libc("_thread_db_pthread_tid", "GLIBC_PRIVATE"),
		.is_secure = getauxval(AT_SECURE),
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
	ask_for_last_word();
	gt_process_start(&libc, argc, argv, envp);
	gt_take_start();
	gt_alloc_start();
	if (gt_process_may_record())
		gt_boehm_start();
}
