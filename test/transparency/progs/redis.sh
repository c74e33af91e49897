# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash
#
# redis with I/O threads under a load, a forked save, and the digest of all that it holds.
server /usr/bin/redis-server --port 0 --unixsocket "$PWD/redis.sock" --io-threads 4 --io-threads-do-reads yes \
	--save '' --dir "$PWD" --enable-debug-command local --appendonly yes >log 2>&1 &
pid=$!
cli() {
	traced /usr/bin/redis-cli -s redis.sock "$@"
}
until_true /usr/bin/redis-cli -s redis.sock ping || exit 1
for ((i = 0; i < 5000; i++)); do echo "SET key:$i value:$((i * i))"; done | cli --pipe | tail -n 1
traced /usr/bin/redis-benchmark -s redis.sock -n 600 -c 10 -t get,incr -q >/dev/null
cli get counter:__rand_int__
cli dbsize
cli debug digest
cli bgsave
until_true sh -c '/usr/bin/redis-cli -s redis.sock info persistence | grep -q rdb_bgsave_in_progress:0'
cli info persistence | grep -E 'bgsave_status|aof_last_write'
cli bgrewriteaof
until_true sh -c '/usr/bin/redis-cli -s redis.sock info persistence | grep -q aof_rewrite_in_progress:0'
cli eval 'local s = 0; for i = 1, 1000 do s = s + i end; return s' 0
stop "$pid"
grep -ciE 'warning: .*crash|bug report' log
true
