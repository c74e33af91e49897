// SPDX-License-Identifier: BSD-3-Clause
// Eight threads add up under one lock and wait for each other; prints the sum.
import java.util.concurrent.CyclicBarrier;

public class Threads {
	static long sum;

	public static void main(String[] args) throws Exception {
		CyclicBarrier barrier = new CyclicBarrier(8);
		Thread[] threads = new Thread[8];
		for (int t = 0; t < 8; t++) {
			threads[t] = new Thread(() -> {
				try {
					for (int i = 0; i < 6000; i++) {
						synchronized (Threads.class) { sum += i; }
						barrier.await();
					}
				} catch (Exception e) { throw new RuntimeException(e); }
			});
			threads[t].start();
		}
		for (Thread t : threads) t.join();
		System.out.println(sum);
	}
}
