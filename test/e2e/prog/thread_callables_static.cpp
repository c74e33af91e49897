/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The same where the library is part of the program, and has no symbols.
 * Flags: -static-libstdc++ -s
 */
#include "thread_callables.cpp"
