#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
#
# Python starts children by vfork and with functions in between, from threads, and closes descriptors.
python=/usr/bin/python3
[ -x $python ] || { echo "no $python here" >&2; exit 77; }
exec $python - <<'PROGRAM'
import concurrent.futures, os, subprocess, sys, threading

print(subprocess.run(["echo", "a child"], capture_output=True, text=True).stdout, end="")
print(subprocess.run("exit 3", shell=True, close_fds=True).returncode)
print(subprocess.run(["cat"], input="through cat\n", capture_output=True, text=True, env={}).stdout, end="")
print(subprocess.run(["true"], start_new_session=True, preexec_fn=lambda: os.nice(1)).returncode)
try:
    subprocess.run(["/none"])
except FileNotFoundError as error:
    print(error)
try:
    subprocess.run(["sleep", "100"], timeout=0.05)
except subprocess.TimeoutExpired:
    print("too late")
with concurrent.futures.ThreadPoolExecutor(4) as pool:
    print(sum(pool.map(lambda n: len(subprocess.check_output(["echo", str(n)])), range(20))))
print(threading.active_count(), len(os.listdir("/proc/self/fd")))
PROGRAM
