/* SPDX-License-Identifier: BSD-3-Clause */
/* The same in C++: a template, a lambda, a namespace, and a lock in headers. */
#include <mutex>
#include <thread>
#include <unistd.h>

static std::mutex lock;

template <typename T> struct Guarded {
	T value;
	__attribute__((noinline)) T take(int n)
	{
		std::lock_guard<std::mutex> guard(lock); /* line 13 */
		usleep(2000);
		return value + n;
	}
};

namespace outer
{
__attribute__((noinline)) static void in_namespace(int us)
{
	usleep(us); /* line 23 */
	__asm__ volatile("");
}
} // namespace outer

int main()
{
	Guarded<double> guarded{1};
	auto lambda = [&](int n) __attribute__((noinline))
	{
		guarded.take(n);
		usleep(1000); /* line 34 */
		__asm__ volatile("");
	};
	std::thread other([&] { lambda(1); });

	lambda(2);
	outer::in_namespace(1000);
	other.join();
}
