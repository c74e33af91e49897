/* SPDX-License-Identifier: BSD-3-Clause */
#define SIZE 200
#include "samples_in_plugins.plugin.c"
