/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Users, groups and hosts by name and by number, found and not found; a name server of our own lets the resolver wait.
 */
#include "helper.h"
#include <arpa/inet.h>
#include <grp.h>
#include <netdb.h>
#include <pwd.h>
#include <resolv.h>

static void users(void)
{
	struct passwd entry, *found = getpwnam("root");
	char buf[4096];

	CHECK(found && found->pw_uid == 0);
	printf("root: %s %s\n", found->pw_dir, found->pw_shell);
	CHECK((found = getpwuid(0)) && strcmp(found->pw_name, "root") == 0);
	CHECK(getpwnam_r("root", &entry, buf, sizeof(buf), &found) == 0 && found == &entry && entry.pw_uid == 0);
	CHECK(getpwuid_r(0, &entry, buf, sizeof(buf), &found) == 0 && found == &entry);
	CHECK(getpwnam_r("root", &entry, buf, 1, &found) == ERANGE && !found);
	CHECK(getpwnam_r("no such user", &entry, buf, sizeof(buf), &found) == 0 && !found);
	errno = 0;
	found = getpwnam("no such user");
	printf("no such user: %p, errno %d\n", (void *)found, errno);
	errno = 0;
	found = getpwuid(123456789);
	printf("no such id: %p, errno %d\n", (void *)found, errno);
}

static void groups(void)
{
	struct group *found = getgrnam("root");
	gid_t list[8] = {0};
	int count = 8;

	CHECK(found && found->gr_gid == 0 && (found = getgrgid(0)) && strcmp(found->gr_name, "root") == 0);
	CHECK(!getgrnam("no such group") && !getgrgid(123456789));
	printf("groups of nobody: %d", getgrouplist("nobody", 4242, list, &count));
	printf(" (%d), %u\n", count, list[0]);
	count = 0;
	printf("without room: %d", getgrouplist("nobody", 4242, list, &count));
	printf(" (%d)\n", count);
	errno = 0;
	printf("initgroups: %d", initgroups("no such user", getgid()));
	printf(", errno %d\n", errno);
}

static void show(const char *node, const char *service, int flags)
{
	struct addrinfo hints = {.ai_flags = flags, .ai_socktype = SOCK_STREAM}, *list = NULL;
	int error = getaddrinfo(node, service, &hints, &list);
	char host[256], port[32];

	printf("%s %s: %s\n", node, service, error ? gai_strerror(error) : "found");
	for (struct addrinfo *a = list; a; a = a->ai_next) {
		error = getnameinfo(a->ai_addr, a->ai_addrlen, host, sizeof(host), port, sizeof(port),
				    NI_NUMERICHOST | NI_NUMERICSERV);
		printf("    %d %s %s\n", error, host, port);
		error = getnameinfo(a->ai_addr, a->ai_addrlen, host, sizeof(host), port, 1, NI_NUMERICHOST);
		printf("    without room: %s\n", gai_strerror(error));
	}
	if (list)
		freeaddrinfo(list);
}

static void show_host(const struct hostent *host)
{
	char text[64];

	if (!host)
		printf("none, h_errno %d\n", h_errno);
	else
		printf("%s %s\n", host->h_name, inet_ntop(host->h_addrtype, host->h_addr_list[0], text, sizeof(text)));
}

static void hosts(void)
{
	struct in_addr loopback = {htonl(INADDR_LOOPBACK)};
	struct hostent entry, *found;
	char buf[4096];
	int error;

	show("localhost", "80", 0);
	show("127.0.0.1", "http", 0);
	show("::1", NULL, AI_NUMERICHOST);
	show("no.number", NULL, AI_NUMERICHOST);
	show(NULL, "no such service", 0);
	show_host(gethostbyname("localhost"));
	show_host(gethostbyname("10.1.2.3"));
	show_host(gethostbyname2("127.0.0.1", AF_INET));
	show_host(gethostbyaddr(&loopback, sizeof(loopback), AF_INET));
	show_host(gethostbyaddr(&loopback, sizeof(loopback), 99));
	CHECK(gethostbyname_r("localhost", &entry, buf, sizeof(buf), &found, &error) == 0 && found == &entry);
	CHECK(gethostbyname_r("localhost", &entry, buf, 1, &found, &error) == ERANGE && !found);
	CHECK(gethostbyaddr_r(&loopback, 4, AF_INET, &entry, buf, sizeof(buf), &found, &error) == 0 && found);
}

/* Says that there is no such name. */
static void deny(void *arg)
{
	struct sockaddr_in from;
	socklen_t from_len = sizeof(from);
	unsigned char packet[512];
	int server = *(int *)arg;
	long n = recvfrom(server, packet, sizeof(packet), 0, (struct sockaddr *)&from, &from_len);

	CHECK(n > 12);
	packet[2] |= 0x80;
	packet[3] = 0x83;
	CHECK(sendto(server, packet, n, 0, (struct sockaddr *)&from, from_len) == n);
}

static void own_server(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t len = sizeof(address);
	int server = socket(AF_INET, SOCK_DGRAM, 0);
	unsigned char answer[512];

	CHECK(server >= 0 && bind(server, (struct sockaddr *)&address, len) == 0);
	CHECK(getsockname(server, (struct sockaddr *)&address, &len) == 0);
	CHECK(res_init() == 0);
	_res.nscount = 1;
	_res.nsaddr_list[0] = address;
	_res.options &= ~(RES_DNSRCH | RES_DEFNAMES);
	CHECK(AWAITED(res_query("no.such.name", 1, 1, answer, sizeof(answer)), deny, &server) == -1);
	printf("res_query: h_errno %d\n", h_errno);
	CHECK(AWAITED(res_search("no.such.name.", 1, 1, answer, sizeof(answer)), deny, &server) == -1);
	printf("res_search: h_errno %d\n", h_errno);
}

int main(void)
{
	users();
	groups();
	hosts();
	own_server();
	return 0;
}
