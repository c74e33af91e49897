# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash
#
# Libraries of test builds (shim/torture.h). Sourced; what make says goes to standard output.

# The one with delays injected that also checks the order of its own locks (GT_DEBUG), below the build directory $1.
variant_delays()
{
	make -s -j"$(nproc)" -C "$(variant_root)" BUILD="$1/delays" EXTRA_CFLAGS="-DGT_TORTURE -DGT_DEBUG" "$1/delays/libgtrace.so" 2>&1
}

# The one without rule $2, in directory $3. Files that don't read torture.h are the same in each: from the build directory $1.
variant_without_rule()
{
	mkdir -p "$3" && cp -a "$1/o" "$3/o" || return 1
	grep -lF shim/torture.h "$3"/o/{shim,preload}/*.d | sed 's/\.d$/.o/' | xargs rm -f
	sed -i -E "s|^[^ ]*/o/(shim\|preload)/|$3/o/\1/|" "$3"/o/{shim,preload}/*.d
	make -s -j"$(nproc)" -C "$(variant_root)" BUILD="$3" EXTRA_CFLAGS="-DGT_TORTURE -DGT_BREAK_RULE=$2" "$3/libgtrace.so" 2>&1
}

variant_root()
{
	cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd
}
