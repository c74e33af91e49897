# SPDX-License-Identifier: BSD-3-Clause
"""Threads, a thread pool and subprocesses under load for about half a second; prints what it computed."""
import concurrent.futures
import queue
import subprocess
import threading
import time

todo, results = queue.Queue(), queue.Queue()


def worker():
    while (n := todo.get()) is not None:
        results.put(n * n)


threads = [threading.Thread(target=worker) for _ in range(4)]
for t in threads:
    t.start()
for n in range(2000):
    todo.put(n)
for t in threads:
    todo.put(None)
for t in threads:
    t.join()
print(sum(results.get() for _ in range(2000)))

with concurrent.futures.ThreadPoolExecutor(4) as pool:
    print(sum(pool.map(lambda n: n + 1, range(1000))))
    list(pool.map(lambda _: time.sleep(0.001), range(800)))

for word in ("one", "two"):
    print(subprocess.run(["echo", word], stdout=subprocess.PIPE, check=True).stdout.decode(), end="")
