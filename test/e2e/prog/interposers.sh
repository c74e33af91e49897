#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
#
# interposers.sh NAME: programs that preload a library of their own into their children, or change what is preloaded.
command -v "$1" >/dev/null || { echo "no $1 here" >&2; exit 77; }
case $1 in
fakeroot)
	fakeroot sh -c 'id -u; touch owned; chown 12:34 owned; stat -c "%u %g" owned; sort </etc/passwd | head -n 1'
	rm -f owned
	;;
stdbuf)
	printf 'one\ntwo\n' | stdbuf -oL -i0 sed s/o/0/
	stdbuf -o0 printf 'no newline'
	;;
eatmydata)
	eatmydata sh -c 'echo synced >file; sync; cat file'
	;;
nohup)
	nohup env -i /bin/echo no environment 2>&1
	setsid sh -c 'echo a session of its own'
	;;
esac
echo "status $?"
