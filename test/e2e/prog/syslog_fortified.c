/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The same through __syslog_chk, which the compiler's headers call when they check.
 * Flags: -O2 -D_FORTIFY_SOURCE=2
 */
#include "syslog_with_floats.c"
