/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Looks at an executable's mode, capabilities and program headers. Everything read from the file is bounded;
 * what cannot be read is no reason to warn.
 */
#include "elf.h"

#include <elf.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { MAX_PROGRAM_HEADERS = 128 };

/* Whether the file asks for an interpreter; also true when the headers can't be read. */
static bool has_interpreter(int fd, const Elf64_Ehdr *head)
{
	for (int i = 0; i < head->e_phnum && i < MAX_PROGRAM_HEADERS; i++) {
		Elf64_Phdr segment;
		off_t at = (off_t)(head->e_phoff + (uint64_t)i * sizeof(segment));

		if (pread(fd, &segment, sizeof(segment), at) != (ssize_t)sizeof(segment))
			return true;
		if (segment.p_type == PT_INTERP)
			return true;
	}
	return false;
}

static const char *judge_headers(int fd)
{
	Elf64_Ehdr head;

	if (pread(fd, &head, sizeof(head), 0) != (ssize_t)sizeof(head))
		return NULL;
	if (memcmp(head.e_ident, ELFMAG, SELFMAG) != 0)
		return NULL;
	if (head.e_ident[EI_CLASS] != ELFCLASS64 || head.e_machine != EM_X86_64)
		return "it is not an x86-64 program";
	return has_interpreter(fd, &head) ? NULL : "it is linked statically";
}

const char *gt_elf_unrecordable(const char *path)
{
	struct stat st;
	const char *why;
	int fd;

	if (stat(path, &st) != 0)
		return NULL;
	if ((st.st_mode & S_ISUID) && st.st_uid != geteuid())
		return "it is set-user-id";
	if ((st.st_mode & S_ISGID) && st.st_gid != getegid())
		return "it is set-group-id";
	if (geteuid() != 0 && getxattr(path, "security.capability", NULL, 0) > 0)
		return "it has file capabilities";
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return NULL;
	why = judge_headers(fd);
	close(fd);
	return why;
}
