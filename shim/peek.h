/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Reading the program's memory where it may not be ours to read: any number may be passed off as an address.
 *
 * The kernel is asked first, page by page: rt_sigprocmask(2) with an operation that does not exist reads the mask and changes
 * nothing. It is a call that no filter forbids, since libc's pthread_create() makes it. Nothing is written.
 *
 * Danger: memory that another thread unmaps between question and answer. So only the calling thread's own stack is looked at,
 * what the program hands over to a thread, and what that points to.
 */
#ifndef GT_PEEK_H
#define GT_PEEK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether the word that holds this byte, and so the whole page, can be read now. Any thread. */
bool gt_peek_can(uint64_t at);

/* How many bytes from there on can be read now, at most `len` and up to the end of the page; 0: none. Any thread. */
size_t gt_peek_piece(uint64_t from, size_t len);

/* Copies what can be read from there on, at most `len` bytes, and returns how many these are. Any thread. */
size_t gt_peek_some(uint64_t from, void *to, size_t len);

/* Copies all of it, or returns false. */
bool gt_peek(uint64_t from, void *to, size_t len);

/*
 * The same without that danger, for what other threads may unmap at any instant: the kernel itself copies, out of a file of
 * /proc that is open for so long.
 */
bool gt_peek_afar(uint64_t from, void *to, size_t len);

#endif
