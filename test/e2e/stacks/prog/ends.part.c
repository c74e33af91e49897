/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * An object without unwind tables.
 * Flags: -fno-asynchronous-unwind-tables -fno-unwind-tables -fno-exceptions -fomit-frame-pointer
 */
#include "point.h"

void blind_object(void (*call)(const char *name), const char *name);

void blind_object(void (*call)(const char *name), const char *name)
{
	call(name);
	GO_ON_AFTER();
}
