/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Waits above frames that can't be left: on stacks right below memory that is not mapped, is past the end of its file, or
 * may not be read, whose unwind tables promise a caller there; and with frame pointers that are garbage. To follow any of
 * it without asking is a fault.
 */
#include "check.h"
#include <pthread.h>
#include <sys/mman.h>
#include <time.h>

enum { PAGE = 4096, STACK = 16 * PAGE };

static volatile int waits;

static __attribute__((noinline)) void wait_here(void)
{
	const struct timespec moment = {0, 1000};

	nanosleep(&moment, NULL);
	CHECK(usleep(1) == 0);
	waits++;
}

/*
 * Calls function() with rsp = stack, or an unchanged one if that is 0, and rbp = frame. Its table claims that the frame is
 * the usual one of a function that has pushed two registers, which is not true while another stack is in use.
 */
void call_with_table(void (*function)(void), unsigned long stack, unsigned long frame);
void call_without_table(void (*function)(void), unsigned long stack, unsigned long frame);

#define BODY                                                                                                           \
	"mov %rsp, %rbx\n"                                                                                             \
	"test %rsi, %rsi\n"                                                                                            \
	"cmovnz %rsi, %rsp\n"                                                                                          \
	"and $-16, %rsp\n"                                                                                             \
	"mov %rdx, %rbp\n"                                                                                             \
	"call *%rdi\n"                                                                                                 \
	"mov %rbx, %rsp\n"

__asm__(".pushsection .text\n"
	"call_with_table:\n"
	".cfi_startproc\n"
	"push %rbx\n"
	".cfi_def_cfa_offset 16\n"
	".cfi_offset %rbx, -16\n"
	"push %rbp\n"
	".cfi_def_cfa_offset 24\n"
	".cfi_offset %rbp, -24\n" BODY "pop %rbp\n"
	".cfi_def_cfa_offset 16\n"
	"pop %rbx\n"
	".cfi_def_cfa_offset 8\n"
	"ret\n"
	".cfi_endproc\n"

	"call_without_table:\n"
	"push %rbx\n"
	"push %rbp\n" BODY "pop %rbp\n"
	"pop %rbx\n"
	"ret\n"
	".popsection");

static void call_both(unsigned long stack, unsigned long frame)
{
	call_with_table(wait_here, stack, frame);
	call_without_table(wait_here, stack, frame);
}

/* A stack that ends where `behind` begins, which is told from its address and what is mapped there. */
static char *stack_before(int protection, int fd)
{
	char *map = mmap(NULL, STACK + PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(map != MAP_FAILED);
	if (fd >= 0)
		CHECK(mmap(map + STACK, PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, fd, 0) == map + STACK);
	else if (protection)
		CHECK(mprotect(map + STACK, PAGE, protection) == 0);
	else
		CHECK(munmap(map + STACK, PAGE) == 0);
	return map + STACK;
}

static void stacks_that_end(int empty_file)
{
	char *tops[] = {stack_before(0, -1), stack_before(PROT_EXEC, -1), stack_before(0, empty_file)};

	for (int i = 0; i < 3; i++) {
		for (unsigned long above = 0; above <= 64; above += 16) {
			call_both((unsigned long)tops[i] - above, (unsigned long)tops[i] - 8);
			call_both((unsigned long)tops[i] - above, (unsigned long)tops[i]);
		}
		call_both(0, (unsigned long)tops[i] - 8);
		call_both(0, (unsigned long)tops[i] + 1000);
	}
}

static void frame_pointers(void)
{
	unsigned long chain[6] = {0}, here = (unsigned long)chain;
	const unsigned long garbage[] = {0,
					 1,
					 8,
					 -1UL,
					 -8UL,
					 1UL << 63,
					 0x800000000000,
					 here,
					 here + 1,
					 here - 4096,
					 here + 16,
					 0x12345678,
					 0x7ffffffff000,
					 0xffffffffff600000,
					 (unsigned long)wait_here};
	unsigned seed = 1;

	chain[0] = here + 16; /* two frames that are each other's callers, and return into code */
	chain[1] = (unsigned long)wait_here + 1;
	chain[2] = here;
	chain[3] = (unsigned long)call_with_table + 1;
	for (size_t i = 0; i < sizeof(garbage) / sizeof(*garbage); i++)
		call_both(0, garbage[i]);
	for (int i = 0; i < 200; i++)
		call_both(0, (unsigned long)rand_r(&seed) << 32 | (unsigned long)rand_r(&seed));
	for (int i = 0; i < 200; i++)
		call_both(0, here + (unsigned long)(rand_r(&seed) % 16384) - 8192);
}

static void *work(void *empty_file)
{
	stacks_that_end(*(int *)empty_file);
	frame_pointers();
	return NULL;
}

int main(void)
{
	int empty_file = memfd_create("empty", MFD_CLOEXEC);
	pthread_t thread;

	CHECK(empty_file >= 0);
	work(&empty_file);
	CHECK(pthread_create(&thread, NULL, work, &empty_file) == 0 && pthread_join(thread, NULL) == 0);
	printf("%d waits\n", waits);
	return 0;
}
