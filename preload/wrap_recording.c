/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Annotations: when the program wants to be recorded.
 */
#include "annotations.h"

#include "../shim/recording.h"

int gt_wrap_gtrace_start(void)
{
	return gt_recording_start();
}

int gt_wrap_gtrace_stop(void)
{
	return gt_recording_stop();
}

int gt_wrap_gtrace_snapshot(void)
{
	return gt_recording_save();
}

int gt_wrap_gtrace_flush(void)
{
	return gt_recording_flush();
}
