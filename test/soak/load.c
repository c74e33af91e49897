/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * load PORT SECONDS [CLIENTS [redis]]: clients of memcached, 8 unless said, or of redis, one thread each, set and get
 * values of 100 bytes for so long. Prints how many requests a second were answered. Ends with 1 when an answer is wrong.
 */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MOST_CLIENTS = 64, BYTES = 100, KEYS = 1000, SETS = 10 /* one request of so many */ };

static struct sockaddr_in server = {.sin_family = AF_INET};
static double end;
static int redis;

struct client {
	pthread_t thread;
	int fd, number;
	long requests;
	char *why; /* it gave up */
};

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* The answer is all there: it ends so; redis has a line with the length before a value. */
static int whole(const char *answer, size_t n, const char *ending)
{
	size_t wanted = strlen(ending);

	if (n < wanted || memcmp(answer + n - wanted, ending, wanted) != 0)
		return 0;
	return answer[0] != '$' || answer[1] == '-' || n > BYTES;
}

/* Sends a request and reads until the answer ends so. */
static int ask(struct client *c, const char *request, size_t len, const char *ending)
{
	char answer[512];
	size_t n = 0;

	if (write(c->fd, request, len) != (ssize_t)len)
		return 0;
	while (!whole(answer, n, ending)) {
		ssize_t got = read(c->fd, answer + n, sizeof(answer) - n);

		if (got <= 0)
			return 0;
		n += (size_t)got;
	}
	c->requests++;
	return 1;
}

static int set(struct client *c, int key)
{
	char request[256];
	int n = snprintf(request, sizeof(request), redis ? "set %d-%d " : "set %d-%d 0 0 100\r\n", c->number, key);

	memset(request + n, 'x', BYTES);
	memcpy(request + n + BYTES, "\r\n", 2);
	return ask(c, request, (size_t)n + BYTES + 2, redis ? "+OK\r\n" : "STORED\r\n");
}

static int get(struct client *c, int key)
{
	char request[64];

	return ask(c, request, (size_t)snprintf(request, sizeof(request), "get %d-%d\r\n", c->number, key),
		   redis ? "\r\n" : "END\r\n");
}

static void *run(void *arg)
{
	struct client *c = arg;

	c->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (connect(c->fd, (struct sockaddr *)&server, sizeof(server)) != 0)
		c->why = "no connection";
	for (int i = 0; !c->why && now() < end; i++) {
		if (!(i % SETS == 0 ? set(c, i % KEYS) : get(c, i % KEYS)))
			c->why = "no answer";
	}
	close(c->fd);
	return NULL;
}

int main(int argc, char **argv)
{
	static struct client client[MOST_CLIENTS];
	int clients = argc > 3 ? atoi(argv[3]) : 8;
	long requests = 0;
	double begin = now();

	if (argc < 3 || clients < 1 || clients > MOST_CLIENTS)
		return 2;
	redis = argc > 4;
	server.sin_port = htons((uint16_t)atoi(argv[1]));
	server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	end = begin + atof(argv[2]);
	for (int i = 0; i < clients; i++) {
		client[i].number = i;
		pthread_create(&client[i].thread, NULL, run, &client[i]);
	}
	for (int i = 0; i < clients; i++) {
		pthread_join(client[i].thread, NULL);
		requests += client[i].requests;
		if (client[i].why) {
			fprintf(stderr, "%s\n", client[i].why);
			return 1;
		}
	}
	printf("%.0f\n", (double)requests / (now() - begin));
	return 0;
}
