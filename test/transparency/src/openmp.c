/* SPDX-License-Identifier: BSD-3-Clause
 *
 * OpenMP: parallel loops, tasks, critical sections, barriers, ordered, nested teams.
 */
#include <omp.h>
#include <stdio.h>

static long fibonacci(int n)
{
	long a, b;

	if (n < 2)
		return n;
	if (n < 12)
		return fibonacci(n - 1) + fibonacci(n - 2);
#pragma omp task shared(a)
	a = fibonacci(n - 1);
#pragma omp task shared(b)
	b = fibonacci(n - 2);
#pragma omp taskwait
	return a + b;
}

int main(void)
{
	long sum = 0, critical = 0, result = 0;
	int inner = 0;

	omp_set_max_active_levels(2);
#pragma omp parallel for num_threads(4) reduction(+ : sum) schedule(dynamic, 100)
	for (int i = 0; i < 1000000; i++)
		sum += i % 7;
#pragma omp parallel num_threads(4)
	{
		for (int i = 0; i < 500; i++) {
#pragma omp critical
			critical++;
#pragma omp barrier
		}
#pragma omp parallel num_threads(2)
#pragma omp atomic
		inner++;
	}
#pragma omp parallel for num_threads(4) ordered
	for (int i = 0; i < 6; i++) {
#pragma omp ordered
		printf("ordered %d\n", i);
	}
#pragma omp parallel num_threads(4)
#pragma omp single
	result = fibonacci(22);
	printf("sum %ld critical %ld inner %d fibonacci %ld\n", sum, critical, inner, result);
	return 0;
}
