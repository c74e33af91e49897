# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash
#
# MariaDB: clients at the same time in transactions, deadlocks retried, sums that must agree, an orderly stop.
mkdir db
mariadb-install-db --no-defaults --datadir="$PWD/db" --auth-root-authentication-method=normal --skip-test-db \
	--user="$(id -un)" >install.log 2>&1 || { tail -n 5 install.log; exit 1; }
server /usr/sbin/mariadbd --no-defaults --user="$(id -un)" --datadir="$PWD/db" --socket="$PWD/db.sock" --skip-networking \
	--pid-file="$PWD/db.pid" --innodb-buffer-pool-size=32M --thread-handling=pool-of-threads --thread-pool-size=3 \
	>server.log 2>&1 &
pid=$!
sql() {
	traced /usr/bin/mariadb --no-defaults -uroot -S db.sock -N "$@"
}
until_true mariadb-admin --no-defaults -uroot -S db.sock ping || { tail server.log; exit 1; }
sql -e 'create database t; create table t.a (id int primary key, v bigint) engine=innodb;
	insert into t.a select seq, 0 from t.nothing' 2>&1 | sed 's/line [0-9]*/line N/'
sql t -e 'insert into a select seq, 0 from seq_1_to_200; create table b (id int auto_increment primary key, w int) engine=aria'
clients=()
for client in 1 2 3 4 5 6; do
	for ((i = 1; i <= 60; i++)); do
		echo "start transaction; update a set v = v + $i where id = $(((i * client) % 10 + 1));"
		echo "insert into b (w) values ($i); commit;"
	done | sql t &
	clients+=($!)
done
wait "${clients[@]}"
sql t -e 'select sum(v) from a; select count(*), sum(w) from b; checksum table a'
mariadb-slap --no-defaults -uroot -S db.sock --concurrency=8 --iterations=2 --auto-generate-sql \
	--number-of-queries=400 >/dev/null
echo "slap $?"
sql -e 'kill query 99999' 2>&1
stop "$pid"
grep -cE 'got signal|Assertion|corrupt' server.log
true
