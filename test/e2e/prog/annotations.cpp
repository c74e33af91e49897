// SPDX-License-Identifier: BSD-3-Clause
//
// Tasks and regions as objects: an exception that passes ends them, and the same line may have one in each block.
#include "../../../preload/gtrace.h"

#include <cstdio>
#include <stdexcept>
#include <thread>
#include <vector>

static int descend(uint64_t task, int depth)
{
	GTRACE_REGION(task, "descend");
	if (depth == 0)
		throw std::runtime_error("deep enough");
	return descend(task, depth - 1) + 1;
}

static void serve(uint64_t parent)
{
	gtrace::task part("part", parent);
	gtrace::region region(part.id(), "serve");

	try {
		descend(part.id(), 10);
	} catch (const std::runtime_error &error) {
		gtrace_logf(part.id(), "caught", "%s at %.2f", error.what(), 0.25);
	}
	for (int i = 0; i < 3; i++) {
		GTRACE_REGION(part.id(), "loop");
		if (i == 1)
			continue;
	}
}

int main()
{
	gtrace::task request("request");
	std::vector<std::thread> threads;

	for (int i = 0; i < 3; i++)
		threads.emplace_back(serve, request.id());
	for (auto &thread : threads)
		thread.join();
	std::puts("done");
}
