# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash
#
# curl against Python's threaded HTTP server; curl resolves names in a thread of its own.
port=$(port_free)
mkdir www
for ((i = 0; i < 10; i++)); do numbers 1 | tail -c $((100000 + i)) >www/$i; done
server /usr/bin/python3 -m http.server --bind 127.0.0.1 --directory www "$port" >/dev/null 2>&1 &
pid=$!
until_true port_open "$port" || exit 1
traced curl -s --no-progress-meter --parallel --parallel-max 5 "http://localhost:$port/[0-9]" -o 'result/#1'
echo "parallel $?"
traced curl -s -w '%{http_code} %{size_download}\n' -o /dev/null "http://127.0.0.1:$port/3"
traced curl -s -f "http://127.0.0.1:$port/none"
echo "missing $?"
traced curl -s http://name.invalid/
echo "no such name $?"
traced curl -s --max-time 1 --connect-timeout 1 http://127.0.0.1:1/
echo "refused $?"
stop "$pid"
