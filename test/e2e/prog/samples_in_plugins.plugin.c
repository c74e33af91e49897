/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SIZE
#define SIZE 24
#endif

int burn_below(int depth);

/* Returns `depth`. */
__attribute__((noinline)) int burn_below(int depth)
{
	volatile char bytes[SIZE];
	int below = 0;

	for (int i = 0; i < (depth ? 100 : 5000000); i++)
		bytes[i % SIZE] = (char)i;
	if (depth > 0)
		below = burn_below(depth - 1) + 1;
	__asm__ volatile("" ::"r"(bytes) : "memory");
	return below;
}
