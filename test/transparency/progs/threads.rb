# SPDX-License-Identifier: BSD-3-Clause
#
# Ruby: threads, queues, condition variables, ractors' ground (native threads), timeouts, fork, signals.
require 'timeout'

queue = SizedQueue.new(5)
mutex = Mutex.new
condition = ConditionVariable.new
turn = 0
consumers = 3.times.map { Thread.new { sum = 0; while (x = queue.pop) != :end; sum += x; end; sum } }
(1..2000).each { |i| queue << i }
3.times { queue << :end }
puts "sum #{consumers.map(&:value).sum}"
players = 3.times.map do |me|
  Thread.new do
    50.times do
      mutex.synchronize do
        condition.wait(mutex) until turn % 3 == me
        turn += 1
        condition.broadcast
      end
    end
  end
end
players.each(&:join)
puts "turn #{turn}"
begin
  Timeout.timeout(0.05) { sleep 10 }
rescue Timeout::Error => e
  puts e.class
end
thread = Thread.new { Thread.stop; :woken }
sleep 0.01 until thread.stop?
thread.run
puts thread.value
dead = Thread.new { Thread.current.report_on_exception = false; raise 'oops' }
begin
  dead.join
rescue => e
  puts e.message
end
reader, writer = IO.pipe
pid = fork { reader.close; writer.puts 'child'; exit!(5) }
writer.close
puts reader.read
Process.wait(pid)
puts $?.exitstatus
trap('USR1') { puts 'usr1' }
Process.kill('USR1', Process.pid)
sleep 0.05
puts `echo backticks`
puts Process.clock_gettime(Process::CLOCK_MONOTONIC) > 0
at_exit { puts 'at exit' }
exit 2
