// SPDX-License-Identifier: BSD-3-Clause
//
// The C++20 facilities: latch, barrier, counting_semaphore, jthread and stop_token, atomic wait and notify. libstdc++
// makes most of them of futex system calls.
#include <atomic>
#include <barrier>
#include <condition_variable>
#include <cstdio>
#include <latch>
#include <mutex>
#include <semaphore>
#include <stop_token>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

static void latches()
{
	std::latch ready(6), go(1);
	std::atomic<int> passed = 0;
	std::vector<std::jthread> all;

	for (int i = 0; i < 6; i++)
		all.emplace_back([&] {
			ready.count_down();
			go.wait();
			passed++;
		});
	ready.wait();
	printf("latch: %d before, ", passed.load());
	go.count_down();
	all.clear();
	printf("%d after\n", passed.load());
}

static void barriers()
{
	int phases = 0;
	long sum = 0;
	std::atomic<long> part = 0;
	auto completed = [&]() noexcept {
		phases++;
		sum += part.exchange(0);
	};
	std::barrier barrier(5, completed);
	std::vector<std::jthread> all;

	for (int i = 0; i < 5; i++)
		all.emplace_back([&, i] {
			for (int j = 0; j < 200; j++) {
				part += i + j;
				barrier.arrive_and_wait();
			}
			barrier.arrive_and_drop();
		});
	all.clear();
	printf("barrier: %d phases, sum %ld\n", phases, sum);
}

static void semaphores()
{
	std::counting_semaphore<4> room(4);
	std::binary_semaphore turn(0);
	std::atomic<int> inside = 0, most = 0;
	std::vector<std::jthread> all;

	for (int i = 0; i < 12; i++)
		all.emplace_back([&] {
			room.acquire();
			int now = ++inside;
			for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);)
				;
			std::this_thread::sleep_for(2ms);
			inside--;
			room.release();
		});
	all.clear();
	printf("semaphore: at most four %d, timed %d", most <= 4, turn.try_acquire_for(3ms));
	turn.release();
	printf(" %d\n", turn.try_acquire_for(3ms));
}

static void stops()
{
	std::mutex mutex;
	std::condition_variable_any condition;
	std::atomic<int> stopped = 0;
	{
		std::jthread waiter([&](std::stop_token token) {
			std::unique_lock guard(mutex);
			std::stop_callback callback(token, [&] { stopped += 10; });
			condition.wait(guard, token, [] { return false; });
			stopped++;
		});
		std::jthread spinner([&](std::stop_token token) {
			while (!token.stop_requested())
				std::this_thread::yield();
			stopped++;
		});
		std::this_thread::sleep_for(5ms);
	}
	printf("stopped %d\n", stopped.load());
}

static void atomics()
{
	std::atomic<int> ball = 0;
	std::jthread other([&] {
		for (int i = 0; i < 2000; i++) {
			ball.wait(2 * i);
			ball++;
			ball.notify_one();
		}
	});
	for (int i = 0; i < 2000; i++) {
		ball++;
		ball.notify_one();
		ball.wait(2 * i + 1);
	}
	other.join();
	printf("ball %d\n", ball.load());
}

int main()
{
	latches();
	barriers();
	semaphores();
	stops();
	atomics();
	return 0;
}
