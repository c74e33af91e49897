/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Exceptions pass through our frames: thrown by a routine that std::call_once runs, in several threads, over waits that
 * have ended and over objects with destructors. After each the thread waits again.
 */
#include "check.h"
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

static const int THREADS = 4, THROWS = 25;

static std::mutex mutex;
static int destroyed;

struct object {
	~object()
	{
		std::lock_guard<std::mutex> guard(mutex);
		destroyed++;
	}
};

static void routine()
{
	object here;

	CHECK(usleep(1) == 0);
	throw std::runtime_error("thrown");
}

static void run()
{
	for (int i = 0; i < THROWS; i++) {
		std::once_flag flag;
		bool caught = false;

		try {
			std::call_once(flag, routine);
		} catch (const std::runtime_error &e) {
			caught = !strcmp(e.what(), "thrown");
		}
		CHECK(caught);
		CHECK(usleep(1) == 0);
	}
}

int main()
{
	std::vector<std::thread> threads;

	for (int i = 0; i < THREADS; i++)
		threads.emplace_back(run);
	for (std::thread &thread : threads)
		thread.join();
	printf("%d destroyed\n", destroyed);
	return destroyed != THREADS * THROWS;
}
