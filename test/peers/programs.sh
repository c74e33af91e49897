# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # its variables are those of run
#
# The real programs: how each is made to work, and what it has done then. Sourced by run. A function run_NAME runs one
# with launch or serve, and leaves in units how much was done and in elapsed in how many seconds.

port=$((20000 + $$ % 10000))
time_=${time_:-2} # seconds that those work that work for a time
server='' pidfile=''

# serve READY STOP PROGRAM ARGS...: starts a server, whose pid will be the first line of $pidfile; it answers READY then.
serve()
{
	local ready=$1 i
	shift
	rm -f "$pidfile"
	compose "$@"
	"${line[@]}" >"$work/out" 2>"$work/err" </dev/null &
	server=$!
	for ((i = 0; i < 150; i++)); do
		kill -0 "$server" 2>/dev/null || break
		$ready >/dev/null 2>&1 && return
		sleep 0.1
	done
	how="it does not answer within 15 s"
	kill "$server" 2>/dev/null
	wait "$server"
	return 1
}

# stop SIGNAL: and what it took.
stop()
{
	local i pid
	pid=$(head -n 1 "$pidfile" 2>/dev/null)
	[ -n "$pid" ] && kill "-$1" "$pid"
	for ((i = 0; i < 200; i++)); do
		kill -0 "$server" 2>/dev/null || break
		sleep 0.05
	done
	kill "$server" 2>/dev/null
	wait "$server" 2>/dev/null
}

# load CLIENTS [redis]
load()
{
	local rate
	rate=$(timeout 30 "$bin/load" "$port" "$time_" "$@" 2>"$work/err") || { how="the load: $(cat "$work/err")"; return 1; }
	units=$(awk -v rate="$rate" -v s="$time_" 'BEGIN { print rate * s }') elapsed=$time_
}

run_memcached()
{
	pidfile=$work/memcached.pid
	serve "$bin/load $port 0.01" memcached -u "$(id -un)" -U 0 -l 127.0.0.1 -p "$port" -t 4 -P "$pidfile" || return
	load 8
	stop TERM
}

run_redis()
{
	pidfile=$work/redis.pid
	serve "$bin/load $port 0.01 1 redis" redis-server --port "$port" --bind 127.0.0.1 --io-threads 2 \
		--io-threads-do-reads yes --save '' --appendonly no --dir "$work" --pidfile "$pidfile" || return
	load 16 redis
	stop TERM
}

postgres_prepare()
{
	[ "$(id -u)" != 0 ] || postgres_user=(setpriv --reuid=postgres --regid=postgres --clear-groups --)
	mkdir -m 777 "$work/db"
	"${postgres_user[@]}" "$postgres_bin/initdb" -D "$work/db/data" -A trust -U postgres --no-sync -E UTF8 \
		--locale=C.UTF-8 >"$work/db.log" 2>&1 || return
	vars=() front=()
	postgres_serve && "$postgres_bin/pgbench" -i -s 5 -q postgres >"$work/db.log" 2>&1
	stop INT
}

postgres_serve()
{
	pidfile=$work/db/data/postmaster.pid
	export PGHOST=$work/db PGUSER=postgres
	as=("${postgres_user[@]}")
	serve "$postgres_bin/pg_isready" "$postgres_bin/postgres" -D "$work/db/data" -k "$work/db" \
		-c listen_addresses= -c fsync=off -c autovacuum=off
	local status=$?
	as=()
	return $status
}

run_postgres()
{
	[ -e "$work/db" ] || postgres_prepare || { how="no database: $(tail -n 1 "$work/db.log")"; return 1; }
	postgres_serve || return
	units=$(timeout 30 "$postgres_bin/pgbench" -S -n -c 4 -j 2 -T 2 postgres 2>"$work/err" |
		awk '/transactions actually processed:/ { print $NF }')
	elapsed=2
	stop INT
}

run_pigz()
{
	local megabytes=$((120 / scale + 1))
	[ -e "$work/text" ] || find /usr/include /usr/share/doc /usr/share/go-1.23 /usr/lib -type f -print0 2>/dev/null |
		LC_ALL=C sort -z | xargs -0 cat 2>/dev/null | head -c "${megabytes}000000" >"$work/text"
	sink=/dev/null launch pigz -1 -p 4 -c "$work/text"
	units=$megabytes elapsed=
}

run_python3()
{
	launch /usr/bin/python3 "$here/work/threads.py" "$time_"
	read -r units elapsed <"$work/out"
}

run_sysbench-threads()
{
	launch sysbench threads --threads=4 --time=2 --thread-yields=100 --thread-locks=4 run
	sysbench_said 'total number of events:' 1
}

run_sysbench-mutex()
{
	local locks=$((1000000 / scale))
	launch sysbench mutex --threads=4 --mutex-num=64 --mutex-locks="$locks" --mutex-loops=30 run
	sysbench_said 'total number of events:' "$locks"
}

# sysbench_said LINE TIMES
sysbench_said()
{
	read -r units elapsed < <(awk -v line="$1" -v times="$2" '
		index($0, line) { n = $NF }
		/total time:/ { sub(/s$/, "", $NF); s = $NF }
		END { print n * times, s }' "$work/out")
}

# program TOOL NAME: one run of one; as execute.
program()
{
	units='' elapsed='' how=''
	rm -f "$work/result"
	if [ "$1" = native ]; then
		vars=() front=()
	elif ! tool_begin "$1" "$place"; then
		how="the tool cannot be started: $(tail -n 1 "$work/lttng.said")"
		tool_end "$1"
		return 1
	fi
	"run_$2"
	local said=$how
	collect
	[ "$1" = native ] || tool_end "$1"
	[ -z "$said" ] || how=$said
	[ "$how" = ok ] || return
	read -r wall cpu done_ops < <(awk -v units="$units" -v s="$elapsed" -v wall="$took_wall" -v cpu="$took_cpu" 'BEGIN {
		if (units > 0)
			printf "%.3f %.3f %.0f\n", (s ? s * 1e9 : wall) / units, cpu / units, units }')
	[ -n "${wall:-}" ] && [ "${done_ops:-0}" != 0 ] || { how="no result of the program"; return 1; }
}
