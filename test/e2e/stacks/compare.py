#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""usage: compare.py GTRACE TRACE ANSWERS LIMIT

Compares the stacks of a trace, with full names (gtrace symbolize), with gdb's ANSWERS (record.py), frame for frame: where
each call returns to, and the functions, also those that were inlined. How much is known about the system's libraries
depends on what is installed: no names there. LIMIT is GTRACE_STACK_DEPTH. Says what differs and ends with 1, or how many
stacks are alike.
"""
import json
import re
import subprocess
import sys
from collections import defaultdict, namedtuple

# What libc runs a program and a thread with is no part of a stack.
BELOW_MAIN = re.compile(r"^(_start|__libc_start_.*|start_thread|(__)?clone3?|__start_context)$")
# Functions of the tests whose callers the recorder can't know.
BLIND = re.compile(r"^blind_")
SHOWN = 10  # differences of a trace
DEEPER, UNKNOWN = (1, "[deeper]"), (2, "[unknown]")
MOST = 128  # frames of a stack of Go, with one that stands for the rest
ADDRESS = (1 << 48) - 1  # what is above tells frames of one address apart

Call = namedtuple("Call", "module offset functions kind")


def base_name(function):
    """Without namespaces, arguments, results and suffixes of clones: the same for gdb's names and symbol tables'."""
    name = re.sub(r"( \[clone .*|\.(part|constprop|isra|cold|lto_priv)\b.*|::h[0-9a-f]{16})$", "", function)
    depth, kept = 0, ""
    for c in name.replace("operator()", "call_operator").removesuffix(" const"):
        depth -= c in ")>}"
        kept += c if depth == 0 and c not in ")>}({<" else ""
        depth += c in "({<"
    return kept.split("::")[-1].split(" ")[-1]


def read_answers(path):
    """Per point its calls, each with the functions inlined at its place, innermost first, and itself."""
    answers = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            answer, calls, inlined = json.loads(line), [], []
            for frame in answer["frames"]:
                inlined.append(frame["function"])
                if frame["function"].endswith("[clone .actor]"):
                    inlined = inlined[-1:]  # gdb sees the body of GCC's coroutines inlined into itself
                if frame["kind"] != "inline":
                    calls.append(Call(frame["module"], frame["offset"], inlined, frame["kind"]))
                    inlined = []
            below = (i for i, call in enumerate(calls) if BELOW_MAIN.match(call.functions[-1]))
            answers[answer["point"]] = calls[: next(below, len(calls))]
    return answers


def wanted_end(calls, limit):
    """What can be known of a stack, and the frame that stands for the rest."""
    for i, call in enumerate(calls[:limit]):
        if BLIND.match(call.functions[-1]):
            return calls[: i + 1], UNKNOWN
    if len(calls) > limit:
        return calls[: min(limit, MOST - 1)], DEEPER
    return calls, None


class Trace:
    """Per point the stacks of its thread, each a list of (pc, function)."""

    def __init__(self, gtrace, path):
        self.gtrace, self.path = gtrace, path
        process = json.loads(self.run("stats", "--json", "--top=1"))["processes"][0]
        self.modules = process["modules"]
        names = {}
        for line in self.run("text", "--json", "--event=GoCreate,GoCreateBlocked,GoStatus,GoLabel").splitlines():
            event = json.loads(line)
            if event["event"] == "GoLabel":  # a point in a coroutine names that
                names[event["goroutine"]] = event["text"]
            else:
                names[event["id"]] = event.get("name", "")
        self.stacks = defaultdict(list)
        self.read_events(names)

    def run(self, *arguments):
        return subprocess.run([self.gtrace, *arguments, self.path], check=True, capture_output=True, text=True).stdout

    def read_events(self, names):
        points = {goroutine: name for goroutine, name in names.items() if "/" in name}
        goroutine, stack = None, None
        full = self.path + ".full"
        self.run("symbolize", "-o", full)
        self.path = full
        for line in self.run("text", "--format=go").splitlines():
            if line.startswith("M="):
                goroutine = int(re.search(r" G=(-?\d+)", line)[1])
            elif line == "Stack=" and goroutine in points:
                stack = []
                self.stacks[points[goroutine]].append(stack)
            elif not line:
                stack = None
            elif stack is not None and (frame := re.match(r"\t(\S.*) @ 0x([0-9a-f]+)$", line)):
                stack.append((int(frame[2], 16) & ADDRESS, frame[1]))

    def places(self, pc):
        """One after the other, several modules may have been loaded there."""
        return [(m["path"], pc - m["base"]) for m in self.modules if m["base"] <= pc < m["end"]] or [("", pc)]

    def named(self, pc, name):
        return f"{name} {short(*self.places(pc)[0])}"


def short(module, offset):
    return "{}+{:#x}".format(module.rsplit("/", 1)[-1], offset)


def same_place(trace, call, pc, interrupted):
    """Readers look before the place, to which a call returns; a recorder may add one where there was no call."""
    wanted = [(call.module, call.offset), (call.module, call.offset + 1)][: 1 + interrupted]
    return any(place in wanted for place in trace.places(pc))


def take_call(trace, call, rest, interrupted):
    """Takes the frames of the call from the front of `rest`; why they are not the ones that are wanted, or None."""
    is_system = call.module.startswith(("/usr/", "/lib"))
    for function in call.functions[-1:] if is_system else call.functions:
        want = f"{function} {short(call.module, call.offset)}"
        if not rest:
            return f"{want} is missing"
        pc, name = rest.pop(0)
        if not same_place(trace, call, pc, interrupted):
            return f"{trace.named(pc, name)} instead of {want}"
        if not is_system and base_name(name) != base_name(function):
            return f"the function is {name} instead of {want}"
        if rest == [DEEPER]:
            break
    while is_system and rest and rest[0][0] == pc:
        rest.pop(0)
    return None


def difference(trace, calls, end, stack):
    """Why the stack is not the one that is wanted, or None. With those that are inlined there may be too many frames."""
    rest, interrupted = list(stack), False
    for i, call in enumerate(calls):
        if len(stack) == MOST and rest == [DEEPER]:
            return None
        why = take_call(trace, call, rest, interrupted)
        if why:
            return f"frame {i}: {why}"
        interrupted = call.kind == "signal"
    if rest != ([end] if end else []):
        got = trace.named(*rest[0]) if rest else "the end"
        return f"behind {len(calls)} frames: {got} instead of {end[1] if end else 'the end'}"
    return None


def judge(trace, point, calls, limit):
    """All stacks of the point's thread that begin where gdb's does must be the same as gdb's."""
    calls, end = wanted_end(calls, limit)
    stacks = [s for s in trace.stacks[point] if s and same_place(trace, calls[0], s[0][0], False)]
    if not stacks:
        leaves = sorted({trace.named(*s[0]) for s in trace.stacks[point] if s})
        wanted = f"{calls[0].functions[-1]} {short(calls[0].module, calls[0].offset)}"
        return f"no event at {wanted}, only at: {', '.join(leaves) or 'none'}"
    return next(filter(None, (difference(trace, calls, end, stack) for stack in stacks)), None)


def main():
    gtrace, path, answers, limit = sys.argv[1:]
    trace, answers, failed = Trace(gtrace, path), read_answers(answers), 0
    for point, calls in answers.items():
        why = judge(trace, point, calls, int(limit))
        failed += why is not None
        if why and failed <= SHOWN:
            print(f"{point}: {why}")
    if not answers:
        print("gdb saw no point")
    elif failed:
        print(f"{failed} of {len(answers)} stacks differ")
    else:
        print(f"{len(answers)} stacks are alike")
    sys.exit(1 if failed or not answers else 0)


if __name__ == "__main__":
    main()
