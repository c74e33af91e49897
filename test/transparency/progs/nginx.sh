# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash
#
# nginx: a master, two workers, files read by a thread pool; many clients at once; reload; quit.
port=$(port_free)
mkdir www nginx
numbers 2 >www/big
pages_make www
cat >nginx.conf <<END
daemon off;
worker_processes 2;
user root root;
pid $PWD/nginx.pid;
error_log $PWD/error.log;
thread_pool readers threads=4;
events { worker_connections 256; }
http {
	access_log $PWD/access.log;
	client_body_temp_path nginx/body; proxy_temp_path nginx/proxy; fastcgi_temp_path nginx/fastcgi;
	uwsgi_temp_path nginx/uwsgi; scgi_temp_path nginx/scgi;
	server {
		listen 127.0.0.1:$port reuseport;
		root $PWD/www;
		aio threads=readers;
		directio 512k;
		output_buffers 2 64k;
		location /back { proxy_pass http://127.0.0.1:$port/big; }
	}
}
END
server /usr/sbin/nginx -p "$PWD" -c "$PWD/nginx.conf" &
pid=$!
until_true port_open "$port" || exit 1
fetch() {
	pages_fetch "$port"
	traced curl -s "http://127.0.0.1:$port/big" "http://127.0.0.1:$port/back" | sha256sum
	traced curl -s -o /dev/null -w '%{http_code}\n' -r 100-199 "http://127.0.0.1:$port/big"
	traced curl -s -o /dev/null -w '%{http_code}\n' "http://127.0.0.1:$port/nothing"
}
fetch
kill -HUP "$pid"
sleep 0.5
fetch
stop "$pid" QUIT
awk '{print $9}' access.log | sort | uniq -c
grep -E 'crit|alert|emerg' error.log
true
