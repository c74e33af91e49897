# Process numbers in job messages and paths.
s/\[[0-9]+\] [0-9]+/[N] PID/
s/line [0-9]+: +[0-9]+ /line N: PID /
s/with PID [0-9]+/with PID N/
