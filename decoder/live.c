/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A process may be writing while we read. Each part is read in the order in which it would be published backwards: the word
 * that says that something is there first. A buffer that was used again meanwhile has another serial number; the trace file
 * has what was in it.
 */
#include "live.h"

#include "../shim/format/facts.h"
#include "../shim/format/header.h"
#include "../shim/format/live.h"
#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DATA = offsetof(struct gt_buf, data) };

static size_t read_at(const struct gt_live *live, uint64_t at, void *to, size_t n)
{
	ssize_t got;

	do
		got = pread(live->fd, to, n, (off_t)at);
	while (got < 0 && errno == EINTR);
	return got > 0 ? (size_t)got : 0;
}

bool gt_live_read(const struct gt_live *live, uint64_t at, void *to, size_t n)
{
	return at <= live->size && n <= live->size - at && read_at(live, at, to, n) == n;
}

/* What the head says must lie in the file, in the order of the layout. */
static bool is_sane(const struct gt_live *live)
{
	const struct gt_live_head *h = live->head;

	if (h->gap_after != 0)
		return h->drops == GT_DROPS;
	return h->drops == GT_DROPS && h->ring <= h->buffers && h->ring_bytes <= h->buffers - h->ring &&
	       h->buffers % GT_BUF_SMALL == 0 && h->buffers <= h->carved && h->carved <= live->size + GT_BUF_LARGE;
}

/* 1, or 0: no live file of ours, or -1. */
static int read_head(struct gt_live *live, const char *path, struct gt_error *err)
{
	struct gt_live_head *h = live->head;
	size_t n = read_at(live, 0, h, sizeof(*h));

	if (n < GT_LIVE_MAGIC_LEN || memcmp(h->magic, GT_LIVE_MAGIC, GT_LIVE_MAGIC_LEN) != 0)
		return 0;
	if (n == sizeof(*h) && h->version == GT_LIVE_VERSION && is_sane(live))
		return 1;
	return gt_error_set(err, GT_ERR_FORMAT, "%s: %s", path,
			    n == sizeof(*h) && h->version != GT_LIVE_VERSION ? "written by another version"
									     : "damaged");
}

/* Where the first buffer at or behind `at` may be: holes of the file hold none. */
static uint64_t next_place(const struct gt_live *live, uint64_t at)
{
	off_t data = lseek(live->fd, (off_t)at, SEEK_DATA);

	if (data < 0)
		return errno == ENXIO ? UINT64_MAX : at;
	return (uint64_t)data - (uint64_t)data % GT_BUF_SMALL;
}

static bool is_buffer(const struct gt_buf *b, uint64_t room)
{
	return (b->bytes == GT_BUF_SMALL || b->bytes == GT_BUF_LARGE) && b->bytes <= room;
}

static bool has_events(const struct gt_buf *b)
{
	return b->used > 0 && b->used <= b->bytes - DATA && b->top >= DATA + b->used && b->top <= b->bytes;
}

/* Takes what the buffer at `at` holds, if it is still the same when that has been read. */
static void take(struct gt_live *live, uint64_t at, const struct gt_buf *b)
{
	uint32_t nfacts = b->bytes - b->top;
	uint8_t *bytes = gt_arena_take(&live->arena, b->used + nfacts + 1);
	struct gt_buf again;
	struct gt_live_buf *to;

	if (bytes == NULL)
		gt_cli_no_memory();
	if (!gt_live_read(live, at + DATA, bytes, b->used) ||
	    !gt_live_read(live, at + b->top, bytes + b->used, nfacts) ||
	    !gt_live_read(live, at, &again, sizeof(again)) || again.serial != b->serial || again.used < b->used)
		return;
	if ((live->nbufs & (live->nbufs - 1)) == 0)
		live->bufs = gt_cli_grow(live->bufs, live->nbufs == 0 ? 1 : 2 * live->nbufs, sizeof(*live->bufs));
	to = &live->bufs[live->nbufs++];
	/* Killed while a GoSyscallBegin, the last event, got a stack with a longer number: it has none. */
	if (bytes[b->used - 1] & 0x80)
		bytes[b->used - 1] = 0;
	*to = (struct gt_live_buf){.gen = b->gen,
				   .m = b->tid,
				   .time = b->base / GT_UNIT_NS,
				   .serial = b->serial,
				   .events = bytes,
				   .facts = bytes + b->used,
				   .nevents = b->used,
				   .nfacts = nfacts};
}

bool gt_live_has_lost(const struct gt_live *live, uint64_t gen)
{
	return live->head->lost != 0 && gen >= live->head->lost;
}

static int by_serial(const void *a, const void *b)
{
	const struct gt_live_buf *x = a, *y = b;

	return (x->serial > y->serial) - (x->serial < y->serial);
}

static void read_buffers(struct gt_live *live)
{
	uint64_t end = live->head->carved < live->size ? live->head->carved : live->size;
	struct gt_buf b;

	for (uint64_t at = live->head->buffers; at < end;) {
		if (!gt_live_read(live, at, &b, sizeof(b)))
			break;
		if (!is_buffer(&b, end - at)) {
			/* One whose thread was stopped before it said how large it is: nothing but zeros. */
			at = next_place(live, at + GT_BUF_SMALL);
			continue;
		}
		if (has_events(&b) && !gt_live_has_lost(live, b.gen))
			take(live, at, &b);
		at += b.bytes;
	}
	if (live->nbufs > 0)
		qsort(live->bufs, live->nbufs, sizeof(*live->bufs), by_serial);
}

/* The file may have been filled further than it says it was. */
static void read_stacks(struct gt_live *live, int parity)
{
	uint64_t at = live->head->stacks[parity];
	struct gt_live_words *to = &live->stacks[parity];
	struct gt_live_stacks table;

	if (!gt_live_read(live, at, &table, sizeof(table)))
		return;
	to->n = table.used < GT_LIVE_STACKS / sizeof(uint64_t) ? table.used : GT_LIVE_STACKS / sizeof(uint64_t);
	to->words = gt_cli_alloc(to->n + 1, sizeof(*to->words));
	if (!gt_live_read(live, at + sizeof(table), to->words, to->n * sizeof(*to->words)))
		to->n = 0;
}

static void read_texts(struct gt_live *live, int parity)
{
	struct gt_live_texts *table = gt_cli_alloc(1, GT_LIVE_TEXTS);

	live->texts[parity].table = table;
	if (gt_live_read(live, live->head->texts[parity], table, sizeof(*table)) &&
	    table->used <= GT_LIVE_TEXTS - sizeof(*table) &&
	    gt_live_read(live, live->head->texts[parity] + sizeof(*table), table->byte, table->used))
		live->texts[parity].n = table->used;
}

static void read_facts(struct gt_live *live)
{
	uint64_t at = live->head->facts[live->head->turn & 1];
	struct gt_live_facts facts;

	if (!gt_live_read(live, at, &facts, sizeof(facts)) || facts.len > GT_LIVE_FACTS - sizeof(facts))
		facts.len = 0;
	live->facts = gt_cli_alloc(1, facts.len + 1);
	if (gt_live_read(live, at + sizeof(facts), live->facts, facts.len))
		live->nfacts = facts.len;
}

/* A link that leads to a file of its own owner: nobody else made it up. */
static bool is_ours(const char *path)
{
	struct stat link, file;

	return lstat(path, &link) == 0 && stat(path, &file) == 0 && link.st_uid == file.st_uid && S_ISREG(file.st_mode);
}

static int open_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	return fd < 0 && errno == ELOOP && is_ours(path) ? open(path, O_RDONLY | O_CLOEXEC) : fd;
}

int gt_live_open(struct gt_live *live, const char *path, struct gt_error *err)
{
	struct stat st;
	int r = 0;

	memset(live, 0, sizeof(*live));
	live->fd = open_file(path);
	if (live->fd < 0)
		return errno == ENOENT ? 0 : gt_error_set(err, GT_ERR_IO, "cannot open %s: %s", path, strerror(errno));
	live->head = gt_cli_alloc(1, sizeof(*live->head));
	if (fstat(live->fd, &st) == 0 && S_ISREG(st.st_mode)) {
		live->size = (uint64_t)st.st_size;
		r = read_head(live, path, err);
	}
	if (r != 1) {
		gt_live_close(live);
		return r;
	}
	/* What events and samples name was there before them. */
	read_buffers(live);
	for (int i = 0; i < 2; i++) {
		gt_late_samples_read(&live->late[i], live, i);
		read_stacks(live, i);
		read_texts(live, i);
	}
	read_facts(live);
	return 1;
}

void gt_live_close(struct gt_live *live)
{
	close(live->fd);
	gt_arena_free(&live->arena);
	for (int i = 0; i < 2; i++) {
		free(live->stacks[i].words);
		free(live->texts[i].table);
		gt_late_samples_free(&live->late[i]);
	}
	free(live->facts);
	free(live->bufs);
	free(live->head);
	memset(live, 0, sizeof(*live));
}

bool gt_live_has_moved(const struct gt_live *live)
{
	struct gt_live_head now;

	return !gt_live_read(live, 0, &now, sizeof(now)) || now.complete != live->head->complete ||
	       now.turn != live->head->turn;
}

bool gt_live_has_ring(const struct gt_live *live)
{
	return live->head->ring_bytes > 0;
}

/* What lies in the ring from position `from` on. */
static bool copy_ring(const struct gt_live *live, const struct gt_live_head *h, uint8_t *bytes, uint64_t from)
{
	uint64_t at = from % h->ring_bytes, len = h->ring_end - from;
	uint64_t part = h->ring_bytes - at < len ? h->ring_bytes - at : len;

	return gt_live_read(live, h->ring + at, bytes, part) && gt_live_read(live, h->ring, bytes + part, len - part);
}

static bool is_ring_sane(const struct gt_live *live, const struct gt_live_head *h)
{
	const struct gt_live_head *first = live->head;

	return h->ring == first->ring && h->ring <= live->size && first->ring_bytes <= live->size - h->ring &&
	       h->ring_bytes > 0 && h->ring_bytes <= first->ring_bytes && h->ring_from <= h->complete &&
	       h->complete <= h->ring_end && h->ring_end - h->ring_from <= h->ring_bytes;
}

static bool write_all(int fd, const void *from, size_t n)
{
	while (n > 0) {
		ssize_t done = write(fd, from, n);

		if (done <= 0)
			return false;
		from = (const char *)from + done;
		n -= (size_t)done;
	}
	return true;
}

/* Generations that were about to be written over when it had been copied are left out. */
int gt_live_unroll(const struct gt_live *live, bool only_complete, int to, uint64_t *complete, struct gt_error *err)
{
	struct gt_live_head h, after = {0};
	uint8_t *bytes;
	int r = -1;

	if (!gt_live_read(live, 0, &h, sizeof(h)) || !is_ring_sane(live, &h))
		return gt_error_set(err, GT_ERR_FORMAT, "damaged");
	if (only_complete)
		h.ring_end = h.complete;
	else if (h.complete != live->head->complete)
		return 0;
	bytes = gt_cli_alloc(1, h.ring_end - h.ring_from + 1);
	if (!copy_ring(live, &h, bytes, h.ring_from) || !gt_live_read(live, 0, &after, sizeof(after)) ||
	    after.ring_from < h.ring_from)
		gt_error_set(err, GT_ERR_FORMAT, "damaged");
	else if (after.ring_from > h.complete)
		r = 0;
	else if (write_all(to, gt_header, GT_HEADER_LEN) &&
		 write_all(to, bytes + (after.ring_from - h.ring_from), h.ring_end - after.ring_from))
		r = 1;
	else
		gt_error_set(err, GT_ERR_IO, "cannot keep what its ring has: %s", strerror(errno));
	*complete = GT_HEADER_LEN + h.complete - after.ring_from;
	free(bytes);
	return r;
}

const uint64_t *gt_live_stack(const struct gt_live *live, uint64_t gen, uint64_t id, size_t *n)
{
	const struct gt_live_words *table = &live->stacks[gen & 1];
	size_t frames = id > 0 && id < table->n ? (uint32_t)table->words[id] : 0;

	if (frames == 0 || frames > GT_MAX_FRAMES || frames > table->n - id - 1)
		return NULL;
	*n = frames;
	return &table->words[id + 1];
}

/* A number may be another process's by now: ours has the file in its map. */
bool gt_live_is_written(const struct gt_live *live)
{
	char maps[64], file[PATH_MAX], *line = NULL;
	bool is_mapped = false;
	const char *name;
	size_t size = 0;
	ssize_t n;
	FILE *in;

	snprintf(maps, sizeof(maps), "/proc/self/fd/%d", live->fd);
	n = readlink(maps, file, sizeof(file) - 1);
	file[n > 0 ? n : 0] = 0;
	name = strrchr(file, '/') != NULL ? strrchr(file, '/') + 1 : file;
	snprintf(maps, sizeof(maps), "/proc/%u/maps", live->head->pid);
	in = fopen(maps, "re");
	if (in == NULL)
		return live->head->pid > 0 && errno != ENOENT && errno != ESRCH;
	while (!is_mapped && getline(&line, &size, in) > 0)
		is_mapped = strstr(line, name) != NULL;
	free(line);
	fclose(in);
	return is_mapped;
}

bool gt_live_is_blank(const char *path)
{
	static const char none[GT_LIVE_MAGIC_LEN];
	char magic[GT_LIVE_MAGIC_LEN] = {0};
	int fd = open_file(path);
	struct stat st;
	bool is_blank;

	if (fd < 0)
		return false;
	is_blank = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && pread(fd, magic, sizeof(magic), 0) >= 0 &&
		   memcmp(magic, none, sizeof(none)) == 0;
	close(fd);
	return is_blank;
}

bool gt_live_unlink(const char *path)
{
	char target[PATH_MAX];
	ssize_t n = readlink(path, target, sizeof(target) - 1);

	target[n > 0 ? n : 0] = 0;
	if (n > 0 && is_ours(path) && unlink(target) != 0 && errno != ENOENT)
		return false;
	return unlink(path) == 0;
}

const char *gt_live_text(const struct gt_live *live, uint64_t gen, uint64_t id, size_t *len)
{
	const struct gt_live_texts *texts = live->texts[gen & 1].table;
	size_t n = live->texts[gen & 1].n;
	uint32_t at;

	if (n == 0 || id < GT_STRING_TEXT || id - GT_STRING_TEXT >= GT_LIVE_TEXTS_MAX)
		return NULL;
	at = texts->at[id - GT_STRING_TEXT];
	if (at == 0 || at > n)
		return NULL;
	*len = strnlen(texts->byte + at - 1, n - at + 1);
	return *len < n - at + 1 && *len <= GT_MAX_STRING ? texts->byte + at - 1 : NULL;
}
