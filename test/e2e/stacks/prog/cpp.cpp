// SPDX-License-Identifier: BSD-3-Clause
// Stacks of C++: lambdas, templates, std::thread, exceptions, thunks, coroutines, libstdc++ in the middle.
#include "point.h"

#include <algorithm>
#include <condition_variable>
#include <coroutine>
#include <functional>
#include <future>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

namespace
{

FRAME void wait_above(const char *name)
{
	WAIT(name);
	GO_ON_AFTER();
}

FRAME void rest_above(const char *name)
{
	REST(name);
	GO_ON_AFTER();
}

template <typename T, int N> struct Nest {
	static FRAME void wait(const char *name, T value)
	{
		Nest<T, N - 1>::wait(name, value);
		GO_ON_AFTER();
	}
};

template <typename T> struct Nest<T, 0> {
	static FRAME void wait(const char *name, T)
	{
		wait_above(name);
		GO_ON_AFTER();
	}
};

void templates(const char *name)
{
	Nest<std::vector<int>, 4>::wait(name, {1, 2, 3});
}

void lambdas(const char *name)
{
	auto inner = [&](int n) {
		wait_above(name);
		return n;
	};
	auto outer = [&](auto n) { return inner(n) + n; };
	std::function<int(int)> erased = outer;

	CHECK(erased(1) == 2);
}

void threads(const char *name)
{
	std::thread thread([=](const char *given) { rest_above(given); }, name);

	thread.join();
}

void futures(const char *name)
{
	CHECK(std::async(std::launch::async, [=] { return rest_above(name), 7; }).get() == 7);
}

FRAME void throws(int depth)
{
	if (depth == 0)
		throw std::runtime_error("expected");
	throws(depth - 1);
	GO_ON_AFTER();
}

void in_catch(const char *name)
{
	try {
		throws(5);
	} catch (const std::exception &) {
		wait_above(name);
	}
}

struct Guard {
	const char *name;

	~Guard()
	{
		wait_above(name);
		GO_ON_AFTER();
	}
};

FRAME void unwound(const char *name)
{
	Guard guard{name};

	throws(2);
	GO_ON_AFTER();
}

void in_unwinding(const char *name)
{
	try {
		unwound(name);
	} catch (const std::exception &) {
	}
}

struct Copied {
	const char *name;

	explicit Copied(const char *n) : name(n)
	{
	}
	Copied(const Copied &other) : name(other.name)
	{
		wait_above(name);
		GO_ON_AFTER();
	}
};

void in_rethrow(const char *name)
{
	std::exception_ptr kept = std::make_exception_ptr(Copied(name));

	CHECK(kept != nullptr);
}

struct First {
	long first = 1;
	virtual ~First() = default;
	virtual void one(const char *)
	{
	}
};

struct Second {
	long second = 2;
	virtual ~Second() = default;
	virtual void two(const char *name) = 0;
};

struct Both : First, Second {
	FRAME void two(const char *name) override
	{
		wait_above(name);
		CHECK(first + second == 3);
	}
};

void thunks(const char *name)
{
	Both both;
	Second *second = &both;

	IN_MEMORY(&second);
	second->two(name);
}

void sorting(const char *name)
{
	std::vector<int> numbers{3, 1, 2};

	std::sort(numbers.begin(), numbers.end(), [&](int a, int b) {
		if (name)
			wait_above(name);
		name = nullptr;
		return a < b;
	});
}

void conditions(const char *name)
{
	std::mutex mutex;
	std::condition_variable condition;
	bool is_over = false;
	std::unique_lock<std::mutex> lock(mutex);
	std::thread other([&] {
		std::lock_guard<std::mutex> inner(mutex);
		is_over = true;
		condition.notify_one();
	});

	about_to_wait(name);
	condition.wait(lock, [&] { return is_over; });
	lock.unlock();
	other.join();
}

struct Task {
	struct promise_type {
		Task get_return_object()
		{
			return {std::coroutine_handle<promise_type>::from_promise(*this)};
		}
		std::suspend_always initial_suspend() noexcept
		{
			return {};
		}
		std::suspend_always final_suspend() noexcept
		{
			return {};
		}
		void return_void()
		{
		}
		void unhandled_exception()
		{
			abort();
		}
	};
	std::coroutine_handle<promise_type> handle;
};

Task body(const char *name)
{
	co_await std::suspend_always{};
	wait_above(name);
}

void coroutines(const char *name)
{
	Task task = body(name);

	task.handle.resume();
	task.handle.resume();
	task.handle.destroy();
}

const struct point points[] = {
	{"cpp/templates", templates},    {"cpp/lambdas", lambdas},      {"cpp/catch", in_catch},
	{"cpp/unwinding", in_unwinding}, {"cpp/copy", in_rethrow},      {"cpp/thunk", thunks},
	{"cpp/sort", sorting},           {"cpp/coroutine", coroutines},
};

} // namespace

int main()
{
	POINTS_RUN(points);
	threads("cpp/thread");
	futures("cpp/async");
	conditions("cpp/condition");
	return 0;
}
