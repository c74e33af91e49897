/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Numbers as people read them. The system calls are rows of syscalls.def, calls into libc of calls.def; errno names are libc's.
 */
#include "names.h"

#include "../shim/format/spec.h"
#include "digits.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *text;
	size_t len;
} syscall_names[] = {
#define SYSCALL(number, name) [number] = {#name, sizeof(#name) - 1},
#include "syscalls.def"
#define CALL(number, name) [number] = {#name, sizeof(#name) - 1},
#include "../shim/format/calls.def"
};

enum { SYSCALLS = sizeof(syscall_names) / sizeof(syscall_names[0]), MAX_ERRNO = 4095 };

char *gt_name_put_syscall(char *p, uint64_t number)
{
	if (number >= SYSCALLS || syscall_names[number].text == NULL)
		return gt_digits_u64(gt_digits_str(p, "syscall_"), number);
	memcpy(p, syscall_names[number].text, syscall_names[number].len);
	return p + syscall_names[number].len;
}

const char *gt_name_syscall(uint64_t number, char buf[GT_NAME_LEN])
{
	if (number < SYSCALLS && syscall_names[number].text != NULL)
		return syscall_names[number].text;
	*gt_name_put_syscall(buf, number) = 0;
	return buf;
}

char *gt_name_put_result(char *p, int64_t result)
{
	const char *error = NULL;

	if (result < 0 && result >= -MAX_ERRNO)
		error = strerrorname_np((int)-result);
	return error != NULL ? gt_digits_str(p, error) : gt_digits_i64(p, result);
}

const char *gt_name_result(int64_t result, char buf[GT_NAME_LEN])
{
	*gt_name_put_result(buf, result) = 0;
	return buf;
}

char *gt_name_put_object(char *p, uint64_t primitive, uint64_t object)
{
	bool is_known = primitive < GT_PRIMITIVES;
	uint8_t kind = is_known ? gt_primitive_object[primitive] : GT_OBJECT_NONE;

	p = gt_digits_str(p, gt_primitive_name[is_known ? primitive : GT_PRIM_NONE]);
	if (kind == GT_OBJECT_FD)
		return gt_digits_i64(gt_digits_str(p, ", descriptor "), (int64_t)object);
	if (kind == GT_OBJECT_ID)
		return gt_digits_i64(gt_digits_str(p, " "), (int64_t)object);
	return kind == GT_OBJECT_MEMORY && object ? gt_digits_hex(gt_digits_str(p, " 0x"), object) : p;
}

const char *gt_name_object(uint64_t primitive, uint64_t object, char buf[GT_NAME_LEN])
{
	*gt_name_put_object(buf, primitive, object) = 0;
	return buf;
}

/* Of a number in the middle between two that can be printed: whether the double that is next to it lies above, or is even. */
static bool rounds_up(uint64_t ns, uint64_t unit, uint64_t whole)
{
	double above = fma((double)ns / (double)unit, (double)unit, -(double)ns);

	return above > 0 || (above == 0 && whole % 2 != 0);
}

/*
 * ns / unit with so many decimals, as printf rounds it. False where a double might fall on the other side of a half
 * than the number itself. Inline, since division by a literal is not a division.
 */
static inline bool fixed(uint64_t ns, uint64_t unit, int decimals, char *p, char **end)
{
	uint64_t scale = decimals == 2 ? 100 : decimals == 1 ? 10 : 1;
	uint64_t whole = ns * scale / unit, rest = ns * scale % unit;

	if (ns >= UINT64_C(1000000000000000))
		return false;
	whole += 2 * rest == unit ? rounds_up(ns, unit, whole) : 2 * rest > unit;
	p = gt_digits_u64(p, decimals == 2 ? whole / 100 : decimals == 1 ? whole / 10 : whole);
	if (decimals > 0)
		*p++ = '.';
	if (decimals == 2)
		*p++ = (char)('0' + whole / 10 % 10);
	if (decimals > 0)
		*p++ = (char)('0' + whole % 10);
	*end = p;
	return true;
}

static inline __attribute__((always_inline)) char *put_duration(char *p, uint64_t ns, uint64_t unit, const char *name)
{
	int decimals = ns < unit * 9995 / 1000 ? 2 : ns < unit * 9995 / 100 ? 1 : 0;
	char *end;

	if (fixed(ns, unit, decimals, p, &end))
		return gt_digits_str(end, name);
	return p + snprintf(p, GT_NAME_LEN, "%.*f%s", decimals, (double)ns / (double)unit, name);
}

char *gt_name_put_duration(char *p, uint64_t ns)
{
	if (ns < 1000)
		return gt_digits_str(gt_digits_u64(p, ns), "ns");
	/* A value that would round up to 1000 belongs to the next unit. */
	if (ns < 999500)
		return put_duration(p, ns, 1000, "us");
	if (ns < 999500000)
		return put_duration(p, ns, 1000000, "ms");
	return put_duration(p, ns, 1000000000, "s");
}

const char *gt_name_duration(uint64_t ns, char buf[GT_NAME_LEN])
{
	*gt_name_put_duration(buf, ns) = 0;
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
