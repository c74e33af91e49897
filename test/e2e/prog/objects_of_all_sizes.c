/* SPDX-License-Identifier: BSD-3-Clause */
/* Small objects, and large ones that have pages of their own; and those that stay where they are when they cannot grow. */
#include "check.h"
#include <errno.h>
#include <stdint.h>

int main(void)
{
	char *volatile small = malloc(100), *volatile large = malloc(4 << 20);

	CHECK(small && large);
	CHECK(realloc(small, PTRDIFF_MAX - 4096) == NULL && errno == ENOMEM);
	CHECK(realloc(large, PTRDIFF_MAX - 4096) == NULL && errno == ENOMEM);
	free(small);
	free(large);
	puts("of all sizes");
	return 0;
}
