/* SPDX-License-Identifier: BSD-3-Clause */
#include "live.h"

#include "clock.h"
#include "file.h"
#include "format/header.h"
#include "gap.h"
#include "os.h"
#include "text.h"

#include <errno.h>
#include <linux/magic.h>
#include <sys/mman.h>
#include <sys/vfs.h>

#define MEMORY_DIR "/dev/shm"

enum {
	PAGE = 4096,
	TRIES = 100,
	MEMORY_SPARE = 16 << 20,
	FIRST_STACKS = 256 << 10,
	FIRST_TEXTS = sizeof(struct gt_live_texts) + (64 << 10)
};

static struct {
	struct gt_live_head *head;
	struct gt_live_head *window[2]; /* the first page once more; it is memory for ever, of a file or of nobody */
	int turn; /* which of them is this file's; the other is that of the one that has ended */
	int error; /* of the last attempt to grow */
	bool prepared[2]; /* by generation parity: its tables have blocks */
	uint64_t bytes; /* mapped */
	struct gt_file file, ended;
	struct gt_file link; /* to it, where it would be; path empty: there is none */
} live;

/* Where everything is, with the texts of the first generation next to what all have. Returns where buffers begin. */
static uint64_t lay_out(struct gt_live_head *h, uint64_t ring, uint32_t gen)
{
	uint64_t at = PAGE;

	for (int i = 0; i < 2; i++, at += GT_LIVE_FACTS)
		h->facts[i] = at;
	for (uint32_t i = 0; i < 2; i++, at += GT_LIVE_TEXTS)
		h->texts[(gen + i) & 1] = at;
	for (uint32_t i = 0; i < 2; i++, at += GT_LIVE_STACKS)
		h->stacks[(gen + i) & 1] = at;
	for (uint32_t i = 0; i < 2; i++, at += GT_LIVE_SAMPLES)
		h->samples[i] = at;
	h->ring = at;
	atomic_store(&h->ring_bytes, ring);
	at += ring;
	h->buffers = at;
	atomic_store(&h->carved, at);
	return at;
}

/* Where the file system does not give blocks for the asking (NFS, FUSE): what is written has some. */
static bool has_zeros(int fd, uint64_t from, uint64_t to)
{
	static const char zeros[PAGE];

	for (; from < to; from += PAGE) {
		uint64_t len = to - from < PAGE ? to - from : PAGE;

		if (GT_SYSCALL(SYS_pwrite64, fd, zeros, len, from) != (long)len)
			return false;
	}
	return true;
}

/* A signal of the program may come in between, again and again. */
static long allocate(int fd, uint64_t from, uint64_t to)
{
	long err = -EINTR;

	for (int i = 0; i < TRIES && err == -EINTR; i++)
		err = GT_SYSCALL(SYS_fallocate, fd, 0, from, to - from);
	return err;
}

/* Gives blocks to a part of the file that nobody has used. */
static bool has_room(int fd, uint64_t from, uint64_t to)
{
	long err = gt_os_file_may_have(to) ? allocate(fd, from, to) : -EFBIG;

	if (err == -EOPNOTSUPP)
		err = has_zeros(fd, from, to) ? 0 : -ENOSPC;
	live.error = (int)-err;
	return err == 0;
}

/* The blocks that everything begins with: few pieces, as a file system gives them back one by one, some of them slowly. */
static bool has_blocks(int fd, const struct gt_live_head *h, uint32_t gen)
{
	uint64_t ring = atomic_load(&h->ring_bytes), stacks = h->stacks[gen & 1];

	return has_room(fd, 0, h->texts[gen & 1] + FIRST_TEXTS) && has_room(fd, stacks, stacks + FIRST_STACKS) &&
	       has_room(fd, h->buffers, h->buffers + GT_LIVE_FIRST) &&
	       (ring == 0 || has_room(fd, h->ring, h->ring + (ring < GT_LIVE_RING_FIRST ? ring : GT_LIVE_RING_FIRST)));
}

/* What is touched is a page here and there: the kernel must not read others, of which there is nothing to be read. */
static long map(int fd, uint64_t bytes, void *where)
{
	int flags = MAP_SHARED | MAP_NORESERVE | (where ? MAP_FIXED : 0);
	long at = gt_syscall6(SYS_mmap, (long)where, (long)bytes, PROT_READ | PROT_WRITE, flags, fd, 0);

	if (at > 0 || at < -PAGE)
		GT_SYSCALL(SYS_madvise, at, bytes, MADV_RANDOM, 0);
	return at;
}

static long map_window(int turn, int fd, int flags)
{
	return gt_syscall6(SYS_mmap, (long)live.window[turn], PAGE, PROT_READ | PROT_WRITE, flags | MAP_FIXED, fd, 0);
}

static void open_window(int turn, int fd)
{
	if (!live.window[turn])
		live.window[turn] = gt_os_map(PAGE);
	if (live.window[turn] && map_window(turn, fd, MAP_SHARED) != (long)live.window[turn])
		map_window(turn, -1, MAP_PRIVATE | MAP_ANONYMOUS);
}

static void close_window(int turn)
{
	if (live.window[turn])
		map_window(turn, -1, MAP_PRIVATE | MAP_ANONYMOUS);
}

static void fill_tables(uint32_t gen)
{
	struct gt_live_stacks *stacks = gt_live_at(live.head->stacks[gen & 1]);
	struct gt_live_texts *texts = gt_live_at(live.head->texts[gen & 1]);

	atomic_store(&stacks->used, 1);
	atomic_store(&stacks->room, (FIRST_STACKS - sizeof(*stacks)) / sizeof(stacks->word[0]));
	atomic_store(&texts->room, FIRST_TEXTS - sizeof(*texts));
	live.prepared[gen & 1] = true;
}

static void fill(const struct gt_live_head *h, uint32_t gen)
{
	*live.head = *h;
	live.head->version = GT_LIVE_VERSION;
	live.head->pid = (uint32_t)gt_os_getpid();
	live.head->drops = GT_DROPS;
	live.prepared[0] = live.prepared[1] = false;
	fill_tables(gen);
	__builtin_memcpy(live.head->magic, GT_LIVE_MAGIC, GT_LIVE_MAGIC_LEN);
}

static bool has_memory(uint64_t bytes)
{
	struct statfs fs = {0};

	return GT_SYSCALL(SYS_statfs, MEMORY_DIR, &fs, 0, 0) == 0 && fs.f_type == TMPFS_MAGIC &&
	       (uint64_t)fs.f_bavail * (uint64_t)fs.f_bsize >= bytes + MEMORY_SPARE;
}

/* In memory, under a name that nobody else has. A descriptor, or minus an errno: of the link, not to be tried elsewhere. */
static int create_in_memory(const char *path)
{
	char name[64];
	struct gt_text text = {name, sizeof(name)};
	int fd;
	long err;

	gt_text_add(&text, MEMORY_DIR "/gtrace.");
	gt_text_number(&text, (uint64_t)gt_os_getpid(), 10);
	gt_text_char(&text, '.');
	gt_text_number(&text, gt_clock_realtime(), 16);
	fd = gt_file_create(&live.file, name, O_RDWR);
	if (fd < 0)
		return gt_file_create(&live.file, path, O_RDWR);
	err = gt_file_link(&live.link, path, name);
	if (err == 0)
		return fd;
	gt_file_remove(&live.file);
	gt_os_close(fd);
	return (int)err;
}

static int create(const char *path, uint64_t ring)
{
	live.link.id.inode = 0;
	return ring && has_memory(ring) ? create_in_memory(path) : gt_file_create(&live.file, path, O_RDWR);
}

long gt_live_start(const char *path, uint64_t buffers, uint64_t ring, uint32_t gen)
{
	static struct gt_live_head h; /* the stack may be small */
	int fd = create(path, ring);
	long at;

	if (fd < 0)
		return fd;
	__builtin_memset(&h, 0, sizeof(h));
	live.bytes = lay_out(&h, ring, gen) + buffers;
	atomic_store(&h.complete, ring ? 0 : GT_HEADER_LEN);
	at = has_blocks(fd, &h, gen) ? map(fd, live.bytes, NULL) : -live.error;
	if (at >= 0 || at <= -PAGE)
		open_window(!live.turn, fd);
	gt_os_close(fd);
	if (at <= 0 && at > -PAGE) {
		gt_live_remove();
		return at ? at : -ENOMEM;
	}
	live.head = (struct gt_live_head *)at;
	live.turn = !live.turn;
	fill(&h, gen);
	return 0;
}

/* What of a ring is in use. */
static uint64_t ring_used(const struct gt_live_head *h)
{
	return atomic_load(&h->ring_end) < atomic_load(&h->ring_bytes) ? atomic_load(&h->ring_end)
								       : atomic_load(&h->ring_bytes);
}

/* The next head says of the trace what this one does, and its ring has what this one has. */
static bool hand_over(struct gt_live_head *h, int fd, uint32_t gen)
{
	uint64_t ring = ring_used(live.head);

	for (int i = 0; i < GT_DROPS; i++)
		atomic_store(&h->dropped[i], atomic_load(&live.head->dropped[i]));
	atomic_store(&h->complete, atomic_load(&live.head->complete));
	atomic_store(&h->ring_bytes, atomic_load(&live.head->ring_bytes));
	atomic_store(&h->ring_from, atomic_load(&live.head->ring_from));
	atomic_store(&h->ring_end, atomic_load(&live.head->ring_end));
	return has_blocks(fd, h, gen) &&
	       (ring == 0 || (has_room(fd, h->ring, h->ring + ring) &&
			      GT_SYSCALL(SYS_pwrite64, fd, gt_live_at(live.head->ring), ring, h->ring) == (long)ring));
}

/* If there is no room for it, memory without a file stays: whoever looks for the live file finds none. */
bool gt_live_renew(uint32_t gen)
{
	static struct gt_live_head h; /* the stack may be small */
	uint64_t ring = live.head->buffers - live.head->ring;
	int fd = create(live.link.path[0] ? live.link.path : live.file.path, ring);
	bool done;

	if (fd < 0)
		return false;
	__builtin_memset(&h, 0, sizeof(h));
	lay_out(&h, ring, gen);
	done = hand_over(&h, fd, gen) && map(fd, live.bytes, live.head) == (long)live.head;
	if (done)
		open_window(live.turn, fd);
	gt_os_close(fd);
	if (done)
		fill(&h, gen);
	else
		gt_live_remove();
	return done;
}

struct gt_live_head *gt_live_head(void)
{
	return live.head;
}

_Atomic uint64_t *gt_live_drops(void)
{
	return live.window[live.turn] ? live.window[live.turn]->dropped : NULL;
}

void *gt_live_at(uint64_t place)
{
	return (uint8_t *)live.head + place;
}

static int open_to_grow(void)
{
	int fd = gt_file_open(&live.file, O_RDWR);

	if (fd < 0)
		live.error = -fd;
	return fd;
}

bool gt_live_solid(uint64_t from, uint64_t to)
{
	int fd = open_to_grow();
	bool done = fd >= 0 && has_room(fd, from, to);

	if (fd >= 0)
		gt_os_close(fd);
	return done;
}

void gt_live_prepare(uint32_t gen)
{
	uint64_t stacks = live.head->stacks[gen & 1], texts = live.head->texts[gen & 1];
	int fd = live.prepared[gen & 1] ? -1 : open_to_grow();

	if (fd < 0)
		return;
	if (has_room(fd, stacks, stacks + FIRST_STACKS) && has_room(fd, texts, texts + FIRST_TEXTS))
		fill_tables(gen);
	gt_os_close(fd);
}

bool gt_live_is_prepared(uint32_t gen)
{
	return live.prepared[gen & 1];
}

int gt_live_error(void)
{
	return live.error;
}

void gt_live_lose(const struct gt_gap_times *times)
{
	struct gt_live_head *h = live.window[live.turn];

	if (!h)
		return;
	h->gap_after = times->after;
	h->gap_from = times->from;
	h->gap_to = times->to;
	h->gap_cause = times->cause;
	h->gap_error = (uint32_t)times->error;
	if (atomic_load(&h->lost) == 0)
		atomic_store(&h->lost, 1);
}

/* What can't be reached keeps its size, and is no more than its head says. */
void gt_live_end(bool is_kept)
{
	struct gt_live_head *head = live.head;
	int fd = head && is_kept ? gt_file_open(&live.file, O_RDWR) : -1;

	if (!head)
		return;
	live.head = NULL;
	gt_os_unmap(head, live.bytes);
	if (!is_kept)
		gt_live_remove();
	if (fd >= 0) {
		GT_SYSCALL(SYS_ftruncate, fd, PAGE, 0, 0);
		gt_os_close(fd);
	}
	live.ended = live.file;
	gt_file_forget(&live.file);
}

void gt_live_bury(void)
{
	gt_file_remove(&live.ended);
	close_window(!live.turn);
}

void gt_live_give(uint32_t uid)
{
	gt_file_give(&live.link, uid);
	gt_file_give(&live.file, uid);
}

void gt_live_remove(void)
{
	gt_file_remove(&live.link);
	gt_file_remove(&live.file);
}

/* A child that another thread forks in between must not unmap what lies there by then: it finds nothing. */
void gt_live_detach(void)
{
	struct gt_live_head *head = live.head;

	live.head = NULL;
	live.error = 0;
	gt_file_forget(&live.file);
	gt_file_forget(&live.ended);
	gt_file_forget(&live.link);
	close_window(0);
	close_window(1);
	if (head)
		gt_os_unmap(head, live.bytes);
}
