/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Objects in a table that all threads change: each takes, grows and gives back what it finds, in every way that C knows.
 * And what the allocator says of them.
 */
#include <dlfcn.h>
#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { PLACES = 4000 };
static void *place[PLACES];
static pthread_mutex_t table = PTHREAD_MUTEX_INITIALIZER;

/* Puts an object in a place, and returns what was there. */
static inline void *objects_swap(unsigned at, void *object)
{
	void *old;

	pthread_mutex_lock(&table);
	old = place[at % PLACES];
	place[at % PLACES] = object;
	pthread_mutex_unlock(&table);
	return old;
}

static inline void objects_keep(void *object)
{
	static unsigned next;

	free(objects_swap(next++, object));
}

static inline void *objects_take(unsigned how, size_t size)
{
	void *p = NULL;

	switch (how) {
	case 0:
		return calloc(size / 8 + 1, 8);
	case 1:
		return memalign(64, size);
	case 2:
		return aligned_alloc(4096, (size + 4095) & ~(size_t)4095);
	case 3:
		return posix_memalign(&p, 256, size) == 0 ? p : NULL;
	case 4:
		return valloc(size);
	case 5:
		return reallocarray(NULL, size / 16 + 1, 16);
	case 6:
		return realloc(malloc(size), 2 * size + 1);
	default:
		return malloc(size);
	}
}

static inline void objects_change(unsigned *seed)
{
	unsigned at = (unsigned)rand_r(seed), how = (unsigned)rand_r(seed) % 20;
	size_t size = (size_t)rand_r(seed) % (rand_r(seed) % 50 ? 3000 : 300000);
	void *object = objects_take(how, size), *old;

	if (object)
		memset(object, 1, size);
	old = objects_swap(at, object);
	if (how < 10)
		old = realloc(old, size / 2 + 1);
	free(old);
}

static inline void objects_free(void)
{
	for (unsigned i = 0; i < PLACES; i++)
		free(objects_swap(i, NULL));
}

static inline size_t own_count(void)
{
	size_t sum = 0;

	for (unsigned i = 0; i < PLACES; i++)
		sum += place[i] ? malloc_usable_size(place[i]) : 0;
	return sum;
}

static inline size_t jemalloc_count(void)
{
	int (*ctl)(const char *, void *, size_t *, void *, size_t) =
		(int (*)(const char *, void *, size_t *, void *, size_t))dlsym(RTLD_DEFAULT, "mallctl");
	unsigned long long epoch = 1;
	size_t used = 0, len = sizeof(epoch);

	if (!ctl || ctl("epoch", &epoch, &len, &epoch, sizeof(epoch)) != 0)
		return 0;
	len = sizeof(used);
	return ctl("stats.allocated", &used, &len, NULL, 0) == 0 ? used : 0;
}

static inline size_t tcmalloc_count(void)
{
	int (*get)(const char *, size_t *) =
		(int (*)(const char *, size_t *))dlsym(RTLD_DEFAULT, "MallocExtension_GetNumericProperty");
	size_t used = 0;

	return get && get("generic.current_allocated_bytes", &used) ? used : 0;
}

static inline size_t glibc_count(void)
{
	struct mallinfo2 info = mallinfo2();

	return info.uordblks + info.hblkhd;
}

static inline size_t objects_in_use(const char *kind)
{
	switch (*kind) {
	case 'g':
		return glibc_count();
	case 'j':
		return jemalloc_count();
	case 't':
		return tcmalloc_count();
	default:
		return own_count();
	}
}
