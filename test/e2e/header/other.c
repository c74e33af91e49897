/* SPDX-License-Identifier: BSD-3-Clause */
#include <gtrace.h>

#ifdef __cplusplus
extern "C"
#endif
	int
	other_says(void);

int other_says(void)
{
	int (*volatile by_address)(void) = gtrace_is_on;

	return by_address() ? gtrace_is_on() : 0;
}
