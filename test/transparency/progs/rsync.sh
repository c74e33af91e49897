# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash
#
# rsync: three processes and pipes; a first copy, a delta, a daemon over TCP.
mkdir from
for ((i = 0; i < 30; i++)); do seq $i 5000 >from/$i; done
numbers 4 >from/big
traced rsync -a --no-whole-file from/ to/
diff -r from to && echo same
seq 100 | cat - from/big >big && mv big from/big
rm from/7
touch -d @1700000000 from from/big to to/big
touch -d @1600000000 to/big
traced rsync -ai --delete --no-whole-file from/ to/ | sort
port=$(port_free)
printf 'use chroot = no\npid file = %s/rsync.pid\n[all]\npath = %s/from\n' "$PWD" "$PWD" >rsyncd.conf
server rsync --daemon --no-detach --config=rsyncd.conf --port="$port" --address=127.0.0.1 >log 2>&1 &
pid=$!
until_true port_open "$port" || exit 1
traced rsync -az "rsync://127.0.0.1:$port/all/" over/
diff -r from over && echo same
stop "$pid"
