# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash
#
# apache with its event MPM: root starts it, its workers become another user; threads serve many clients at once; graceful
# restart; stop.
open_to() { # open_to MODE FOLDER: the workers' user comes there
	local dir=$2
	chmod "$1" "$dir"
	while dir=$(dirname "$dir") && [ -z "$(find "$dir" -maxdepth 0 -perm -o+x)" ]; do chmod o+x "$dir"; done
}
port=$(port_free)
mkdir www
pages_make www
open_to 755 "$PWD/www"
[ ! -d "$TRACES" ] || open_to 1777 "$TRACES"
modules=/usr/lib/apache2/modules
cat >apache.conf <<END
ServerRoot $PWD
ServerName localhost
PidFile $PWD/apache.pid
ErrorLog $PWD/error.log
Mutex pthread
Listen 127.0.0.1:$port
LoadModule mpm_event_module $modules/mod_mpm_event.so
LoadModule authz_core_module $modules/mod_authz_core.so
User www-data
Group www-data
DocumentRoot $PWD/www
StartServers 2
ThreadsPerChild 8
MaxRequestWorkers 32
END
server /usr/sbin/apache2 -f "$PWD/apache.conf" -D FOREGROUND &
pid=$!
until_true port_open "$port" || exit 1
fetch() {
	pages_fetch "$port"
	traced curl -s -o /dev/null -w '%{http_code}\n' "http://127.0.0.1:$port/nothing"
}
fetch
kill -USR1 "$pid"
sleep 1
fetch
stop "$pid" TERM
grep -E ':(crit|alert|emerg)' error.log
true
