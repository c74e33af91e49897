/* SPDX-License-Identifier: BSD-3-Clause */
#include <unistd.h>

int wait_in_library(void);

int wait_in_library(void)
{
	return usleep(100000) == 0 ? 5 : 0;
}
