/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Tables keyed by 64-bit ids, on uthash: a cheaper hash for such keys, and lookups by value. A file that includes this can
 * have no tables with other keys: they would be compared by eight bytes.
 */
#ifndef GT_MAP_H
#define GT_MAP_H

#include <stdint.h>

#define HASH_FUNCTION(keyptr, keylen, hashv)                                                                           \
	do {                                                                                                           \
		uint64_t mixed_;                                                                                       \
		memcpy(&mixed_, (keyptr), sizeof(mixed_));                                                             \
		mixed_ *= 0x9e3779b97f4a7c15u;                                                                         \
		(hashv) = (unsigned)((mixed_ ^ (mixed_ >> 32)) * 0x85ebca6bu >> 1);                                    \
	} while (0)
#define HASH_KEYCMP(a, b, n) (*(const uint64_t *)(a) != *(const uint64_t *)(b))

/* A node that memory is short for is not added; whoever adds looks at hh.tbl. */
#define HASH_NONFATAL_OOM 1
#include <uthash.h>

/* For heads, ids and nodes: the field `id` is the key. */
#define GT_MAP_FIND(head, key, node) HASH_FIND(hh, head, &(key), sizeof(uint64_t), node)
#define GT_MAP_ADD(head, node) HASH_ADD(hh, head, id, sizeof(uint64_t), node)

#endif
