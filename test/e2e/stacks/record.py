# SPDX-License-Identifier: BSD-3-Clause
"""gdb's answers: gdb -batch -x record.py -ex "stacks ANSWERS" --args PROGRAM ARGUMENT...

A point is the first call of one of FUNCTIONS by a thread whose name has a slash. One line of JSON each: its name and
its frames from the caller of that function outwards, as module, offset from the module's first byte, function and kind:
'call', 'inline' (of the next call; the same offset) or 'signal' (a return into the kernel's frame).
"""
import json
import re

import gdb

FUNCTIONS = """
    pthread_mutex_lock pthread_cond_wait pthread_cond_timedwait pthread_cond_clockwait sem_wait pthread_rwlock_wrlock
    pthread_barrier_wait pthread_join nanosleep clock_nanosleep read poll select accept syscall msgrcv sigwait
    pthread_create""".split()
SETTINGS = "startup-with-shell off", "print thread-events off", "debuginfod enabled off", "backtrace past-main on"
KINDS = {gdb.NORMAL_FRAME: "call", gdb.INLINE_FRAME: "inline", gdb.SIGTRAMP_FRAME: "signal"}


class Modules:
    """The mapped files of the program: where each begins."""

    def __init__(self):
        self.ranges = []
        with open(f"/proc/{gdb.selected_inferior().pid}/maps", encoding="utf-8") as maps:
            for line in maps:
                fields = line.split()
                if len(fields) > 5 and fields[5].startswith("/"):
                    self.add(fields)

    def add(self, fields):
        first, end = (int(x, 16) for x in fields[0].split("-"))
        begin = first if int(fields[2], 16) == 0 else self.ranges[-1][2]
        self.ranges.append((first, end, begin, fields[5]))

    def place(self, pc):
        for first, end, begin, path in self.ranges:
            if first <= pc < end:
                return path, pc - begin
        return "", pc


def symbol_at(pc):
    symbol = re.match(r"(.+?)( \+ \d+)? in section", gdb.execute(f"info symbol {pc:#x}", to_string=True))
    return symbol[1] if symbol else ""


def function_of(frame, interrupted):
    """
    Of what was called, the symbol: debug information about coroutines misleads gdb. It is looked up before the place to
    which the call returns, unless nobody called: at the start of a thread or coroutine, or behind a signal.
    """
    if frame.type() == gdb.INLINE_FRAME:
        return frame.name() or ""
    return symbol_at(frame.pc() - (not interrupted)) or symbol_at(frame.pc())


def callers(frame):
    """The frames of the callers of the function that `frame` is in. Tail calls that gdb only infers are no frames."""
    while frame.type() == gdb.INLINE_FRAME:
        frame = frame.older()
    modules, found, interrupted = Modules(), [], False
    frame = frame.older()
    while frame is not None and frame.is_valid():
        if frame.type() in KINDS:
            module, offset = modules.place(frame.pc())
            kind = KINDS[frame.type()]
            function = function_of(frame, interrupted)
            found.append({"module": module, "offset": offset, "function": function, "kind": kind})
            interrupted = kind == "signal"
        frame = frame.older()
    return found


class Point(gdb.Breakpoint):
    seen = set()
    answers = None

    def stop(self):
        name = gdb.selected_thread().name or ""
        if "/" in name and name not in Point.seen:
            Point.seen.add(name)
            print(json.dumps({"point": name, "frames": callers(gdb.newest_frame())}), file=Point.answers)
        return False


class Stacks(gdb.Command):
    def __init__(self):
        super().__init__("stacks", gdb.COMMAND_USER)

    def invoke(self, argument, from_tty):
        for setting in SETTINGS:
            gdb.execute("set " + setting)
        gdb.execute("handle SIGILL SIGALRM SIGUSR1 nostop noprint pass", to_string=True)
        gdb.Breakpoint("main", temporary=True)
        gdb.execute("run", to_string=True)
        for function in FUNCTIONS:
            Point("-qualified -function " + function)
        with open(argument, "w", encoding="utf-8") as Point.answers:
            gdb.execute("continue", to_string=True)
        gdb.execute("quit {}".format(gdb.convenience_variable("_exitcode")))


Stacks()
