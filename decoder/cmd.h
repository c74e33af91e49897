/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The commands of gtrace, one per row of commands.def and per file cmd_*.c.
 *
 * Each gets its own part of the command line with argv[0] set to "gtrace", may call exit() for --help and for
 * wrong usage, and returns an exit status of cli.h. Each closes standard output itself, with gt_cli_close().
 */
#ifndef GT_CMD_H
#define GT_CMD_H

#define COMMAND(name) int gt_cmd_##name(int argc, char **argv);
#include "commands.def"

#endif
