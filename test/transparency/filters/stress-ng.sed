# Process numbers and times; how often the unverified parts ran.
s/\[[0-9]+\]/[PID]/
s/completed in [0-9.]+s?( secs?)?.*/completed/
s/\([0-9.]+ secs?\)//
