/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Streams: each function that reads waits for a pipe; a loop over a file goes to the kernel once per buffer; what is
 * written arrives by fflush and fclose; a stream with functions of its own, which lock and read; ends and errors.
 */
#include "helper.h"

enum { BYTES = 65536 };

static int ends[2];
static FILE *in;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void put_line(void *arg)
{
	(void)arg;
	CHECK(write(ends[1], "one\n", 4) == 4);
}

static void put_byte(void *arg)
{
	(void)arg;
	CHECK(write(ends[1], "x", 1) == 1);
}

static void finish(void *arg)
{
	(void)arg;
	CHECK(close(ends[1]) == 0);
}

static void from_pipe(void)
{
	char line[64], *text = NULL;
	size_t room = 0;

	CHECK(pipe(ends) == 0 && (in = fdopen(ends[0], "r")));
	CHECK(AWAITED(fgets(line, sizeof(line), in), put_line, NULL) == line && strcmp(line, "one\n") == 0);
	CHECK(AWAITED(getline(&text, &room, in), put_line, NULL) == 4 && strcmp(text, "one\n") == 0);
	CHECK(AWAITED(getdelim(&text, &room, 'x', in), put_byte, NULL) == 1 && text[0] == 'x');
	CHECK(AWAITED(fread(line, 1, 4, in), put_line, NULL) == 4);
	CHECK(AWAITED(getc(in), put_byte, NULL) == 'x');
	CHECK(AWAITED(fgetc(in), put_byte, NULL) == 'x');
	CHECK(ungetc('y', in) == 'y' && getc(in) == 'y');
	CHECK(AWAITED(getc(in), finish, NULL) == EOF && feof(in) && !ferror(in));
	CHECK(!fgets(line, sizeof(line), in) && getline(&text, &room, in) == -1 && fread(line, 1, 1, in) == 0);
	CHECK(fclose(in) == 0);
	free(text);
	puts("read from a pipe");
}

static void through_file(void)
{
	FILE *file = fopen("file", "w+");
	char line[64];
	long sum = 0;
	int c;

	CHECK(file);
	for (int i = 0; i < BYTES / 8; i++)
		CHECK(fputs("abcdef\n", file) >= 0 && fwrite("z", 1, 1, file) == 1);
	CHECK(fflush(file) == 0 && fflush(file) == 0);
	rewind(file);
	while ((c = getc(file)) != EOF)
		sum += c;
	CHECK(feof(file) && !ferror(file));
	rewind(file);
	CHECK(fgets(line, 4, file) && strcmp(line, "abc") == 0 && fread(line, 2, 2, file) == 2);
	CHECK(memcmp(line, "def\n", 4) == 0 && fread(line, 0, 5, file) == 0 && fgetc(file) == 'z');
	CHECK(fclose(file) == 0 && !fopen("none/file", "r") && errno == ENOENT);
	printf("through a file: %ld\n", sum);
}

static ssize_t own_read(void *cookie, char *bytes, size_t len)
{
	int *left = cookie, fd;
	ssize_t n;

	pthread_mutex_lock(&mutex);
	CHECK((fd = open("/dev/zero", O_RDONLY)) >= 0);
	n = read(fd, bytes, len < 100 ? len : 100);
	CHECK(close(fd) == 0);
	pthread_mutex_unlock(&mutex);
	return (*left)-- > 0 ? n : 0;
}

static ssize_t own_write(void *cookie, const char *bytes, size_t len)
{
	(void)cookie;
	CHECK(usleep(1) == 0);
	return bytes[0] == 'E' ? 0 : (ssize_t)len;
}

static int own_close(void *cookie)
{
	(void)cookie;
	sched_yield();
	return 0;
}

static void own_stream(void)
{
	cookie_io_functions_t functions = {own_read, own_write, NULL, own_close};
	int left = 3, bytes = 0;
	FILE *file = fopencookie(&left, "r+", functions);

	CHECK(file);
	while (getc(file) != EOF)
		bytes++;
	CHECK(fclose(file) == 0);
	CHECK((file = fopencookie(&left, "w", functions)) && fputs("good", file) >= 0 && fflush(file) == 0);
	CHECK(fputs("E", file) >= 0 && fflush(file) == EOF && ferror(file) && fclose(file) == 0);
	printf("own stream: %d bytes\n", bytes);
}

static void errors(void)
{
	FILE *full = fopen("/dev/full", "w"), *file = fopen("file", "r");
	char line[8];

	CHECK(full && file);
	CHECK(fputs("lost", full) >= 0 && fflush(full) == EOF && errno == ENOSPC && ferror(full));
	CHECK(fputs("lost", full) >= 0 && fclose(full) == EOF && errno == ENOSPC);
	CHECK(fputs("x", file) == EOF && errno == EBADF && fwrite("x", 1, 1, file) == 0);
	CHECK(close(fileno(file)) == 0 && !fgets(line, sizeof(line), file) && errno == EBADF && ferror(file));
	clearerr(file);
	CHECK(getc(file) == EOF && errno == EBADF && fclose(file) == EOF && errno == EBADF);
	CHECK(setvbuf(stdout, NULL, _IOLBF, 0) == 0 && fputs("line buffered\n", stdout) >= 0);
	CHECK(fwrite("no line", 7, 1, stdout) == 1 && fputs("\n", stdout) >= 0 && fflush(NULL) == 0);
	CHECK(setvbuf(stdout, NULL, _IONBF, 0) == 0 && fputs("not ", stdout) >= 0 && fputs("buffered\n", stdout) >= 0);
}

int main(void)
{
	from_pipe();
	through_file();
	own_stream();
	errors();
	return 0;
}
