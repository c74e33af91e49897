/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Sums by text, whatever its bytes are.
 */
#include "decoder/weights.h"

#include "test/lib/text.h"

#include <criterion/criterion.h>
#include <stdio.h>

Test(weights, equal_texts_have_one_sum)
{
	struct gt_weights *w = gt_weights_new();
	uint64_t *first = gt_weights_of(w, "a long text, but not the end", 25);
	struct gt_out out;

	*first += 5;
	*gt_weights_of(w, "a long text, but not", 20) += 1;
	*gt_weights_of(w, "a long text, but another", 24) += 2;
	gt_weights_of(w, "nothing", 7);
	cr_expect_eq(gt_weights_of(w, "a long text, but not the other", 25), first);
	cr_expect_eq(*first, 5);
	gt_out_open(&out, -1);
	gt_weights_print(w, &out);
	gt_expect_text(&out, "a long text, but another 2\na long text, but not 1\na long text, but not the  5\n");
	gt_weights_free(w);
	gt_weights_free(NULL);
}

Test(weights, a_sum_stays_where_it_is)
{
	struct gt_weights *w = gt_weights_new();
	uint64_t *first = gt_weights_of(w, "", 0), all = 0;
	char text[16];

	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 10000; i++)
			*gt_weights_of(w, text, (size_t)snprintf(text, sizeof(text), "%d", i)) += (uint64_t)i;
	}
	*first = 7;
	cr_expect_eq(*gt_weights_of(w, "x", 0), 7);
	for (int i = 0; i < 10000; i++)
		all += *gt_weights_of(w, text, (size_t)snprintf(text, sizeof(text), "%d", i));
	cr_expect_eq(all, UINT64_C(2) * 9999 * 5000);
	gt_weights_free(w);
}
