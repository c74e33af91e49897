/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Packs the facts of a full buffer: most are what the thread said before in the same place, and become a bit.
 */
#ifndef GT_PACK_H
#define GT_PACK_H

#include <stdint.h>

/*
 * Packs the records in [facts, end), as the recorder left them, into less than end - facts bytes from *to on. Returns where the
 * payload begins, magic included, and moves *to behind it; NULL: they do not become less. Under the switch lock.
 */
uint8_t *gt_pack(uint8_t **to, const uint8_t *facts, const uint8_t *end);

#endif
