// SPDX-License-Identifier: BSD-3-Clause
//
// TBB: parallel loops, reduction, sort, a pipeline that keeps order, a flow graph, task groups and a limited arena.
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <tbb/tbb.h>
#include <vector>

int main()
{
	tbb::global_control four(tbb::global_control::max_allowed_parallelism, 4);
	std::vector<unsigned> values(300000);
	unsigned state = 1;
	long order = 0, wrong = 0;
	int next = 0;

	for (auto &value : values)
		value = state = state * 1664525 + 1013904223;
	tbb::parallel_sort(values.begin(), values.end());
	auto sum = tbb::parallel_reduce(
		tbb::blocked_range<size_t>(0, values.size()), 0UL,
		[&](const auto &range, unsigned long part) {
			for (size_t i = range.begin(); i < range.end(); i++)
				part += values[i];
			return part;
		},
		std::plus<>());
	printf("sorted %d sum %lu\n", std::is_sorted(values.begin(), values.end()), sum);
	tbb::parallel_pipeline(
		8, tbb::make_filter<void, int>(tbb::filter_mode::serial_in_order, [&](tbb::flow_control &control) {
			   if (next == 500)
				   control.stop();
			   return next++;
		   }) & tbb::make_filter<int, int>(tbb::filter_mode::parallel, [](int x) {
			   return x * 3;
		   }) & tbb::make_filter<int, void>(tbb::filter_mode::serial_in_order, [&](int x) {
			   wrong += x != 3 * order;
			   order++;
		   }));
	printf("pipeline %ld wrong %ld\n", order, wrong);
	std::atomic<int> ran = 0;
	tbb::task_arena arena(2);
	arena.execute([&] {
		tbb::task_group group;
		for (int i = 0; i < 200; i++)
			group.run([&] { ran++; });
		group.wait();
	});
	printf("tasks %d\n", ran.load());
	return 0;
}
