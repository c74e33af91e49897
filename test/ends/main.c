/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ending PAGE NAME: produces events and ends in that way (endings.def).
 * ending PAGE: produces some and ends.
 * ending -l: prints "NAME LIVE TRACES" for every ending, ending -r PAGE what was produced.
 */
#include "endings.h"
#include "threads.h"

#include <string.h>
#include <sys/resource.h>

enum threads { ALONE, THREADS };

enum { ANY = -1 };

static const struct ending {
	const char *name;
	void (*end)(void);
	enum threads threads;
	int live, traces;
} endings[] = {
#define ENDING(name, threads, live, traces) {#name, end_##name, threads, live, traces},
#include "endings.def"
};

enum { ENDINGS = sizeof(endings) / sizeof(endings[0]) };

struct page *page;
char *program_again[3];

static int list(void)
{
	for (int i = 0; i < ENDINGS; i++)
		printf("%s %d %d\n", endings[i].name, endings[i].live, endings[i].traces);
	return 0;
}

static int run(const struct ending *ending)
{
	main_row = page_row();
	say_often(main_row, SAID);
	if (ending->threads == THREADS)
		start_threads();
	puts("the end");
	ending->end();
	return STATUS;
}

int main(int argc, char **argv)
{
	struct rlimit no_core = {0, 0};

	setrlimit(RLIMIT_CORE, &no_core);
	if (argc == 2 && strcmp(argv[1], "-l") == 0)
		return list();
	if (argc < 2 || !page_map(argv[argc == 3 && strcmp(argv[1], "-r") == 0 ? 2 : 1]))
		return 99;
	if (argc == 3 && strcmp(argv[1], "-r") == 0) {
		page_print();
		return 0;
	}
	program_again[0] = argv[0];
	program_again[1] = argv[1];
	if (argc == 2) {
		say_with_thread(page_row());
		return STATUS;
	}
	for (int i = 0; i < ENDINGS; i++) {
		if (strcmp(endings[i].name, argv[2]) == 0)
			return run(&endings[i]);
	}
	return 99;
}
