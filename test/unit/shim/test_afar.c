/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Rules that are made of copies are those that are made where the code is; what is unloaded has none.
 */
#include "shim/afar.h"

#include <criterion/criterion.h>
#include <dlfcn.h>
#include <link.h>
#include <pthread.h>
#include <string.h>

static struct gt_rules_work near_work, afar_work;
static int compared, different;

static void start(void)
{
	struct gt_starts starts = {.libc = (const void *)pthread_create};

	cr_assert(gt_rules_start(_dl_find_object, &starts));
	gt_function_source(_dl_find_object);
	gt_rules_begin(&near_work);
	gt_rules_begin(&afar_work);
	gt_afar_begin();
}

static bool is_same(struct gt_rule a, struct gt_rule b)
{
	a.module = b.module = 0;
	return memcmp(&a, &b, sizeof(a)) == 0;
}

static int visit(struct dl_phdr_info *info, size_t size, void *arg)
{
	(void)size;
	(void)arg;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		uint64_t at = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr, end = at + info->dlpi_phdr[i].p_memsz;

		if (info->dlpi_phdr[i].p_type != PT_LOAD || !(info->dlpi_phdr[i].p_flags & PF_X))
			continue;
		for (; at < end; at += 1021) {
			struct gt_rule near_rule = *gt_rule_of(at, &near_work);

			compared++;
			different += !is_same(near_rule, *gt_rule_afar(at, &afar_work));
		}
	}
	return 0;
}

Test(afar, all_that_is_loaded_has_the_same_rules)
{
	start();
	dl_iterate_phdr(visit, NULL);
	cr_assert_gt(compared, 1000);
	cr_assert_eq(different, 0, "%d of %d", different, compared);
}

Test(afar, code_that_is_unloaded_has_none)
{
	void *library, *function;
	uint32_t changes;

	start();
	library = dlopen("libthread_db.so.1", RTLD_LAZY);
	if (!library)
		cr_skip_test("no library to load");
	function = dlsym(library, "td_init");
	changes = gt_rules_changes();
	cr_assert_eq(gt_rule_afar((uint64_t)function, &afar_work)->kind, GT_RULE_FRAME);
	cr_assert_eq(gt_rules_changes(), changes + 1);
	gt_afar_begin();
	cr_assert_eq(gt_rule_afar((uint64_t)function, &afar_work)->kind, GT_RULE_FRAME);
	cr_assert_eq(gt_rules_changes(), changes + 1, "it is the same still");
	dlclose(library);
	gt_afar_begin();
	cr_assert_eq(gt_rule_afar((uint64_t)function, &afar_work)->kind, GT_RULE_NONE);
	cr_assert_eq(gt_rule_afar(0x1000, &afar_work)->kind, GT_RULE_NONE);
}
