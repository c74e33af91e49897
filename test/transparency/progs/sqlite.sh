# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash
#
# Processes that write one SQLite database, in rollback and in WAL mode.
for mode in delete wal; do
	traced sqlite3 $mode.db "pragma journal_mode=$mode; create table t (p, n);"
	writers=()
	for p in 1 2 3 4; do
		{
			echo '.timeout 60000'
			for n in {1..40}; do echo "insert into t values ($p, $n);"; done
		} | traced sqlite3 $mode.db &
		writers+=($!)
	done
	wait "${writers[@]}"
	traced sqlite3 $mode.db 'select p, count(*), sum(n) from t group by p; pragma integrity_check;'
done
traced sqlite3 :memory: 'pragma threads=4; create table x as with recursive c(i) as (select 1 union all select i + 1 from c
	where i < 200000) select i * 7919 % 100003 as k from c; create index y on x(k); select sum(k), count(distinct k) from x;'
