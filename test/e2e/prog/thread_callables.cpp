/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Threads of std::thread and std::async with every kind of callable; two lambdas do the same, so that a compiler may make
 * one function of them. Each thread is joined before the next begins.
 */
#include <cstdio>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>

static int calls;

static void plain()
{
	calls++;
}

static void another()
{
	calls += 2;
}

static void with_arguments(int a, const char *b)
{
	calls += a + b[0];
}

static void applied(void (*f)(), long)
{
	f();
}

static void takes_objects(const std::string &text, std::shared_ptr<int> p)
{
	calls += (int)text.size() + *p;
}

struct callback {
	void (*function)();
	void *arg;
};

static void takes_callback(callback c)
{
	c.function();
}

struct functor {
	long state[3] = {1, 2, 3};
	void operator()(int x) const
	{
		calls += x + (int)state[0];
	}
};

namespace n
{
struct pool {
	virtual ~pool() = default;
	void work(int x)
	{
		calls += x;
	}
	virtual void turn()
	{
		calls++;
	}
	static void standing()
	{
		calls++;
	}
};
} // namespace n

template <typename... Args> static void run(Args &&...args)
{
	std::thread(std::forward<Args>(args)...).join();
}

static void run_functions(n::pool &pool)
{
	run(plain);
	run(another);
	run(with_arguments, 3, "x");
	run(applied, plain, 3L);
	run(takes_objects, std::string("four"), std::make_shared<int>(4));
	run(takes_callback, callback{plain, nullptr});
	run(&n::pool::work, &pool, 3);
	run(&n::pool::turn, &pool);
	run(n::pool::standing);
}

static void run_async(n::pool &pool)
{
	std::async(std::launch::async, [] { calls++; }).get();
	std::async(
		std::launch::async, [](int x) { return x; }, 3)
		.get();
	std::async(std::launch::async, with_arguments, 4, "y").get();
	std::async(std::launch::async, &n::pool::work, &pool, 4).get();
}

int main()
{
	n::pool pool;
	int local = 3;

	run_functions(pool);
	run([] { calls++; });
	run([] { calls++; });
	run([local](int x) { calls += local + x; }, 5);
	run(functor(), 3);
	run(std::function<void()>(plain));
	run_async(pool);
	printf("%d\n", calls);
}
