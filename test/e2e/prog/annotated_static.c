/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A static program finds nobody to tell anything.
 * Flags: -static
 */
#include "annotated.c"
