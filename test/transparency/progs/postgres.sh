# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash
#
# PostgreSQL, as its own user: a cluster made natively, pgbench with threads, parallel queries, sums that must agree.
bin=$(echo /usr/lib/postgresql/*/bin)
as=() # it refuses root
[ "$(id -u)" != 0 ] || as=(setpriv --reuid=postgres --regid=postgres --clear-groups --)
mkdir -m 777 db
"${as[@]}" "$bin/initdb" -D db/data -A trust -U postgres --no-sync -E UTF8 --locale=C.UTF-8 >initdb.log || exit 1
# shellcheck disable=SC2154 # from lib.sh
"${as[@]}" "${with[@]}" "$bin/postgres" -D db/data -k "$PWD/db" -c listen_addresses= \
	-c fsync=off -c max_parallel_workers_per_gather=2 -c min_parallel_table_scan_size=0 \
	-c parallel_setup_cost=0 -c parallel_tuple_cost=0 >server.log 2>&1 &
pid=$!
export PGHOST=$PWD/db PGUSER=postgres
until_true "$bin/pg_isready" || { cat server.log; exit 1; }
traced "$bin/pgbench" -i -s 2 -q postgres >init.out 2>&1
echo "init $?"
traced "$bin/pgbench" -c 6 -j 3 -t 60 postgres 2>&1 | grep -E 'processed|failed|threads'
traced "$bin/psql" -qAt postgres <<'END'
select sum(abalance) = (select sum(bbalance) from pgbench_branches) from pgbench_accounts;
select (select sum(tbalance) from pgbench_tellers) = (select sum(delta) from pgbench_history);
select count(*) from pgbench_history;
set debug_parallel_query = on;
select count(*), sum(aid) from pgbench_accounts where aid % 7 = 3;
listen news; notify news, 'hello';
select pg_cancel_backend(pg_backend_pid());
select 1 / 0;
create table t as select g, md5(g::text) from generate_series(1, 20000) g;
create index on t (md5);
vacuum analyze t;
select md5(string_agg(md5, ',' order by g)) from t;
END
echo "psql $?"
stop "$pid" INT
grep -cE 'PANIC|terminated by signal' server.log
true
