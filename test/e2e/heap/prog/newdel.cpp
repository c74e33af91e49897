// SPDX-License-Identifier: BSD-3-Clause
// newdel KIND [empty]: as totals.c, in C++: new and delete in all their forms, containers, thread_local objects.
#include "objects.h"

#include <cstdio>
#include <map>
#include <memory>
#include <new>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

struct alignas(128) Wide {
	char bytes[300];
};

struct Local {
	std::string text = std::string(40000, 'x');
};

static thread_local Local local;

static void work(int n)
{
	std::map<int, std::string> map;
	std::vector<std::unique_ptr<Wide>> wide;

	local.text += "touched";
	for (int i = 0; i < 2000; i++) {
		map[i * n % 701] = std::string(i % 300, 'y');
		wide.push_back(std::make_unique<Wide>());
		delete[] new (std::nothrow) Wide[i % 7 + 1];
		delete new (std::nothrow) Wide;
		delete[] new char[i];
		::operator delete(::operator new(i), std::nothrow);
		if (i % 3 == 0)
			wide.erase(wide.begin() + (long)(wide.size() / 2));
		// Objects of new in a table whose owner frees them with free(): as good for every allocator here.
		free(objects_swap((unsigned)(i * n), ::operator new(i + 1)));
	}
}

static bool fails()
{
	try {
		volatile size_t much = SIZE_MAX / 2 - 100;
		delete[] new char[much];
	} catch (const std::bad_alloc &) {
		return true;
	}
	return false;
}

int main(int argc, char **argv)
{
	std::vector<std::thread> threads;

	if (argc < 2)
		return 2;
	for (int round = 0; round < 3; round++) {
		for (int i = 1; i <= 4; i++)
			threads.emplace_back(work, i + 10 * round);
		for (auto &t : threads)
			t.join();
		threads.clear();
	}
	if (!fails())
		puts("no exception");
	if (argc > 2)
		objects_free();
	fflush(stdout);
	dprintf(1, "%zu\n", objects_in_use(argv[1]));
	_exit(0);
}
