// SPDX-License-Identifier: BSD-3-Clause
//
// Boost.Coroutine and Boost.Context: stacks that are not the thread's, with waits on them, moved between threads,
// and exceptions that unwind them.
#define BOOST_COROUTINES_NO_DEPRECATION_WARNING
#include <boost/context/fiber.hpp>
#include <boost/coroutine2/all.hpp>
#include <cstdio>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <unistd.h>

using coroutine = boost::coroutines2::coroutine<int>;

struct Noisy {
	~Noisy()
	{
		puts("unwound");
	}
};

static std::timed_mutex lock;

static void generate(coroutine::push_type &yield)
{
	Noisy noisy;
	for (int i = 0; i < 100; i++) {
		lock.lock();
		usleep(100);
		lock.unlock();
		yield(i);
	}
	throw std::runtime_error("end");
}

int main()
{
	long sum = 0;
	coroutine::pull_type source(generate);
	try {
		for (; source; source())
			sum += source.get();
	} catch (const std::exception &error) {
		printf("caught %s\n", error.what());
	}
	{
		coroutine::pull_type abandoned(generate);
	}
	namespace context = boost::context;
	context::fiber fiber([&](context::fiber &&back) {
		for (int i = 0; i < 4; i++) {
			usleep(500);
			sum += 1000;
			back = std::move(back).resume();
		}
		return std::move(back);
	});
	for (int i = 0; i < 4; i++) {
		std::thread([&] {
			std::lock_guard guard(lock);
			fiber = std::move(fiber).resume();
		}).join();
	}
	printf("sum %ld\n", sum);
	return 0;
}
