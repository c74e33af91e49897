#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Usage: scripts/setup.sh [all|peers]
#
# Installs the Debian packages that building and testing need and that are missing, and says which. Safe to
# repeat; does nothing when all are there. Packages that only some tests need are asked for too, but those tests
# say 'skipped' when they can't be had. With 'all' also what every case of scripts/transparency needs: some two
# gigabytes of servers, compilers and libraries that 'make check' does without. With 'peers' the tools and programs of
# 'make bench-peers'.
set -u

must="gcc make libc6-dev uthash-dev libcriterion-dev libdw-dev libelf-dev libiberty-dev pigz"
nice="g++ clang lld pkg-config libclang-rt-14-dev clang-format clang-tidy shellcheck codespell gdb libunwind-dev memcached redis-server redis-tools python3 qemu-utils default-jdk-headless libc6-i386 libgc-dev guile-3.0 w3m libjemalloc2 libtcmalloc-minimal4 libmimalloc2.0 valgrind"
peers="lttng-tools liblttng-ust-dev babeltrace2 uftrace strace ltrace eztrace otf2-tools linux-perf sysbench postgresql"
go="golang-1.23-go golang-1.23-src"
case ${1:-} in
'') full= ;;
all) full=$(awk -F '\t' '!/^#/ && NF { gsub(/^-$|\|[^ ]*/, "", $2); print $2 }' "$(dirname "$0")/../test/transparency/cases.tsv" | xargs -n1 | sort -u) ;;
peers) full=$peers ;;
*) sed -n 3p "$0" >&2; exit 2 ;;
esac

sudo=
[ "$(id -u)" -eq 0 ] || sudo=sudo

missing() {
	for package; do
		dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || echo "$package"
	done
}

# The suite of backports comes from the mirror that the machine already uses.
add_backports() {
	apt-cache policy golang-1.23-go 2>/dev/null | grep -q 'Candidate: 1' && return 0
	mirror=$(apt-get indextargets --format '$(REPO_URI)' 2>/dev/null | grep -m1 '/debian/*$')
	[ -n "$mirror" ] || return 1
	echo "setup: adding bookworm-backports from $mirror for Go's trace reader"
	echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror bookworm-backports main" |
		$sudo tee /etc/apt/sources.list.d/gtrace-backports.list >/dev/null
	$sudo apt-get update -q >/dev/null 2>&1
}

# Servers among the packages must not start by themselves.
install() {
	policy=/usr/sbin/policy-rc.d
	made=
	if [ ! -e $policy ]; then
		printf '#!/bin/sh\nexit 101\n' | $sudo tee $policy >/dev/null && $sudo chmod 755 $policy && made=1
	fi
	DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -q --no-install-recommends "$@" >/dev/null 2>&1
	status=$?
	[ -z "$made" ] || $sudo rm -f $policy
	return $status
}

want=$(missing $must $nice $go $full | sort -u)
if [ -z "$want" ]; then
	echo "setup: everything is there"
	exit 0
fi
echo "setup: installing" $want
$sudo apt-get update -q >/dev/null 2>&1
add_backports || echo "setup: bookworm-backports can't be had: tests against Go's reader will be skipped"
# shellcheck disable=SC2086
install $want || for package in $want; do
	install "$package" || echo "setup: the package $package can't be had"
done
lacking=$(missing $must)
if [ -n "$lacking" ]; then
	echo "setup: cannot go on without:" $lacking >&2
	exit 1
fi
