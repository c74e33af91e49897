# SPDX-License-Identifier: BSD-3-Clause
# Takes and gives back memory, and prints at quiet moments how much of it libc says is in use; then sleeps.
import ctypes
import gc
import sys
import threading
import time


class Info(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in
                "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost".split()]


mallinfo2 = ctypes.CDLL(None).mallinfo2
mallinfo2.restype = Info


def quiet():
    gc.collect()
    info = mallinfo2()
    print(info.uordblks + info.hblkhd, flush=True)
    time.sleep(0.5)


def fill(table, n):
    for i in range(n):
        table[i] = ("value of", i, [i] * (i % 50), str(i) * (i % 20))


quiet()
table = {}
fill(table, 200000)
quiet()
for i in range(0, 200000, 2):
    del table[i]
quiet()
tables = [{} for _ in range(4)]
threads = [threading.Thread(target=fill, args=(t, 20000)) for t in tables]
for t in threads:
    t.start()
for t in threads:
    t.join()
quiet()
