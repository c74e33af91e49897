/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A library that annotates, linked to a program that does not know of it.
 */
#include "check.h"

int library_works(int depth);

int main(void)
{
	CHECK(library_works(3) == 3);
	puts("worked");
	return 0;
}
