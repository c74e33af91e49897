/* SPDX-License-Identifier: BSD-3-Clause */
#include "toggle.h"

#include "recording.h"

#include <signal.h>
#include <string.h>

enum { NUMBER_LEN = 3, LIBC_FIRST = 32, LIBC_LAST = 33, LAST = 64 };

/* Not those that a handler can't return from, or that are the kernel's alone. */
static const struct {
	const char *name;
	uint8_t number;
} names[] = {
	{"HUP", SIGHUP},   {"INT", SIGINT},   {"QUIT", SIGQUIT}, {"USR1", SIGUSR1},        {"USR2", SIGUSR2},
	{"PIPE", SIGPIPE}, {"ALRM", SIGALRM}, {"TERM", SIGTERM}, {"STKFLT", SIGSTKFLT},    {"CHLD", SIGCHLD},
	{"CONT", SIGCONT}, {"TSTP", SIGTSTP}, {"TTIN", SIGTTIN}, {"TTOU", SIGTTOU},        {"URG", SIGURG},
	{"XCPU", SIGXCPU}, {"XFSZ", SIGXFSZ}, {"PROF", SIGPROF}, {"VTALRM", SIGVTALRM},    {"WINCH", SIGWINCH},
	{"IO", SIGIO},     {"POLL", SIGPOLL}, {"PWR", SIGPWR},   {"RTMIN", LIBC_LAST + 1}, {"RTMAX", LAST},
};

static bool may_be_chosen(uint64_t signal)
{
	if (signal > LIBC_LAST && signal <= LAST)
		return true;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (names[i].number == signal)
			return true;
	}
	return false;
}

static bool parse_number(const char *text, uint64_t *signal)
{
	size_t len = strspn(text, "0123456789");

	if (len == 0 || text[len] || len > NUMBER_LEN)
		return false;
	*signal = 0;
	for (; *text; text++)
		*signal = *signal * 10 + (uint64_t)(*text - '0');
	return true;
}

bool gt_toggle_parse(const char *text, uint64_t *signal)
{
	*signal = 0;
	if (strcmp(text, "none") == 0)
		return true;
	if (parse_number(text, signal))
		return may_be_chosen(*signal);
	if (strncmp(text, "SIG", 3) == 0)
		text += 3;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i].name, text) != 0)
			continue;
		*signal = names[i].number;
		return true;
	}
	return false;
}

static void handle(int signal)
{
	(void)signal;
	gt_recording_toggle();
}

void gt_toggle_start(int signal)
{
	struct sigaction action = {.sa_handler = handle, .sa_flags = SA_RESTART | SA_ONSTACK};

	if (signal)
		sigaction(signal, &action, NULL);
}
