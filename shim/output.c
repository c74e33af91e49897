/* SPDX-License-Identifier: BSD-3-Clause */
#include "output.h"

#include "clock.h"
#include "live.h"
#include "os.h"
#include "sink.h"
#include "text.h"

#include <errno.h>
#include <sys/stat.h>
#include <sys/vfs.h>

/* What a live file begins with, and a generation. */
enum { ROOM = 24 << 20 };

enum { PATH_LEN = 4096, NUMBER_MAX = 10000 };

static char pattern[PATH_LEN]; /* absolute */
static char path[PATH_LEN];
static char live[PATH_LEN + 8];
static char program[64];
static long error; /* of the last attempt: minus an errno */

static void name_program(const char *argv0)
{
	char exe[PATH_LEN];
	long n = GT_SYSCALL(SYS_readlinkat, AT_FDCWD, "/proc/self/exe", exe, sizeof(exe) - 1);
	struct gt_text text = {program, sizeof(program)};

	exe[n > 0 ? n : 0] = 0;
	gt_text_add(&text, gt_text_base(n > 0 ? exe : argv0));
}

/* As a part of a file's name that can be shown and leads to no other directory; `argv0` may be anything. */
static void add_program(struct gt_text *text)
{
	bool is_directory = __builtin_strcmp(program, ".") == 0 || __builtin_strcmp(program, "..") == 0;

	for (const char *p = program; *p; p++) {
		bool is_plain = (uint8_t)*p >= ' ' && *p != 0x7f && !is_directory;

		gt_text_char(text, is_plain ? *p : '_');
	}
}

void gt_output_name(const char *given, const char *argv0)
{
	struct gt_text text = {pattern, sizeof(pattern)};
	long n = 0;

	name_program(argv0);
	if (given[0] != '/')
		n = GT_SYSCALL(SYS_getcwd, pattern, sizeof(pattern), 0, 0);
	if (n > 1) { /* with the terminator */
		text.at += n - 1;
		text.room -= (size_t)n - 1;
		if (n > 2)
			gt_text_char(&text, '/');
	}
	gt_text_add(&text, given);
}

static void expand_one(struct gt_text *text, char c)
{
	switch (c) {
	case 'p':
		gt_text_number(text, (uint64_t)gt_os_getpid(), 10);
		break;
	case 'e':
		add_program(text);
		break;
	case 't':
		gt_text_number(text, gt_clock_realtime() / 1000000000, 10);
		break;
	case '%':
		gt_text_char(text, '%');
		break;
	default:
		gt_text_char(text, '%');
		if (c)
			gt_text_char(text, c);
	}
}

static void expand(int number)
{
	struct gt_text text = {path, sizeof(path) - 8};

	path[0] = 0;
	for (const char *p = pattern; *p; p++) {
		if (*p != '%')
			gt_text_char(&text, *p);
		else if (p[1])
			expand_one(&text, *++p);
		else
			gt_text_char(&text, '%');
	}
	if (number) {
		gt_text_char(&text, '.');
		gt_text_number(&text, (uint64_t)number, 10);
	}
}

/* Both files, or none. */
static long create(uint64_t bytes)
{
	struct gt_text text = {live, sizeof(live)};
	long err = gt_sink_create(path);

	if (err)
		return err;
	gt_text_add(&text, path);
	gt_text_add(&text, ".live");
	err = gt_live_start(live, bytes);
	if (err)
		gt_sink_remove();
	return err;
}

bool gt_output_create(uint64_t bytes)
{
	error = -EEXIST;
	for (int i = 0; error == -EEXIST && i < NUMBER_MAX; i++) {
		expand(i);
		error = create(bytes);
	}
	return error == 0;
}

int gt_output_error(void)
{
	return (int)-error;
}

bool gt_output_may_come(void)
{
	return error == -ENOSPC || error == -EDQUOT || error == -EFBIG || error == -ENOMEM;
}

bool gt_output_has_room(void)
{
	static char folder[PATH_LEN]; /* the stack may be small */
	const char *base = gt_text_base(path);
	struct statfs fs;

	__builtin_memcpy(folder, path, sizeof(folder));
	folder[base - path] = 0;
	return GT_SYSCALL(SYS_statfs, folder, &fs, 0, 0) == 0 &&
	       (fs.f_blocks == 0 || fs.f_bavail >= ROOM / (uint64_t)fs.f_bsize);
}

const char *gt_output_path(void)
{
	return path;
}

const char *gt_output_live(void)
{
	return live;
}

const char *gt_output_program(void)
{
	return program;
}
