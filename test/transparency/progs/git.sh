# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash
#
# git with threads: a repository with fixed names and dates, so that every object is the same; clone, fsck, gc, grep.
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_DATE='1700000000 +0000' GIT_COMMITTER_DATE='1700000000 +0000'
g() {
	traced git -c pack.threads=4 -c index.threads=4 -c grep.threads=4 -c core.preloadIndex=true -c init.defaultBranch=main \
		-c gc.autoDetach=false -c advice.detachedHead=false "$@"
}
mkdir repo
cd repo || exit 1
g init -q
for round in 1 2 3 4; do
	mkdir -p d$round
	for ((i = 0; i < 60; i++)); do seq $((i * round)) $((i * round + 200)) >d$round/$i; done
	g add -A
	g commit -q -m "round $round"
done
g grep -c '^77$' | sha256sum
g repack -q -a -d -f --depth=20
g gc -q --prune=now
g fsck --no-progress
g clone -q --no-local . ../copy
g -C ../copy fsck --full --no-progress
g -C ../copy checkout -q HEAD~2
g log --format='%H %s'
g archive --format=tar HEAD | sha256sum
find .git/objects -name '*.pack' -exec git verify-pack {} + && echo verified
g bisect start HEAD HEAD~3
g bisect run sh -c 'test ! -e d3' | sed 's/\[[0-9a-f]*\]/[]/' | sed -n 1,40p
