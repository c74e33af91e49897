/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Whose the files of the trace are, when the process gives up root's rights: they were created with these, nobody but root could
 * open them, and the rest of the trace would have to stay in the live file.
 */
#ifndef GT_OWNER_H
#define GT_OWNER_H

#include <stdint.h>

/*
 * The effective user is about to become `uid` (-1: stays who it is). What was recorded is brought to the file, and both files go to
 * that user, who has the memory that they are of, too. Makes no difference to others than root.
 */
void gt_owner_change(uint32_t uid);

/* The user did not change after all. */
void gt_owner_keep(void);

#endif
