# Process and thread numbers, addresses, and the libraries that a tool names.
s/0x[0-9a-f]+/ADDRESS/g
s/==[0-9]+==/==PID==/
s/\(LWP [0-9]+\)/(LWP N)/g
s/process [0-9]+/process N/g
s/pid=[0-9]+/pid=N/g
s/WARNING: ThreadSanitizer: (.*) \(pid [^)]*\)/TSan: \1/
s/tid=[0-9]+/tid=N/g
s/^Thread [0-9]+ /Thread N /
s/arg=arg@entry=/arg=/
