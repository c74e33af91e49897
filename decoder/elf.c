/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Looks at an executable's mode, capabilities and program headers. Everything read from the file is bounded; what
 * cannot be read is no reason to warn.
 */
#include "elf.h"

#include <elf.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { MAX_SEGMENTS = 128, MAX_DYNAMIC = 4096 };

struct image {
	int fd;
	Elf64_Ehdr head;
	Elf64_Phdr segment[MAX_SEGMENTS];
	int segments;
	bool is_whole; /* every segment was read */
};

static bool read_at(const struct image *image, void *to, size_t len, uint64_t at)
{
	return pread(image->fd, to, len, (off_t)at) == (ssize_t)len;
}

/* Whether the file is an ELF file; its segments are read when it is one of this machine. */
static bool open_image(struct image *image, const char *path)
{
	image->segments = 0;
	image->is_whole = false;
	image->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (image->fd < 0)
		return false;
	if (!read_at(image, &image->head, sizeof(image->head), 0) ||
	    memcmp(image->head.e_ident, ELFMAG, SELFMAG) != 0) {
		close(image->fd);
		return false;
	}
	if (image->head.e_ident[EI_CLASS] != ELFCLASS64 || image->head.e_machine != EM_X86_64 ||
	    image->head.e_phentsize != sizeof(Elf64_Phdr))
		return true;
	while (image->segments < image->head.e_phnum && image->segments < MAX_SEGMENTS &&
	       read_at(image, &image->segment[image->segments], sizeof(Elf64_Phdr),
		       image->head.e_phoff + (uint64_t)image->segments * sizeof(Elf64_Phdr)))
		image->segments++;
	image->is_whole = image->segments == image->head.e_phnum;
	return true;
}

static const Elf64_Phdr *segment_of(const struct image *image, uint32_t type)
{
	for (int i = 0; i < image->segments; i++) {
		if (image->segment[i].p_type == type)
			return &image->segment[i];
	}
	return NULL;
}

/* Where an address of the running program lies in the file; 0 when it does not. */
static uint64_t offset_of(const struct image *image, uint64_t address)
{
	for (int i = 0; i < image->segments; i++) {
		const Elf64_Phdr *s = &image->segment[i];

		if (s->p_type == PT_LOAD && address >= s->p_vaddr && address - s->p_vaddr < s->p_filesz)
			return s->p_offset + (address - s->p_vaddr);
	}
	return 0;
}

/* Reads a text of the file; what is too long is cut. */
static void read_text(const struct image *image, uint64_t at, char *text, size_t size)
{
	ssize_t n = pread(image->fd, text, size - 1, (off_t)at);

	text[n > 0 ? n : 0] = '\0';
}

static const char *judge(const struct image *image)
{
	const Elf64_Phdr *interpreter = segment_of(image, PT_INTERP);
	char name[PATH_MAX];

	if (image->head.e_ident[EI_CLASS] != ELFCLASS64 || image->head.e_machine != EM_X86_64)
		return "it is not an x86-64 program";
	if (interpreter == NULL)
		return image->is_whole && image->segments > 0 ? "it is linked statically" : NULL;
	read_text(image, interpreter->p_offset, name, sizeof(name));
	return strstr(name, "ld-musl") ? "it uses musl, not glibc" : NULL;
}

const char *gt_elf_unrecordable(const char *path)
{
	struct image image;
	const char *why;
	struct stat st;

	if (stat(path, &st) != 0)
		return NULL;
	if ((st.st_mode & S_ISUID) && st.st_uid != geteuid())
		return "it is set-user-id";
	if ((st.st_mode & S_ISGID) && st.st_gid != getegid())
		return "it is set-group-id";
	if (geteuid() != 0 && getxattr(path, "security.capability", NULL, 0) > 0)
		return "it has file capabilities";
	if (!open_image(&image, path))
		return NULL;
	why = judge(&image);
	close(image.fd);
	return why;
}

/* The file offsets of the dynamic section's entries with this tag, one after the other; 0 at the end. */
static uint64_t next_entry(const struct image *image, int64_t tag, int *index)
{
	const Elf64_Phdr *dynamic = segment_of(image, PT_DYNAMIC);
	Elf64_Dyn entry;

	while (dynamic != NULL && *index < MAX_DYNAMIC && (uint64_t)*index < dynamic->p_filesz / sizeof(entry)) {
		uint64_t at = dynamic->p_offset + (uint64_t)(*index)++ * sizeof(entry);

		if (!read_at(image, &entry, sizeof(entry), at) || entry.d_tag == DT_NULL)
			return 0;
		if (entry.d_tag == tag)
			return entry.d_un.d_val;
	}
	return 0;
}

bool gt_elf_needs(const char *path, const char *prefix, char *name, size_t size)
{
	struct image image;
	uint64_t strings, text;
	bool found = false;
	int index = 0;

	if (!open_image(&image, path))
		return false;
	strings = offset_of(&image, next_entry(&image, DT_STRTAB, &index));
	index = 0;
	while (strings && !found && (text = next_entry(&image, DT_NEEDED, &index)) != 0) {
		read_text(&image, strings + text, name, size);
		found = strncmp(name, prefix, strlen(prefix)) == 0;
	}
	close(image.fd);
	return found;
}
