// SPDX-License-Identifier: BSD-3-Clause
//
// Boost.Fiber with work stealing over threads: a fiber may block in one thread and go on in another.
#include <boost/fiber/all.hpp>
#include <cstdio>
#include <thread>
#include <unistd.h>
#include <vector>

namespace fibers = boost::fibers;

static fibers::mutex lock;
static long sum;
static int left = 400;
static fibers::condition_variable_any done;

static void work(int number)
{
	for (int i = 0; i < 5; i++) {
		boost::this_fiber::yield();
		if (number % 40 == 0)
			usleep(100);
		std::lock_guard guard(lock);
		sum += number;
	}
	std::unique_lock guard(lock);
	if (--left == 0) {
		guard.unlock();
		done.notify_all();
	}
}

static void join_in()
{
	fibers::use_scheduling_algorithm<fibers::algo::shared_work>();
	std::unique_lock guard(lock);
	done.wait(guard, [] { return left == 0; });
}

int main()
{
	std::vector<std::thread> threads;

	fibers::use_scheduling_algorithm<fibers::algo::shared_work>();
	for (int i = 0; i < 400; i++)
		fibers::fiber(work, i).detach();
	for (int i = 0; i < 3; i++)
		threads.emplace_back(join_in);
	{
		std::unique_lock guard(lock);
		done.wait(guard, [] { return left == 0; });
	}
	for (auto &thread : threads)
		thread.join();
	printf("sum %ld\n", sum);
	return 0;
}
