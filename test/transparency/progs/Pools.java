// SPDX-License-Identifier: BSD-3-Clause
//
// Java: pools, fork and join, locks, park, timed waits, interrupts, collections by the collector, a child, a shutdown hook.
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;
import java.util.concurrent.locks.*;
import java.util.stream.*;

public class Pools {
	static volatile Object sink;

	public static void main(String[] args) throws Exception {
		Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook")));
		ExecutorService pool = Executors.newFixedThreadPool(6);
		AtomicLong sum = new AtomicLong();
		CountDownLatch latch = new CountDownLatch(500);
		for (int i = 0; i < 500; i++) {
			int n = i;
			pool.submit(() -> {
				sink = new byte[100000];
				sum.addAndGet(n);
				latch.countDown();
			});
		}
		latch.await();
		System.out.println("pool " + sum);
		System.out.println("parallel " + IntStream.range(0, 1000000).parallel().filter(x -> x % 3 == 0).count());
		ReentrantLock lock = new ReentrantLock(true);
		Condition condition = lock.newCondition();
		int[] turn = {0};
		Future<?>[] players = new Future<?>[4];
		for (int i = 0; i < 4; i++) {
			int me = i;
			players[i] = pool.submit(() -> {
				for (int j = 0; j < 100; j++) {
					lock.lock();
					try {
						while (turn[0] % 4 != me)
							condition.awaitUninterruptibly();
						turn[0]++;
						condition.signalAll();
					} finally {
						lock.unlock();
					}
				}
			});
		}
		for (Future<?> player : players)
			player.get();
		System.out.println("turns " + turn[0]);
		Thread sleeper = new Thread(() -> {
			try {
				Thread.sleep(60000);
			} catch (InterruptedException e) {
				System.out.println("interrupted");
			}
		});
		sleeper.start();
		sleeper.interrupt();
		sleeper.join();
		Object monitor = new Object();
		synchronized (monitor) {
			monitor.wait(5);
		}
		System.gc();
		ScheduledExecutorService clock = Executors.newScheduledThreadPool(2);
		AtomicInteger ticks = new AtomicInteger();
		clock.scheduleAtFixedRate(ticks::incrementAndGet, 1, 2, TimeUnit.MILLISECONDS);
		while (ticks.get() < 10)
			Thread.onSpinWait();
		clock.shutdownNow();
		Process child = new ProcessBuilder("/bin/sh", "-c", "echo child; exit 6").start();
		System.out.print(new String(child.getInputStream().readAllBytes()));
		System.out.println("child " + child.waitFor());
		try {
			int[] none = null;
			System.out.println(none.length);
		} catch (NullPointerException e) {
			System.out.println("a fault became an exception");
		}
		pool.shutdown();
		System.exit(pool.awaitTermination(5, TimeUnit.SECONDS) ? 4 : 5);
	}
}
