/* SPDX-License-Identifier: BSD-3-Clause */
#include "image.h"

#include "cli.h"
#include "demangle.h"

#include <elfutils/libdwfl.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	PAGE = 4096,
	ID_RECORDED = 40 /* digits of a build id that a trace has room for */,
	ID_MOST = 128,
};

struct gt_image {
	char *path; /* as the trace says it */
	char *build_id;
	char *file; /* where it is now */
	char *debug_path; /* where debug files are, for libdwfl */
	Dwfl_Callbacks callbacks;
	bool opened;
	Dwfl *dwfl;
	Dwfl_Module *module; /* NULL: nothing can be had from the file */
	uint64_t start; /* where libdwfl puts its first byte */
	struct gt_debug_info *info; /* NULL: none */
	uint64_t bias; /* from the addresses of `info` to those of libdwfl */
};

static char *join(const char *format, const char *first, const char *second)
{
	char *text;

	if (asprintf(&text, format, first, second) >= 0)
		return text;
	gt_cli_no_memory();
}

struct gt_image *gt_image_new(const char *path, const char *build_id, const char *sysroot)
{
	struct gt_image *image = gt_cli_alloc(1, sizeof(*image));
	const char *below = sysroot != NULL ? sysroot : "";

	image->path = join("%s%s", path, "");
	image->build_id = join("%s%s", build_id, "");
	image->file = join("%s%s", below, path);
	/* The plus: a debug file that is found by name must have the right checksum. */
	image->debug_path = join("+:.debug:%s/usr/lib/debug%s", below, *below != '\0' ? ":/usr/lib/debug" : "");
	image->callbacks.find_elf = dwfl_build_id_find_elf;
	image->callbacks.find_debuginfo = dwfl_standard_find_debuginfo;
	image->callbacks.section_address = dwfl_offline_section_address;
	image->callbacks.debuginfo_path = &image->debug_path;
	return image;
}

void gt_image_free(struct gt_image *image)
{
	if (image == NULL)
		return;
	gt_debug_info_free(image->info);
	if (image->dwfl != NULL)
		dwfl_end(image->dwfl);
	free(image->path);
	free(image->build_id);
	free(image->file);
	free(image->debug_path);
	free(image);
}

/* A descriptor of the file, or -1. Of a file that is none, too: a pipe would wait, a device might do anything. */
static int open_file(const struct gt_image *image)
{
	int fd = *image->path == '/' ? open(image->file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) : -1;
	struct stat st;

	if (fd >= 0 && (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* Where the segment lies that begins with the first byte of the file. False when there is none. */
static bool find_start(Elf *elf, uint64_t *start)
{
	GElf_Ehdr head;
	GElf_Phdr segment;
	size_t n;

	if (gelf_getehdr(elf, &head) == NULL || (head.e_type != ET_EXEC && head.e_type != ET_DYN) ||
	    elf_getphdrnum(elf, &n) != 0)
		return false;
	for (size_t i = 0; i < n && gelf_getphdr(elf, (int)i, &segment) != NULL; i++) {
		if (segment.p_type != PT_LOAD || segment.p_offset >= PAGE)
			continue;
		*start = segment.p_vaddr - segment.p_offset;
		return true;
	}
	return false;
}

static void complain(const struct gt_image *image, const char *why)
{
	gt_cli_complain("%s: %s; names from it are not used", image->file, why);
}

/* Hands the file to libdwfl. NULL after a complaint when it is no program and no library. */
static Dwfl_Module *report(struct gt_image *image, int fd)
{
	Dwfl_Module *module = NULL;
	GElf_Addr bias;
	Elf *elf = NULL;

	image->dwfl = dwfl_begin(&image->callbacks);
	if (image->dwfl != NULL) {
		module = dwfl_report_elf(image->dwfl, image->file, image->file, fd, 0, false);
		dwfl_report_end(image->dwfl, NULL, NULL);
	}
	if (module == NULL)
		close(fd);
	else
		elf = dwfl_module_getelf(module, &bias);
	if (elf == NULL) {
		complain(image, dwfl_errmsg(-1));
		return NULL;
	}
	if (!find_start(elf, &image->start)) {
		complain(image, "it is neither a program nor a library");
		return NULL;
	}
	image->start += bias;
	return module;
}

/* Whether the file has the build id that the trace says. What a trace has no room for is not compared. */
static bool is_same(const struct gt_image *image, Dwfl_Module *module)
{
	size_t known = strlen(image->build_id);
	const unsigned char *bits;
	char id[2 * ID_MOST + 1] = "", why[ID_MOST + sizeof(id)];
	GElf_Addr where;
	int n = dwfl_module_build_id(module, &bits, &where);

	for (int i = 0; i < n && i < ID_MOST; i++)
		snprintf(id + 2 * (size_t)i, 3, "%02x", bits[i]);
	if (known >= ID_RECORDED ? strncmp(id, image->build_id, known) == 0 : strcmp(id, image->build_id) == 0)
		return true;
	snprintf(why, sizeof(why), "build id differs from the one in the trace (%s, not %.*s)", n > 0 ? id : "none",
		 ID_RECORDED, known > 0 ? image->build_id : "none");
	complain(image, why);
	return false;
}

static void open_once(struct gt_image *image)
{
	int fd = image->opened ? -1 : open_file(image);
	Dwfl_Module *module;
	Dwarf *dwarf;

	image->opened = true;
	if (fd < 0)
		return;
	module = report(image, fd);
	if (module == NULL || !is_same(image, module))
		return;
	image->module = module;
	dwarf = dwfl_module_getdwarf(module, &image->bias);
	if (dwarf != NULL)
		image->info = gt_debug_info_new(dwarf);
}

/* The symbol that holds an address, and how far behind its begin that is; or NULL. */
static const char *symbol_at(const struct gt_image *image, uint64_t address, uint64_t *offset)
{
	GElf_Sym symbol;
	const char *name = dwfl_module_addrinfo(image->module, address, offset, &symbol, NULL, NULL, NULL);

	return name != NULL && *name != '\0' ? name : NULL;
}

size_t gt_image_find(struct gt_image *image, uint64_t offset, enum gt_pc_kind kind,
		     struct gt_place places[GT_PLACES_MOST])
{
	const char *symbol;
	uint64_t address, behind;
	size_t n = 0;

	open_once(image);
	if (image->module == NULL)
		return 0;
	address = image->start + offset - 1;
	symbol = symbol_at(image, address, &behind);
	if (image->info != NULL)
		n = gt_debug_info_find(image->info, address - image->bias, places);
	if (n > 1 && kind == GT_PC_START) {
		places[0] = places[n - 1];
		n = 1;
	}
	if (n == 0 && symbol != NULL)
		places[n++] = (struct gt_place){.func = symbol};
	/* Debug information has no linker's name for a static function of C++, and so no parameters. */
	else if (n > 0 && symbol != NULL &&
		 (places[n - 1].func == NULL || (gt_is_mangled(symbol) && !gt_is_mangled(places[n - 1].func))))
		places[n - 1].func = symbol;
	return n;
}
