# SPDX-License-Identifier: BSD-3-Clause
"""threads.py SECONDS: two threads put numbers into a queue, two take them out. Prints how many, and in how many seconds."""
import queue
import sys
import threading
import time

todo = queue.Queue(64)
counts = []
end = time.monotonic() + float(sys.argv[1])


def produce():
    n = 0
    while time.monotonic() < end:
        todo.put(n)
        n += 1
    todo.put(None)


def consume():
    n = 0
    while todo.get() is not None:
        n += 1
    counts.append(n)


start = time.monotonic()
threads = [threading.Thread(target=t) for t in (produce, produce, consume, consume)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(sum(counts), time.monotonic() - start)
