/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One pointer for each text.
 */
#include "decoder/intern.h"

#include "shim/format/event.h"
#include "test/lib/text.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct gt_intern texts;

static void tear_down(void)
{
	gt_intern_free(&texts);
}

TestSuite(intern, .fini = tear_down);

Test(intern, the_same_text_is_the_same_pointer)
{
	char other[] = "worker";
	const struct gt_string *worker = gt_intern(&texts, "worker", 6);

	gt_expect_string(worker, "worker");
	cr_expect_eq(gt_intern(&texts, other, 6), worker);
	cr_expect_neq(gt_intern(&texts, other, 5), worker);
	cr_expect_eq(worker->bytes[6], '\0');
}

Test(intern, the_empty_text_is_one)
{
	cr_expect_eq(gt_intern(&texts, "", 0), gt_intern(&texts, "x", 0));
	cr_expect_eq(gt_intern(&texts, "", 0)->len, 0);
}

Test(intern, long_texts_are_cut_off)
{
	char text[2 * GT_MAX_STRING];

	memset(text, 'x', sizeof(text));
	cr_expect_eq(gt_intern(&texts, text, sizeof(text))->len, GT_MAX_STRING);
	cr_expect_eq(gt_intern(&texts, text, sizeof(text)), gt_intern(&texts, text, GT_MAX_STRING));
}

Test(intern, many_stay_where_they_are)
{
	const struct gt_string *first = gt_intern(&texts, "0", 1);
	char text[16];

	for (int i = 0; i < 100000; i++)
		gt_intern(&texts, text, (size_t)snprintf(text, sizeof(text), "%d", i));
	cr_expect_eq(gt_intern(&texts, "0", 1), first);
	gt_expect_string(first, "0");
}
