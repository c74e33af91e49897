/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * syslog() with floating point arguments, in registers and on the stack, and with %m: the text that also goes to
 * stderr is the same.
 */
#include <errno.h>
#include <stdio.h>
#include <syslog.h>

int main(void)
{
	openlog("floats", LOG_PERROR, LOG_USER);
	syslog(LOG_INFO, "%f %s %d", 1.25, "text", 42);
	syslog(LOG_ERR, "%g %g %g %g %g %g %g %g %g %g", 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5, 9.5, 10.5);
	syslog(LOG_ERR, "%d %d %d %d %d %d %d %Lf", 1, 2, 3, 4, 5, 6, 7, 0.125L);
	errno = ENOENT;
	syslog(LOG_WARNING, "%m, %c %.3e %lld", 'x', 1e100, 1LL << 40);
	printf("errno %d\n", errno);
	syslog(LOG_DEBUG, "nothing else");
	closelog();
	return 0;
}
