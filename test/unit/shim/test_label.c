/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The table of labels: one string for each name of a generation, and a full table is counted.
 */
#include "shim/label.h"
#include "shim/sched.h"
#include "shim/thread.h"
#include "test/lib/record.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>

static const char *text_of(gt_label_string_t string, uint32_t gen)
{
	for (uint32_t i = 0; i < GT_LABELS_MAX; i++) {
		gt_label_string_t seen;
		const char *name = gt_label_at(i, gen, &seen);

		if (name && seen.v == string.v)
			return name;
	}
	return "";
}

Test(label, one_string_per_name_in_each_generation)
{
	gt_label_string_t one = gt_label_of("worker-1", 3);

	cr_assert_neq(one.v, 0);
	cr_assert_eq(gt_label_of("worker-1", 3).v, one.v);
	cr_assert_str_eq(text_of(one, 4), "");
	cr_assert_eq(gt_label_of("worker-1", 4).v, one.v);
	cr_assert_neq(gt_label_of("worker-2", 4).v, one.v);
	cr_assert_neq(gt_label_of("worker-", 4).v, one.v);
	cr_assert_str_eq(text_of(one, 3), "worker-1");
	cr_assert_str_eq(text_of(one, 4), "worker-1");
	gt_labels_forget(3);
	cr_assert_str_eq(text_of(one, 3), "");
	cr_assert_str_eq(text_of(one, 4), "worker-1");
	cr_assert_eq(gt_label_of("", 3).v, 0);
}

Test(label, fifteen_bytes_count)
{
	gt_label_string_t cut = gt_label_of("0123456789abcdef", 1);

	cr_assert_eq(gt_label_of("0123456789abcdeX", 1).v, cut.v);
	cr_assert_str_eq(text_of(cut, 1), "0123456789abcde");
}

Test(label, a_full_table_is_counted)
{
	int lost = 0;

	for (int i = 0; i < 2 * GT_LABELS_MAX; i++) {
		char name[GT_LABEL_LEN];

		snprintf(name, sizeof(name), "t%d", i);
		lost += gt_label_of(name, 1).v == 0;
	}
	cr_assert_geq(lost, GT_LABELS_MAX);
	cr_assert_eq(atomic_load(&gt_drops[GT_DROP_STRINGS]), lost);
}

static void *name_all(void *strings)
{
	for (int i = 0; i < 500; i++) {
		char name[GT_LABEL_LEN];

		snprintf(name, sizeof(name), "t%d", i);
		((gt_label_string_t *)strings)[i] = gt_label_of(name, 1);
	}
	return NULL;
}

/* Two that add a name at a time may each have a row; both have the text. */
Test(label, threads_meet_in_the_table)
{
	static gt_label_string_t seen[2][500];
	pthread_t thread[2];

	for (int i = 0; i < 2; i++)
		cr_assert_eq(pthread_create(&thread[i], NULL, name_all, seen[i]), 0);
	for (int i = 0; i < 2; i++)
		pthread_join(thread[i], NULL);
	for (int i = 0; i < 1000; i++) {
		char name[GT_LABEL_LEN];

		snprintf(name, sizeof(name), "t%d", i / 2);
		if (seen[i % 2][i / 2].v)
			cr_assert_str_eq(text_of(seen[i % 2][i / 2], 1), name);
	}
}

/* The empty name takes the label away. What the kernel knows from elsewhere is a fact alone. */
Test(label, a_thread_that_names_itself_is_labelled, .fini = gt_rec_clean)
{
	struct gt_rec_trace *t;
	const struct gt_rec_event *ev;
	gt_label_string_t string;

	gt_rec_start(NULL);
	gt_thread_name("worker-1");
	string = gt_label_of("worker-1", 1);
	gt_thread_name("");
	t = gt_rec_finish();
	cr_assert_eq(gt_rec_count(t, 1, GT_EV_GoLabel, GT_REC_ANY), 2);
	ev = gt_rec_find(t, 1, GT_EV_GoLabel, GT_REC_ANY);
	cr_assert_eq(ev->args[0], string.v);
	cr_assert_eq(gt_rec_after(t, ev, GT_EV_GoLabel, GT_REC_ANY)->args[0], 0);
	cr_assert_not_null(gt_rec_fact(t, NULL, GT_FACT_ThreadName));
}
