// SPDX-License-Identifier: BSD-3-Clause
//
// The C++11 to C++17 facilities: thread, async, promise, packaged_task, the mutexes, condition variables, call_once,
// thread_local objects with destructors, exceptions that cross threads.
#include <condition_variable>
#include <cstdio>
#include <future>
#include <memory>
#include <mutex>
#include <numeric>
#include <shared_mutex>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

static std::mutex lock;
static int destroyed;

struct Local {
	int value = 1;
	~Local()
	{
		std::lock_guard guard(lock);
		destroyed += value;
	}
};

static thread_local Local local;

static void threads()
{
	std::vector<std::thread> all;
	std::recursive_mutex again;
	long sum = 0;

	for (int i = 0; i < 8; i++)
		all.emplace_back([&, i] {
			local.value = 2;
			for (int j = 0; j < 5000; j++) {
				std::scoped_lock guard(again, lock);
				std::lock_guard second(again);
				sum += i;
			}
		});
	for (auto &thread : all)
		thread.join();
	printf("threads %ld, destroyed %d\n", sum, destroyed);
}

static void futures()
{
	std::vector<std::future<int>> results;
	std::promise<int> promise;
	std::packaged_task<int(int)> task([](int x) { return x * x; });
	auto squared = task.get_future();

	for (int i = 0; i < 10; i++)
		results.push_back(std::async(i % 2 ? std::launch::async : std::launch::deferred, [i] {
			if (i == 7)
				throw std::runtime_error("seven");
			std::this_thread::sleep_for(1ms);
			return i;
		}));
	for (auto &result : results)
		try {
			printf("async %d\n", result.get());
		} catch (const std::exception &error) {
			printf("async threw %s\n", error.what());
		}
	std::thread runner(std::move(task), 12);
	std::thread giver([&] { promise.set_exception(std::make_exception_ptr(std::logic_error("broken"))); });
	printf("task %d\n", squared.get());
	try {
		promise.get_future().get();
	} catch (const std::logic_error &error) {
		printf("promise threw %s\n", error.what());
	}
	runner.join();
	giver.join();
}

static void timed()
{
	std::timed_mutex mutex;
	std::condition_variable_any condition;
	std::shared_timed_mutex shared;
	std::unique_lock held(mutex);

	std::thread([&] { printf("timed %d\n", mutex.try_lock_for(5ms)); }).join();
	printf("wait_for %d\n", condition.wait_for(held, 5ms) == std::cv_status::timeout);
	shared.lock_shared();
	std::thread([&] {
		printf("shared %d", shared.try_lock_shared_for(5ms));
		shared.unlock_shared();
		printf(" exclusive %d\n", shared.try_lock_for(5ms));
	}).join();
	shared.unlock_shared();
}

static void handed()
{
	std::shared_mutex table;
	std::condition_variable condition;
	std::mutex mutex;
	std::vector<int> values;
	bool done = false;
	long seen = 0;

	std::thread reader([&] {
		std::unique_lock guard(mutex);
		condition.wait(guard, [&] { return done; });
		std::shared_lock reading(table);
		seen = std::accumulate(values.begin(), values.end(), 0L);
	});
	for (int i = 0; i < 1000; i++) {
		std::unique_lock writing(table);
		values.push_back(i);
	}
	{
		std::lock_guard guard(mutex);
		done = true;
	}
	condition.notify_one();
	reader.join();
	printf("handed %ld\n", seen);
}

int main()
{
	std::once_flag once;
	int times = 0;

	threads();
	futures();
	timed();
	handed();
	for (int i = 0; i < 3; i++)
		try {
			std::call_once(once, [&] {
				if (++times < 2)
					throw 1;
			});
		} catch (int) {
			puts("call_once threw");
		}
	printf("call_once %d\n", times);
	try {
		std::thread().join();
	} catch (const std::system_error &error) {
		printf("join of nothing: %s\n", error.code().message().c_str());
	}
	return 0;
}
