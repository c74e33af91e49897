/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A program without a collector finds none: weak references are empty, and the loader knows no such names. What the
 * loader complained about last is the program's own complaint.
 */
#include "check.h"

#include <dlfcn.h>

#pragma GCC diagnostic ignored "-Waddress"
void GC_init(void) __attribute__((weak));
void *GC_get_on_collection_event(void) __attribute__((weak));
void GC_set_on_collection_event(void *) __attribute__((weak));

int main(void)
{
	CHECK(dlerror() == NULL);
	CHECK(!GC_init && !GC_get_on_collection_event && !GC_set_on_collection_event);
	CHECK(!dlsym(RTLD_DEFAULT, "GC_init") && !dlsym(RTLD_DEFAULT, "GC_set_on_collection_event"));
	return 0;
}
