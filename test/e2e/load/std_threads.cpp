// SPDX-License-Identifier: BSD-3-Clause
// std::thread, condition_variable, async and barrier; prints what the threads computed.
#include <barrier>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <future>
#include <mutex>
#include <queue>
#include <thread>
#include <vector>

int main()
{
	std::mutex lock;
	std::condition_variable cond;
	std::queue<int> todo;
	long sum = 0;
	std::barrier sync(4);
	std::vector<std::thread> threads;

	for (int t = 0; t < 4; t++)
		threads.emplace_back([&] {
			for (bool more = true; more;) {
				std::unique_lock held(lock);
				cond.wait(held, [&] { return !todo.empty(); });
				more = todo.front() >= 0;
				if (more) {
					sum += todo.front();
					todo.pop();
				}
			}
			for (int i = 0; i < 300; i++)
				sync.arrive_and_wait();
		});
	for (int i = 0; i < 3000; i++) {
		std::lock_guard held(lock);
		todo.push(i);
		cond.notify_one();
	}
	{
		std::lock_guard held(lock);
		todo.push(-1);
	}
	cond.notify_all();
	for (auto &t : threads)
		t.join();
	auto later = std::async(std::launch::async, [] {
		for (int i = 0; i < 300; i++)
			std::this_thread::sleep_for(std::chrono::milliseconds(1));
		return 7L;
	});
	std::printf("%ld\n", sum + later.get());
}
