/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Numbers as people read them. The system calls are rows of syscalls.def, calls into libc of calls.def; errno names are libc's.
 */
#include "names.h"

#include "../shim/format/spec.h"
#include "digits.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const char *const syscall_names[] = {
#define SYSCALL(number, name) [number] = #name,
#include "syscalls.def"
#define CALL(number, name) [number] = #name,
#include "../shim/format/calls.def"
};

enum { SYSCALLS = sizeof(syscall_names) / sizeof(syscall_names[0]), MAX_ERRNO = 4095 };

const char *gt_name_syscall(uint64_t number, char buf[GT_NAME_LEN])
{
	if (number < SYSCALLS && syscall_names[number] != NULL)
		return syscall_names[number];
	snprintf(buf, GT_NAME_LEN, "syscall_%" PRIu64, number);
	return buf;
}

const char *gt_name_result(int64_t result, char buf[GT_NAME_LEN])
{
	const char *error = NULL;

	if (result < 0 && result >= -MAX_ERRNO)
		error = strerrorname_np((int)-result);
	if (error != NULL)
		snprintf(buf, GT_NAME_LEN, "%s", error);
	else
		*gt_digits_i64(buf, result) = 0;
	return buf;
}

const char *gt_name_object(uint64_t primitive, uint64_t object, char buf[GT_NAME_LEN])
{
	const char *name = primitive < GT_PRIMITIVES ? gt_primitive_name[primitive] : gt_primitive_name[GT_PRIM_NONE];
	uint8_t kind = primitive < GT_PRIMITIVES ? gt_primitive_object[primitive] : GT_OBJECT_NONE;

	if (kind == GT_OBJECT_FD)
		snprintf(buf, GT_NAME_LEN, "%s, descriptor %" PRId64, name, (int64_t)object);
	else if (kind == GT_OBJECT_ID)
		snprintf(buf, GT_NAME_LEN, "%s %" PRId64, name, (int64_t)object);
	else if (kind == GT_OBJECT_MEMORY && object)
		snprintf(buf, GT_NAME_LEN, "%s 0x%" PRIx64, name, object);
	else
		snprintf(buf, GT_NAME_LEN, "%s", name);
	return buf;
}

/*
 * ns / unit with so many decimals, as printf rounds it. False where a double might fall on the other side of a half
 * than the number itself.
 */
static bool fixed(uint64_t ns, uint64_t unit, int decimals, char buf[GT_NAME_LEN], char **end)
{
	uint64_t scale = decimals == 2 ? 100 : decimals == 1 ? 10 : 1;
	uint64_t whole = ns * scale / unit, rest = ns * scale % unit;
	char *p;

	if (ns >= UINT64_C(1000000000000000) || 2 * rest == unit)
		return false;
	whole += 2 * rest > unit;
	p = gt_digits_u64(buf, whole / scale);
	if (decimals > 0)
		*p++ = '.';
	if (decimals == 2)
		*p++ = (char)('0' + whole / 10 % 10);
	if (decimals > 0)
		*p++ = (char)('0' + whole % 10);
	*end = p;
	return true;
}

const char *gt_name_duration(uint64_t ns, char buf[GT_NAME_LEN])
{
	static const struct {
		const char *unit;
		uint64_t ns;
	} units[] = {{"us", 1000}, {"ms", 1000000}, {"s", 1000000000}};
	int i = 0, decimals;
	char *end;
	double v;

	if (ns < 1000) {
		*gt_digits_str(gt_digits_u64(buf, ns), "ns") = 0;
		return buf;
	}
	/* A value that would round up to 1000 belongs to the next unit. */
	while (i < 2 && (double)ns / (double)units[i].ns >= 999.5)
		i++;
	v = (double)ns / (double)units[i].ns;
	decimals = v < 9.995 ? 2 : v < 99.95 ? 1 : 0;
	if (fixed(ns, units[i].ns, decimals, buf, &end))
		*gt_digits_str(end, units[i].unit) = 0;
	else
		snprintf(buf, GT_NAME_LEN, "%.*f%s", decimals, v, units[i].unit);
	return buf;
}

const char *gt_name_bytes(uint64_t bytes, char buf[GT_NAME_LEN])
{
	static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
	uint64_t unit = 1, hundredths;
	int i = 0;

	while (bytes / unit >= 1024 && i < 6) {
		unit *= 1024;
		i++;
	}
	hundredths = (uint64_t)((unsigned __int128)bytes * 100 / unit);
	if (i == 0)
		snprintf(buf, GT_NAME_LEN, "%" PRIu64 "B", bytes);
	else if (hundredths < 1000)
		snprintf(buf, GT_NAME_LEN, "%" PRIu64 ".%02" PRIu64 "%s", hundredths / 100, hundredths % 100, units[i]);
	else if (hundredths < 10000)
		snprintf(buf, GT_NAME_LEN, "%" PRIu64 ".%" PRIu64 "%s", hundredths / 100, hundredths % 100 / 10,
			 units[i]);
	else
		snprintf(buf, GT_NAME_LEN, "%" PRIu64 "%s", hundredths / 100, units[i]);
	return buf;
}
