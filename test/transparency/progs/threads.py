# SPDX-License-Identifier: BSD-3-Clause
#
# Python: pools of threads and of processes, subprocess with descriptors, asyncio, locks with timeouts, signals.
import asyncio, concurrent.futures, multiprocessing, os, queue, signal, subprocess, sys, threading, time


def square(x):
    return x * x


def pools():
    with concurrent.futures.ThreadPoolExecutor(5) as pool:
        print("threads", sum(pool.map(square, range(500))))
    with concurrent.futures.ProcessPoolExecutor(3) as pool:
        print("processes", sum(pool.map(square, range(50))))
    context = multiprocessing.get_context("spawn")
    with context.Pool(2) as pool:
        print("spawned", pool.map(square, range(5)))


def locks():
    lock, barrier, event = threading.Lock(), threading.Barrier(4), threading.Event()
    seen = []
    lock.acquire()
    print("timed", lock.acquire(timeout=0.01))
    lock.release()

    def work(n):
        barrier.wait()
        event.wait()
        with lock:
            seen.append(n)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    [t.start() for t in threads]
    event.set()
    [t.join() for t in threads]
    print("seen", sorted(seen))
    try:
        queue.Queue().get(timeout=0.01)
    except queue.Empty:
        print("empty")


def children():
    done = subprocess.run(["/bin/sh", "-c", "ls /proc/self/fd | wc -l; echo err >&2; exit 3"], capture_output=True, text=True)
    print(done.returncode, done.stdout, done.stderr, end="")
    try:
        subprocess.run(["sleep", "10"], timeout=0.1)
    except subprocess.TimeoutExpired:
        print("timed out")
    try:
        subprocess.run(["/no/such/program"])
    except FileNotFoundError as error:
        print(error.errno)
    read, write = os.pipe()
    child = subprocess.Popen(["/bin/sh", "-c", f"echo passed >&{write}"], pass_fds=[write])
    os.close(write)
    print(os.read(read, 100), child.wait())
    pid = os.fork()
    if pid == 0:
        os._exit(len(os.listdir("/proc/self/fd")))
    print("child", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


async def echo():
    async def serve(reader, writer):
        writer.write(await reader.read(1000))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]

    async def client(n):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"x" * n)
        writer.write_eof()
        return len(await reader.read())

    print("echo", sum(await asyncio.gather(*(client(n) for n in range(1, 40)))))
    child = await asyncio.create_subprocess_exec("/bin/sh", "-c", "exit 4")
    print("async child", await child.wait())
    print("executor", await asyncio.get_running_loop().run_in_executor(None, square, 12))


def signals():
    got = []
    signal.signal(signal.SIGALRM, lambda *_: got.append(threading.current_thread().name))
    signal.setitimer(signal.ITIMER_REAL, 0.02)
    time.sleep(0.1)
    print("alarm", got)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
    os.kill(os.getpid(), signal.SIGUSR1)
    print("waited", signal.sigwait([signal.SIGUSR1]).name)


if __name__ == "__main__":
    print("open", sorted(os.listdir("/proc/self/fd")))
    pools()
    locks()
    children()
    asyncio.run(echo())
    signals()
    print("threads left", threading.active_count())
    sys.stdout.flush()
    sys.exit(7)
