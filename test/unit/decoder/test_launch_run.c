/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The child of gtrace record: its status, its signals, and commands that cannot be run.
 */
#include "decoder/launch.h"

#include "test/lib/capture.h"
#include "test/lib/tempdir.h"
#include "test/lib/text.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void set_up(void)
{
	cr_assert_eq(chdir(gt_temp_dir()), 0);
}

TestSuite(launch_run, .init = set_up, .fini = gt_temp_clean);

/* Signals as if nobody had ever changed them, whatever the tests were started with. */
static void plain_signals(void)
{
	static const int signals[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP};
	sigset_t none;

	for (int i = 0; i < 4; i++)
		signal(signals[i], SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static int run(void *argv)
{
	pid_t pid = 0;
	int status;

	plain_signals();
	status = gt_launch_run(argv, &pid);
	printf("%d\n", (int)pid);
	return status;
}

static struct gt_captured said;

static void shell_says(const char *script, int status)
{
	const char *argv[] = {"sh", "-c", script, NULL};

	gt_capture(run, argv, &said);
	cr_expect_eq(said.status, status, "%d after %s: %s", said.status, script, said.err);
}

Test(launch_run, the_status_is_that_of_the_command)
{
	shell_says("exit 0", 0);
	shell_says("exit 7", 7);
	shell_says("exit 255", 255);
	shell_says("kill -KILL $$", 128 + SIGKILL);
	cr_expect_str_eq(said.err, "");
}

Test(launch_run, the_child_is_told)
{
	char twice[64];
	int pid;

	shell_says("echo $$", 0);
	pid = atoi(said.out);
	cr_expect(pid > 0);
	snprintf(twice, sizeof(twice), "%d\n%d\n", pid, pid);
	cr_expect_str_eq(said.out, twice);
}

static void cannot_run(const char *command, int status, const char *complaint)
{
	const char *argv[] = {command, NULL};

	setenv("PATH", "/usr/bin:/bin", 1);
	gt_capture(run, argv, &said);
	cr_expect_eq(said.status, status);
	cr_expect_str_eq(said.err, complaint);
}

Test(launch_run, commands_that_cannot_be_run)
{
	cr_assert_eq(mkdir("a", 0700), 0);
	gt_temp_touch("a/tool", 0600);
	cannot_run("no-such-command", 127, "gtrace: no-such-command: command not found\n");
	cannot_run("./other", 127, "gtrace: ./other: No such file or directory\n");
	cannot_run("a/tool", 126, "gtrace: a/tool: Permission denied\n");
	cannot_run("/", 126, "gtrace: /: Permission denied\n");
}

Test(launch_run, what_the_terminal_sends_is_the_command_s_own_business)
{
	shell_says("kill -INT $PPID; kill -QUIT $PPID; sleep 0.05; exit 5", 5);
}

Test(launch_run, what_asks_us_to_end_is_passed_on)
{
	const char *const script = "trap 'exit 7' %s; kill -%s $PPID; i=0;"
				   "while [ $i -lt 500 ]; do sleep 0.01; i=$((i + 1)); done";
	char text[256];

	snprintf(text, sizeof(text), script, "TERM", "TERM");
	shell_says(text, 7);
	snprintf(text, sizeof(text), script, "HUP", "HUP");
	shell_says(text, 7);
}

Test(launch_run, the_command_gets_the_signals_that_we_were_started_with)
{
	shell_says("kill -INT $$; exit 4", 128 + SIGINT);
	shell_says("kill -QUIT $$; exit 4", 128 + SIGQUIT);
	shell_says("kill -HUP $$; exit 4", 128 + SIGHUP);
}

static int run_deaf(void *argv)
{
	struct sigaction now;
	sigset_t mask, after;
	pid_t pid;
	int status;

	plain_signals();
	signal(SIGHUP, SIG_IGN);
	sigemptyset(&mask);
	sigaddset(&mask, SIGUSR1);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	status = gt_launch_run(argv, &pid);
	sigprocmask(SIG_SETMASK, NULL, &after);
	if (!sigismember(&after, SIGUSR1) || sigismember(&after, SIGTERM))
		return 51;
	if (sigaction(SIGHUP, NULL, &now) != 0 || now.sa_handler != SIG_IGN)
		return 52;
	if (sigaction(SIGTERM, NULL, &now) != 0 || now.sa_handler != SIG_DFL)
		return 53;
	return status;
}

Test(launch_run, what_was_ignored_and_blocked_stays_so)
{
	const char *ignores[] = {"sh", "-c", "kill -HUP $$; kill -HUP $PPID; exit 4", NULL};
	const char *blocks[] = {"grep", "SigBlk", "/proc/self/status", NULL};

	gt_capture(run_deaf, ignores, &said);
	cr_expect_eq(said.status, 4);
	gt_capture(run_deaf, blocks, &said);
	cr_expect_eq(said.status, 0);
	cr_expect_str_eq(said.out, "SigBlk:\t0000000000000200\n");
}
