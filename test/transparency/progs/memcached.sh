# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash
#
# memcached with four threads, a load from the e2e tests beside it, and its own counters afterwards.
port=$(port_free)
server /usr/bin/memcached -u "$(id -un)" -t4 -l 127.0.0.1 -p "$port" -m 64 &
pid=$!
until_true port_open "$port" || exit 1
traced /usr/bin/python3 "$TESTS/../e2e/load/memcached.py" "$port"
exec 5<>"/dev/tcp/127.0.0.1/$port"
printf 'stats\r\nquit\r\n' >&5
grep -aE '^STAT (cmd_get|cmd_set|get_hits|get_misses|threads|curr_items) ' <&5
exec 5>&-
stop "$pid"
