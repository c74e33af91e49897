#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# As main.c, the ways of Python: ending_python PAGE NAME, ending_python -l. Threads are those of the interpreter.
import ctypes
import mmap
import os
import struct
import sys
import threading
import time

SAID, STATUS, ROWS = 40, 7, 128
library = ctypes.CDLL(None)
has_library = hasattr(library, "gtrace_log")


class Row:
    """As struct row of page.h."""

    def __init__(self):
        number = struct.unpack_from("I", page)[0]
        struct.pack_into("I", page, 0, number + 1)
        self.number, self.said, self.at = number, 0, 4 + 12 * number
        struct.pack_into("I", page, self.at, os.getpid())

    def say(self):
        if not has_library:
            return
        self.said += 1
        struct.pack_into("I", page, self.at + 4, self.said)
        library.gtrace_log(ctypes.c_uint64(0), b"ends", b"%d %d" % (self.number, self.said))
        struct.pack_into("I", page, self.at + 8, self.said)

    def say_if_on(self):
        if not has_library or not library.gtrace_is_on():
            return
        struct.pack_into("I", page, self.at + 4, self.said + 1)
        library.gtrace_log(ctypes.c_uint64(0), b"ends", b"%d %d" % (self.number, self.said + 1))
        if library.gtrace_is_on():
            self.said += 1
            struct.pack_into("I", page, self.at + 8, self.said)


def go_on(row):
    while True:
        row.say_if_on()
        time.sleep(0.0003)


def say_often(row):
    for _ in range(SAID):
        row.say()


def end__exit():
    os._exit(STATUS)


def end_exit():
    sys.exit(STATUS)


def end_uncaught():
    raise ValueError("nobody catches this")


def end_abort():
    os.abort()


def end_fork():
    sys.stdout.flush()
    if os.fork() == 0:
        say_often(Row())
        os._exit(STATUS)
    os.wait()
    say_often(Row())


ENDINGS = {"_exit": (0, 1), "exit": (0, 1), "uncaught": (0, 1), "abort": (1, 1), "fork": (0, 2)}

if sys.argv[1] == "-l":
    for name, (live, traces) in ENDINGS.items():
        print(name, live, traces)
    sys.exit(0)
with open(sys.argv[1], "w+b") as file:
    file.truncate(4 + 12 * ROWS)
    page = mmap.mmap(file.fileno(), 4 + 12 * ROWS)
threading.Thread(target=go_on, args=(Row(),), daemon=True).start()
other = threading.Thread(target=say_often, args=(Row(),))
other.start()
other.join()
say_often(Row())
print("the end")
globals()["end_" + sys.argv[2]]()
