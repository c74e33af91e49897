# SPDX-License-Identifier: BSD-3-Clause
#
# Perl's interpreter threads: shared variables, queues, semaphores, cond_wait; then fork, pipes, alarm and %SIG.
use strict;
use warnings;
use threads;
use threads::shared;
use Thread::Queue;
use Thread::Semaphore;

my $sum : shared = 0;
my $turn : shared = 0;
my $queue = Thread::Queue->new(1 .. 300);
my $semaphore = Thread::Semaphore->new(2);
$queue->end();
$| = 1;

my @workers = map {
	my $number = $_;
	threads->create(sub {
		my $mine = 0;
		while (defined(my $item = $queue->dequeue())) {
			lock($sum);
			$sum += $item;
		}
		$semaphore->down();
		$semaphore->up();
		lock($turn);
		cond_wait($turn) until $turn % 4 == $number;
		$turn++;
		cond_broadcast($turn);
		return $number * 3;
	});
} 0 .. 3;
print join(" ", map { $_->join() } @workers), " sum $sum turn $turn\n";

pipe(my $reader, my $writer) or die;
my $child = fork();
if (!$child) {
	print $writer "from the child\n";
	close($writer);
	exit(6);
}
close($writer);
print scalar(<$reader>);
waitpid($child, 0);
print "child ", $? >> 8, "\n";

my $alarms = 0;
local $SIG{ALRM} = sub { $alarms++ };
alarm(1);
my $slept = select(undef, undef, undef, 10);
print "select $slept ", $!{EINTR} ? "interrupted" : "whole", " alarms $alarms\n";
print "backticks: ", `echo inside; exit 3`, "status ", $? >> 8, "\n";
local $SIG{CHLD} = "IGNORE";
print "ignored: ", system("true"), "\n";
