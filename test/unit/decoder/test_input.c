/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Bytes in order, from files and pipes, and the header.
 */
#include "decoder/input.h"

#include "test/lib/decode.h"
#include "test/lib/text.h"
#include "test/lib/verdict.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LARGE = 600000 };

static struct gt_input in;
static struct gt_error err;
static struct gt_builder b;

static void set_up(void)
{
	gt_error_clear(&err);
}

static void tear_down(void)
{
	gt_input_close(&in);
	gt_build_free(&b);
}

TestSuite(input, .init = set_up, .fini = tear_down);

static uint8_t byte_at(size_t i)
{
	return (uint8_t)(i * 7 + i / 251);
}

static void large_file(void)
{
	for (size_t i = 0; i < LARGE; i++)
		gt_build_byte(&b, byte_at(i));
	gt_decode_open(&b, &in);
}

Test(input, bytes_come_in_order)
{
	large_file();
	for (size_t i = 0; i < LARGE; i++) {
		cr_assert_eq(gt_input_offset(&in), i);
		cr_assert_eq(gt_input_byte(&in), byte_at(i));
	}
	cr_expect_eq(gt_input_byte(&in), -1);
	cr_expect_eq(gt_input_byte(&in), -1);
	cr_expect_eq(in.failed, 0);
	cr_expect_eq(gt_input_offset(&in), LARGE);
}

Test(input, pieces_of_any_size_come_in_order)
{
	static uint8_t bytes[LARGE];

	large_file();
	cr_expect_eq(gt_input_read(&in, bytes, 0), 0);
	cr_expect_eq(gt_input_read(&in, bytes, 100), 100);
	cr_expect_eq(gt_input_byte(&in), byte_at(100));
	cr_expect_eq(gt_input_read(&in, bytes + 101, 500000), 500000);
	cr_expect_eq(gt_input_offset(&in), 500101);
	cr_expect_eq(gt_input_read(&in, bytes + 500101, LARGE), LARGE - 500101);
	cr_expect_eq(gt_input_read(&in, bytes, 1), 0);
	for (size_t i = 101; i < LARGE; i++)
		cr_assert_eq(bytes[i], byte_at(i));
}

Test(input, a_peek_takes_nothing)
{
	gt_build_bytes(&b, "ab", 2);
	gt_decode_open(&b, &in);
	cr_expect(gt_input_peek(&in) == 'a' && gt_input_peek(&in) == 'a');
	cr_expect(gt_input_byte(&in) == 'a' && gt_input_peek(&in) == 'b');
	cr_expect(gt_input_byte(&in) == 'b' && gt_input_peek(&in) == -1);
}

Test(input, what_is_skipped_can_be_read_later)
{
	static uint8_t bytes[LARGE];
	size_t at = 0;

	large_file();
	/* Short leaps stay in the buffer, long ones leave it. */
	for (size_t leap = 1; at + leap < LARGE; leap *= 3) {
		cr_assert_eq(gt_input_skip(&in, leap), leap);
		at += leap;
		cr_assert_eq(gt_input_offset(&in), at);
		cr_assert_eq(gt_input_byte(&in), byte_at(at++));
	}
	cr_expect_eq(gt_input_at(&in, 7, bytes, LARGE - 7), LARGE - 7);
	for (size_t i = 7; i < LARGE; i++)
		cr_assert_eq(bytes[i - 7], byte_at(i));
	cr_expect_eq(gt_input_at(&in, LARGE - 3, bytes, 10), 3);
	cr_expect_eq(gt_input_at(&in, LARGE + 3, bytes, 10), 0);
	cr_expect_eq(gt_input_byte(&in), byte_at(at));
}

Test(input, a_leap_ends_with_the_file)
{
	large_file();
	cr_expect_eq(gt_input_skip(&in, LARGE - 1), LARGE - 1);
	cr_expect_eq(gt_input_skip(&in, 100), 1);
	cr_expect_eq(gt_input_byte(&in), -1);
	cr_expect_eq(gt_input_skip(&in, 100), 0);
}

Test(input, standard_input_begins_where_it_stands)
{
	char path[] = "/tmp/gtrace-test-XXXXXX";
	int fd = mkstemp(path);
	uint8_t bytes[4];

	cr_assert_eq(write(fd, "abcdefgh", 8), 8);
	cr_assert_eq(lseek(fd, 2, SEEK_SET), 2);
	cr_assert_eq(dup2(fd, STDIN_FILENO), STDIN_FILENO);
	cr_assert_eq(gt_input_open(&in, "-", &err), 0);
	cr_expect_eq(gt_input_byte(&in), 'c');
	cr_expect_eq(gt_input_offset(&in), 1);
	cr_expect_eq(gt_input_skip(&in, 100), 5);
	cr_expect_eq(gt_input_at(&in, 0, bytes, 1), 1);
	cr_expect_eq(bytes[0], 'c');
	unlink(path);
	close(fd);
}

/* Writes `n` bytes to `fd` in pieces of 7, in a child. */
static pid_t write_in_pieces(int fd, size_t n)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	for (size_t i = 0; i < n; i += 7) {
		uint8_t piece[7];

		for (size_t k = 0; k < 7; k++)
			piece[k] = byte_at(i + k);
		if (write(fd, piece, sizeof(piece)) != (ssize_t)sizeof(piece))
			_exit(1);
	}
	_exit(0);
}

Test(input, a_pipe_comes_in_pieces_and_is_read_whole)
{
	uint8_t bytes[7000];
	char path[32];
	int ends[2];

	cr_assert_eq(pipe(ends), 0);
	cr_assert(write_in_pieces(ends[1], sizeof(bytes)) > 0);
	close(ends[1]);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", ends[0]);
	cr_assert_eq(gt_input_open(&in, path, &err), 0, "%s", err.words);
	cr_expect_eq(gt_input_read(&in, bytes, sizeof(bytes)), sizeof(bytes));
	for (size_t i = 0; i < sizeof(bytes); i++)
		cr_assert_eq(bytes[i], byte_at(i));
	cr_expect_eq(gt_input_byte(&in), -1);
	cr_expect_eq(in.failed, 0);
	close(ends[0]);
}

Test(input, a_minus_is_standard_input_and_stays_open)
{
	int ends[2];

	cr_assert_eq(pipe(ends), 0);
	cr_assert_eq(write(ends[1], "x", 1), 1);
	close(ends[1]);
	cr_assert_eq(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
	cr_assert_eq(gt_input_open(&in, "-", &err), 0);
	cr_expect_eq(gt_input_byte(&in), 'x');
	cr_expect_eq(gt_input_byte(&in), -1);
	gt_input_close(&in);
	cr_expect(fcntl(STDIN_FILENO, F_GETFD) >= 0);
}

Test(input, closing_closes)
{
	int fd;

	gt_decode_open(&b, &in);
	fd = in.fd;
	gt_input_close(&in);
	cr_expect_eq(fcntl(fd, F_GETFD), -1);
	gt_input_close(&in);
}

Test(input, files_that_cannot_be_opened)
{
	char words[128];

	cr_expect_eq(gt_input_open(&in, "/nonexistent/trace", &err), -1);
	cr_expect_eq(err.code, GT_ERR_IO);
	snprintf(words, sizeof(words), "cannot open /nonexistent/trace: %s", strerror(ENOENT));
	cr_expect_str_eq(err.words, words);
	gt_error_clear(&err);
	cr_expect_eq(gt_input_open(&in, "/tmp", &err), -1);
	cr_expect_eq(err.code, GT_ERR_IO);
	snprintf(words, sizeof(words), "cannot read /tmp: %s", strerror(EISDIR));
	cr_expect_str_eq(err.words, words);
}

Test(input, files_that_cannot_be_read)
{
	uint8_t bytes[4];

	/* The first page of a process is never there. */
	cr_assert_eq(gt_input_open(&in, "/proc/self/mem", &err), 0, "%s", err.words);
	cr_expect_eq(gt_input_byte(&in), -1);
	cr_expect_eq(in.failed, EIO);
	cr_expect_eq(gt_input_read(&in, bytes, sizeof(bytes)), 0);
	cr_expect_eq(gt_input_header(&in, &err), -1);
	cr_expect_eq(err.code, GT_ERR_IO);
	gt_expect_part(err.words, strerror(EIO));
}

Test(input, numbers)
{
	static const uint64_t numbers[] = {0, 1, 127, 128, 16384, 1u << 31, UINT64_MAX};
	uint64_t v;

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		gt_build_varint(&b, numbers[i]);
	gt_decode_open(&b, &in);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		cr_expect_eq(gt_input_varint(&in, &v), 1);
		cr_expect_eq(v, numbers[i]);
	}
	cr_expect_eq(gt_input_varint(&in, &v), 0);
}

Test(input, a_number_may_be_padded_to_ten_bytes)
{
	uint64_t v = 1;

	gt_build_bytes(&b, "\x85\x80\x80\x80\x80\x80\x80\x80\x80\0", 10);
	gt_build_bytes(&b, "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\0", 11);
	gt_decode_open(&b, &in);
	cr_expect_eq(gt_input_varint(&in, &v), 1);
	cr_expect_eq(v, 5);
	cr_expect_eq(gt_input_varint(&in, &v), -1);
}

Test(input, a_number_that_does_not_fit)
{
	uint64_t v;

	gt_build_bytes(&b, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\2", 10);
	gt_decode_open(&b, &in);
	cr_expect_eq(gt_input_varint(&in, &v), -1);
}

Test(input, a_number_that_is_cut_off)
{
	uint64_t v;

	gt_build_bytes(&b, "\xff\x80", 2);
	gt_decode_open(&b, &in);
	cr_expect_eq(gt_input_varint(&in, &v), 0);
}

Test(input, the_headers_that_are_known)
{
	gt_build_header(&b, 22);
	gt_build_header(&b, 23);
	gt_decode_open(&b, &in);
	cr_expect_eq(gt_input_header(&in, &err), 22);
	cr_expect_eq(gt_input_offset(&in), 16);
	cr_expect_eq(gt_input_header(&in, &err), 23);
	cr_expect_eq(err.code, GT_ERR_NONE);
}

Test(input, other_versions_are_named)
{
	static const int minors[] = {5, 11, 19, 21, 24, 27, 123};

	for (size_t i = 0; i < sizeof(minors) / sizeof(minors[0]); i++) {
		char words[16];

		snprintf(words, sizeof(words), "go 1.%d;", minors[i]);
		gt_build_header(&b, minors[i]);
		gt_expect(&b, 0, GT_ERR_VERSION, words);
	}
}

Test(input, an_empty_file)
{
	gt_decode_open(&b, &in);
	cr_expect_eq(gt_input_header(&in, &err), -1);
	cr_expect_eq(err.code, GT_ERR_HEADER);
	gt_expect_part(err.words, "the file is empty");
}

Test(input, files_that_are_no_traces)
{
	static const char *const headers[] = {
		"#!/bin/sh\nexit 0\n", "go 1.23 trace\0\0x",    "go 1.23 trac\0\0\0\0",
		"go 2.23 trace\0\0\0", "go 1. trace\0\0\0\0\0", "go 1.2x trace\0\0\0",
	};

	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		gt_build_bytes(&b, headers[i], 16);
		gt_expect(&b, 0, GT_ERR_HEADER, "does not start with a trace header");
	}
	gt_build_header(&b, 23);
	b.len = 15;
	gt_expect(&b, 0, GT_ERR_HEADER, "does not start with a trace header");
}
