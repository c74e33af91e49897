// SPDX-License-Identifier: BSD-3-Clause
// As main.c, the ways of C++: ending_cxx PAGE NAME, ending_cxx -l.
#include "page.h"

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <future>
#include <stdexcept>
#include <sys/resource.h>
#include <thread>

enum { SAID = 40, STATUS = 7 };

struct page *page;

namespace
{
struct row *main_row;

// Says something when it is destroyed, in a new thread, too.
struct talker {
	struct row *row = nullptr;
	~talker()
	{
		if (!row)
			return;
		say_often(row, SAID);
		std::thread([] { say_often(page_row(), SAID); }).join();
	}
};

talker at_the_end;
thread_local talker of_thread;

void go_on()
{
	for (struct row *row = page_row();;) {
		say_if_on(row);
		std::this_thread::sleep_for(std::chrono::microseconds(300));
	}
}

void end_uncaught()
{
	throw std::runtime_error("nobody catches this");
}

void end_uncaught_in_thread()
{
	std::thread(end_uncaught).join();
}

void end_noexcept()
{
	[]() noexcept { end_uncaught(); }();
}

void end_terminate()
{
	std::terminate();
}

void end_terminate_handled()
{
	std::set_terminate([] {
		say_often(main_row, SAID);
		std::_Exit(STATUS);
	});
	end_uncaught();
}

void end_joinable()
{
	std::thread thread(go_on);
}

void end_destructors()
{
	at_the_end.row = main_row;
	std::exit(STATUS);
}

void end_thread_local()
{
	of_thread.row = main_row;
}

void end_detached()
{
	std::thread(go_on).detach();
}

void end_future()
{
	std::async(std::launch::async, [] { say_often(page_row(), SAID); }).get();
	std::exit(STATUS);
}

const struct {
	const char *name;
	void (*end)();
	int live;
} endings[] = {
	{"uncaught", end_uncaught, 1},
	{"uncaught_in_thread", end_uncaught_in_thread, 1},
	{"noexcept", end_noexcept, 1},
	{"terminate", end_terminate, 1},
	{"terminate_handled", end_terminate_handled, 0},
	{"joinable", end_joinable, 1},
	{"destructors", end_destructors, 0},
	{"thread_local", end_thread_local, 0},
	{"detached", end_detached, 0},
	{"future", end_future, 0},
};
} // namespace

int main(int argc, char **argv)
{
	struct rlimit no_core = {0, 0};

	setrlimit(RLIMIT_CORE, &no_core);
	if (argc == 2 && std::strcmp(argv[1], "-l") == 0) {
		for (const auto &ending : endings)
			std::printf("%s %d 1\n", ending.name, ending.live);
		return 0;
	}
	if (argc != 3 || !page_map(argv[1]))
		return 99;
	main_row = page_row();
	say_often(main_row, SAID);
	std::thread(go_on).detach();
	std::thread([] { say_often(page_row(), SAID); }).join();
	for (const auto &ending : endings) {
		if (std::strcmp(ending.name, argv[2]) == 0) {
			ending.end();
			return STATUS;
		}
	}
	return 99;
}
