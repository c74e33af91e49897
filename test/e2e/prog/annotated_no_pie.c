/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A program that is not position-independent, where the compiler and the linker could decide for good that there is no library.
 * Flags: -fno-pie -no-pie -O2
 */
#include "annotated.c"
