/* SPDX-License-Identifier: BSD-3-Clause */
#include "output.h"

#include "clock.h"
#include "file.h"
#include "flight.h"
#include "live.h"
#include "os.h"
#include "sink.h"
#include "text.h"

#include <errno.h>
#include <sys/stat.h>
#include <sys/vfs.h>

/* What a live file begins with, and a generation. */
enum { ROOM = 24 << 20 };

enum { PATH_LEN = 4096, NUMBER_MAX = 1000000, TRIES = 10000 };

static char pattern[PATH_LEN]; /* absolute */
static char path[PATH_LEN];
static char live[PATH_LEN + 8];
static char saved[PATH_LEN + 8];
static int saves; /* numbers given out */
static struct gt_file last_save;
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

static bool is_free(void)
{
	struct stat st;

	return GT_SYSCALL(SYS_newfstatat, AT_FDCWD, path, &st, AT_SYMLINK_NOFOLLOW) != 0;
}

/* The flight recorder's trace has its file in the end. */
static long create_trace(void)
{
	if (!gt_flight_is_on())
		return gt_sink_create(path);
	return is_free() ? gt_sink_fly() : -EEXIST;
}

/* Both files, or none. */
static long create(uint64_t bytes, uint32_t gen)
{
	struct gt_text text = {live, sizeof(live)};
	long err = create_trace();

	if (err)
		return err;
	gt_text_add(&text, path);
	gt_text_add(&text, ".live");
	err = gt_live_start(live, bytes, gt_flight_bytes(), gen);
	if (err)
		gt_sink_remove();
	return err;
}

static bool is_taken(int number)
{
	expand(number);
	return !is_free();
}

/* A number that nobody has, behind one that somebody has: many processes may write by one pattern, and none should ask for all. */
static int find_number(void)
{
	int taken = 0, open = 1;

	while (open < NUMBER_MAX && is_taken(open)) {
		taken = open;
		open *= 2;
	}
	while (open - taken > 1) {
		int middle = (taken + open) / 2;

		*(is_taken(middle) ? &taken : &open) = middle;
	}
	return open;
}

bool gt_output_create(uint64_t bytes, uint32_t gen)
{
	int number = 0;

	expand(0);
	error = create(bytes, gen);
	if (error == -EEXIST)
		number = find_number();
	for (int i = 0; error == -EEXIST && i < TRIES; i++) {
		expand(number + i);
		error = create(bytes, gen);
	}
	saves = 0;
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

static void name_save(int number)
{
	struct gt_text text = {saved, sizeof(saved)};

	gt_text_add(&text, path);
	if (number) {
		gt_text_char(&text, '.');
		gt_text_number(&text, (uint64_t)number, 10);
	}
}

/* What there is to be written, and the file without a name that has it, or -1. */
struct save {
	const uint8_t *facts;
	size_t len;
	int fd;
};

static const char *folder(void)
{
	static char text[PATH_LEN]; /* the stack may be small */
	size_t len = (size_t)(gt_text_base(path) - path);

	__builtin_memcpy(text, path, len);
	text[len] = 0;
	return text;
}

/* Where the file system has such files. */
static int create_unnamed(void)
{
	int fd = gt_os_open(folder(), O_TMPFILE | O_WRONLY, 0600);

	if (fd >= 0)
		GT_SYSCALL(SYS_fchmod, fd, 0600, 0, 0);
	return fd;
}

static long give_name(const struct save *save)
{
	char proc[48];
	struct gt_text text = {proc, sizeof(proc)};
	long err;

	gt_text_add(&text, "/proc/thread-self/fd/"); /* the writer has a table of its own */
	gt_text_number(&text, (uint64_t)save->fd, 10);
	err = gt_syscall6(SYS_linkat, AT_FDCWD, (long)proc, AT_FDCWD, (long)saved, AT_SYMLINK_FOLLOW, 0);
	if (err == 0)
		gt_file_take(&last_save, saved, save->fd);
	return err;
}

static long write_named(const struct save *save)
{
	int fd = gt_file_create(&last_save, saved, O_WRONLY);
	long err;

	if (fd < 0)
		return fd;
	err = gt_flight_save(fd, save->facts, save->len);
	gt_os_close(fd);
	if (err)
		gt_file_remove(&last_save);
	return err;
}

/* Under the next name that nobody has. */
static long save_as(const struct save *save, bool is_last, long (*put)(const struct save *))
{
	long err = -EEXIST;

	if (is_last) {
		name_save(0);
		err = put(save);
	}
	while (err == -EEXIST && saves < TRIES) {
		name_save(++saves);
		err = put(save);
	}
	return err;
}

/* Where such a file can't be made, or not be named, it is written under its name; but not what had no room. */
bool gt_output_save(bool is_last, const uint8_t *facts, size_t len)
{
	struct save save = {facts, len, -1};
	long err;

	if (!gt_flight_has_any())
		return false;
	save.fd = create_unnamed();
	if (save.fd < 0)
		return save_as(&save, is_last, write_named) == 0;
	err = gt_flight_save(save.fd, facts, len);
	if (err == 0 && save_as(&save, is_last, give_name) != 0)
		err = save_as(&save, is_last, write_named);
	gt_os_close(save.fd);
	return err == 0;
}

void gt_output_unsave(void)
{
	gt_file_remove(&last_save);
}

bool gt_output_has_room(void)
{
	struct statfs fs = {0};

	return gt_flight_is_on() || (GT_SYSCALL(SYS_statfs, folder(), &fs, 0, 0) == 0 &&
				     (fs.f_blocks == 0 || fs.f_bavail >= ROOM / (uint64_t)fs.f_bsize));
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
