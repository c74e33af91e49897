/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The build id among the notes of an ELF file, in memory or read from it. Every number is distrusted.
 */
#ifndef GT_ELF_NOTE_H
#define GT_ELF_NOTE_H

#include <elf.h>
#include <stddef.h>
#include <stdint.h>

/* Where the build id begins in so many bytes of notes, and its length; NULL: there is none. */
static inline const uint8_t *gt_elf_note_build_id(const uint8_t *notes, uint64_t size, uint32_t *len)
{
	Elf64_Nhdr note;

	for (uint64_t at = 0, body; size - at >= sizeof(note); at = body + (note.n_descsz + UINT64_C(3)) / 4 * 4) {
		__builtin_memcpy(&note, notes + at, sizeof(note));
		body = at + sizeof(note) + (note.n_namesz + UINT64_C(3)) / 4 * 4;
		if (body > size || note.n_descsz > size - body)
			break;
		if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == sizeof("GNU")) {
			*len = note.n_descsz;
			return notes + body;
		}
		if ((note.n_descsz + UINT64_C(3)) / 4 * 4 > size - body)
			break;
	}
	return NULL;
}

#endif
