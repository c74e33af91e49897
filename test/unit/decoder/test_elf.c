/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which programs LD_PRELOAD cannot reach, and that doubt is no reason to warn.
 */
#include "decoder/elf.h"

#include "test/lib/program.h"

#include <criterion/criterion.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

static char path[32];
static int fd;
static Elf64_Ehdr head;

/* A file without a name, still empty, and the head of a program with one segment. */
static void set_up(void)
{
	char name[] = "/tmp/gtrace-test-XXXXXX";

	fd = mkstemp(name);
	cr_assert(fd >= 0);
	unlink(name);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	gt_program_head(&head, 1);
}

TestSuite(elf, .init = set_up);

static void write_head(void)
{
	gt_program_write_head(fd, &head);
}

static void write_segment(int i, uint32_t type)
{
	gt_program_write_empty(fd, &head, i, type);
}

static void is_recordable(void)
{
	const char *why = gt_elf_unrecordable(path);

	cr_expect_null(why, "%s", why);
}

static void is_not_because(const char *reason)
{
	const char *why = gt_elf_unrecordable(path);

	cr_assert_not_null(why);
	cr_expect_str_eq(why, reason);
}

Test(elf, this_program)
{
	cr_expect_null(gt_elf_unrecordable("/proc/self/exe"));
}

Test(elf, an_interpreter_makes_it_recordable)
{
	head.e_phnum = 3;
	write_head();
	write_segment(0, PT_LOAD);
	write_segment(1, PT_DYNAMIC);
	write_segment(2, PT_INTERP);
	is_recordable();
}

Test(elf, without_an_interpreter_it_is_static)
{
	head.e_phnum = 2;
	write_head();
	write_segment(0, PT_LOAD);
	write_segment(1, PT_DYNAMIC);
	write_segment(2, PT_INTERP);
	is_not_because("it is linked statically");
}

Test(elf, of_a_program_without_segments_nothing_can_be_said)
{
	head.e_phnum = 0;
	write_head();
	is_recordable();
	head.e_phnum = 1;
	head.e_phentsize = 32;
	write_head();
	write_segment(0, PT_LOAD);
	is_recordable();
}

Test(elf, another_libc)
{
	static const char *const none[] = {NULL};

	gt_program_write(fd, "/lib64/ld-linux-x86-64.so.2", none);
	is_recordable();
	gt_program_write(fd, "/lib/ld-musl-x86_64.so.1", none);
	is_not_because("it uses musl, not glibc");
}

Test(elf, other_machines)
{
	head.e_machine = EM_AARCH64;
	write_head();
	is_not_because("it is not an x86-64 program");
	head.e_machine = EM_X86_64;
	head.e_ident[EI_CLASS] = ELFCLASS32;
	write_head();
	is_not_because("it is not an x86-64 program");
}

Test(elf, segments_that_cannot_be_read)
{
	write_head();
	is_recordable();
	head.e_phoff = UINT64_MAX;
	write_head();
	is_recordable();
}

Test(elf, a_table_of_segments_that_is_cut_off)
{
	head.e_phnum = 2;
	write_head();
	write_segment(0, PT_LOAD);
	is_recordable();
}

Test(elf, files_that_are_no_programs)
{
	is_recordable();
	cr_assert_eq(pwrite(fd, "#!/bin/sh\n", 10, 0), 10);
	is_recordable();
	cr_assert_eq(ftruncate(fd, 4096), 0);
	is_recordable();
}

Test(elf, a_head_that_is_cut_off)
{
	head.e_machine = EM_AARCH64;
	write_head();
	cr_assert_eq(ftruncate(fd, sizeof(head) - 1), 0);
	is_recordable();
}

Test(elf, files_that_are_not_there)
{
	cr_expect_null(gt_elf_unrecordable("/nonexistent/program"));
	cr_expect_null(gt_elf_unrecordable("/"));
}

Test(elf, programs_that_run_as_somebody_else)
{
	if (geteuid() != 0)
		cr_skip_test("only root can give files away");
	write_head();
	write_segment(0, PT_INTERP);
	cr_assert_eq(fchown(fd, 12345, 23456), 0);
	cr_assert_eq(fchmod(fd, 0755), 0);
	is_recordable();
	cr_assert_eq(fchmod(fd, 04755), 0);
	is_not_because("it is set-user-id");
	cr_assert_eq(fchmod(fd, 02755), 0);
	is_not_because("it is set-group-id");
}

Test(elf, programs_that_run_as_ourselves)
{
	write_head();
	write_segment(0, PT_INTERP);
	cr_assert_eq(fchmod(fd, 06755), 0);
	is_recordable();
}

Test(elf, programs_with_capabilities)
{
	struct vfs_cap_data cap = {.magic_etc = VFS_CAP_REVISION_2};

	cap.data[0].permitted = 1u << CAP_NET_BIND_SERVICE;
	write_head();
	write_segment(0, PT_INTERP);
	if (geteuid() != 0 || fchmod(fd, 0755) != 0 ||
	    fsetxattr(fd, "security.capability", &cap, XATTR_CAPS_SZ_2, 0) != 0)
		cr_skip_test("capabilities cannot be set here");
	is_recordable();
	cr_assert_eq(seteuid(12345), 0);
	is_not_because("it has file capabilities");
	cr_assert_eq(seteuid(0), 0);
}

/* The file needs a library of this beginning: that one. NULL: none. */
static void needs(const char *prefix, const char *expected)
{
	char name[64] = "";

	cr_expect_eq(gt_elf_needs(path, prefix, name, sizeof(name)), expected != NULL, "%s", name);
	if (expected != NULL)
		cr_expect_str_eq(name, expected);
}

Test(elf, libraries_that_are_needed)
{
	static const char *const libraries[] = {"libm.so.6", "libasan.so.8", "libc.so.6", NULL};

	gt_program_write(fd, "/lib64/ld-linux-x86-64.so.2", libraries);
	needs("libm.so", "libm.so.6");
	needs("libasan.so", "libasan.so.8");
	needs("libc.so", "libc.so.6");
	needs("libtsan.so", NULL);
	needs("asan.so", NULL);
	needs("libasan.so.8.1", NULL);
}

Test(elf, a_name_that_is_too_long_is_cut)
{
	static const char *const libraries[] = {"libasan.so.8", NULL};
	char name[8];

	gt_program_write(fd, "/lib64/ld-linux-x86-64.so.2", libraries);
	cr_expect(gt_elf_needs(path, "libasan", name, sizeof(name)));
	cr_expect_str_eq(name, "libasan");
}

Test(elf, this_program_needs_its_libraries)
{
	char name[64];

	cr_expect(gt_elf_needs("/proc/self/exe", "libcriterion.so", name, sizeof(name)));
	cr_expect(gt_elf_needs("/proc/self/exe", "libc.so.6", name, sizeof(name)));
	cr_expect_not(gt_elf_needs("/proc/self/exe", "libtsan.so", name, sizeof(name)));
}

Test(elf, what_cannot_be_read_needs_nothing)
{
	static const char *const libraries[] = {"libasan.so.8", NULL};

	needs("", NULL);
	write_head();
	write_segment(0, PT_DYNAMIC);
	needs("", NULL);
	gt_program_write(fd, "/lib64/ld-linux-x86-64.so.2", libraries);
	cr_assert_eq(ftruncate(fd, 2048), 0);
	needs("", NULL);
	cr_expect_not(gt_elf_needs("/nonexistent/program", "", path, sizeof(path)));
}
