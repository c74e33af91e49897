/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * System calls that last, in functions of their own, between calls that don't.
 */
#include "check.h"
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { CALLS = 20, MUCH = 16 << 20 };

static char *buffer;
static int zero;

static __attribute__((noinline)) void long_call(void)
{
	CHECK(read(zero, buffer, MUCH) == MUCH);
}

static __attribute__((noinline)) void calls_long(void)
{
	long_call();
	CHECK(buffer[0] == 0);
}

static __attribute__((noinline)) void calls_short(void)
{
	CHECK(read(zero, buffer, 1) == 1);
}

int main(void)
{
	zero = open("/dev/zero", O_RDONLY);
	buffer = malloc(MUCH);
	CHECK(zero >= 0 && buffer);
	for (int i = 0; i < CALLS; i++) {
		calls_long();
		calls_short();
	}
	return 0;
}
