/* SPDX-License-Identifier: BSD-3-Clause */
/* A library that the program is linked to: its destructor is among the last. */
void (*at_very_end)(void);

static __attribute__((destructor)) void finish(void)
{
	if (at_very_end)
		at_very_end();
}
