# SPDX-License-Identifier: BSD-3-Clause
"""memcached.py PORT: four connections set and get 500 values each, and every value must come back."""
import socket
import sys
import threading

bad = []


def client(number):
    with socket.create_connection(("127.0.0.1", int(sys.argv[1])), 10) as s, s.makefile("rb") as f:
        for i in range(500):
            value = b"%d-%d" % (number, i)
            s.sendall(b"set k%d 0 0 %d\r\n%s\r\nget k%d\r\n" % (number, len(value), value, number))
            lines = [f.readline().strip() for _ in range(4)]
            if lines[0] != b"STORED" or lines[2] != value:
                bad.append(lines)


threads = [threading.Thread(target=client, args=(n,)) for n in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print("all came back" if not bad else bad[0])
