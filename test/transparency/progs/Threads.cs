// SPDX-License-Identifier: BSD-3-Clause
//
// Mono: its collector suspends threads by signals; monitors, pools, tasks, interrupts, a child.
using System;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

static class Threads
{
	static readonly object gate = new object();
	static int turn;

	static void Play(int me)
	{
		for (int i = 0; i < 100; i++)
			lock (gate) {
				while (turn % 4 != me)
					Monitor.Wait(gate);
				turn++;
				Monitor.PulseAll(gate);
			}
	}

	static int Main()
	{
		var players = Enumerable.Range(0, 4).Select(n => new Thread(() => Play(n))).ToList();
		players.ForEach(p => p.Start());
		players.ForEach(p => p.Join());
		Console.WriteLine("turn " + turn);
		long sum = 0;
		Parallel.For(0, 10000, i => {
			var garbage = new byte[1000];
			Interlocked.Add(ref sum, i + garbage[5]);
		});
		Console.WriteLine("sum " + sum);
		GC.Collect();
		var tasks = Enumerable.Range(0, 50).Select(n => Task.Run(async () => { await Task.Delay(1); return n; })).ToArray();
		Console.WriteLine("tasks " + Task.WhenAll(tasks).Result.Sum());
		var sleeper = new Thread(() => {
			try {
				Thread.Sleep(60000);
			} catch (ThreadInterruptedException) {
				Console.WriteLine("interrupted");
			}
		});
		sleeper.Start();
		Thread.Sleep(20);
		sleeper.Interrupt();
		sleeper.Join();
		Console.WriteLine("semaphore " + new SemaphoreSlim(0).Wait(5));
		var child = Process.Start("/bin/sh", "-c \"exit 6\"");
		child.WaitForExit();
		Console.WriteLine("child " + child.ExitCode);
		string none = null;
		try {
			Console.WriteLine(none.Length);
		} catch (NullReferenceException) {
			Console.WriteLine("a fault became an exception");
		}
		return 3;
	}
}
