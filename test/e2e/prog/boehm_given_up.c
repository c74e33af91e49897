/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Collections of the Boehm collector that are given up, before the world stops and after, then one that is not.
 *
 * Flags: -Wl,--no-as-needed -lgc
 * Needs: gc/gc.h
 */
#define GC_THREADS
#include "check.h"

#include <gc/gc.h>

static int asked, patience;

static int impatient(void)
{
	return ++asked > patience;
}

int main(void)
{
	void *kept[64];

	GC_INIT();
	for (int i = 0; i < 64; i++)
		kept[i] = GC_MALLOC(1 << 16);
	for (patience = 0; patience < 40; patience++) {
		asked = 0;
		GC_try_to_collect(impatient);
	}
	patience = 1 << 30;
	CHECK(GC_try_to_collect(impatient));
	for (int i = 0; i < 64; i++)
		CHECK(GC_base(kept[i]) == kept[i]);
	return 0;
}
