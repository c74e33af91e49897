/* SPDX-License-Identifier: BSD-3-Clause */
#include "snapshot.h"

#include "../shim/format/spec.h"
#include "../shim/format/varint.h"

int gt_snapshot_read(struct gt_snapshot *snapshot, uint64_t time, const uint8_t *p, const uint8_t *end,
		     struct gt_error *err)
{
	while (p < end) {
		uint8_t type = *p++;
		uint64_t v[4];

		if (type != GT_FR_Frequency && type != GT_FR_ClockSnapshot)
			return gt_error_set(err, GT_ERR_FORMAT, "a record of type %d in a sync batch", type);
		if (type == GT_FR_Frequency ? snapshot->has_frequency : snapshot->known)
			return gt_error_set(err, GT_ERR_FORMAT, "two records %s in a generation", gt_frame_name[type]);
		p = gt_varint_get_all(p, end, v, type == GT_FR_Frequency ? 1 : 4);
		if (p == NULL)
			return gt_error_set(err, GT_ERR_FORMAT, "%s: a number is cut off or malformed",
					    gt_frame_name[type]);
		if (type == GT_FR_Frequency) {
			snapshot->frequency = v[0];
			snapshot->has_frequency = true;
			continue;
		}
		time += v[0];
		snapshot->time = time;
		snapshot->mono = v[1];
		snapshot->sec = v[2];
		snapshot->nsec = v[3];
		snapshot->known = true;
	}
	return 0;
}
