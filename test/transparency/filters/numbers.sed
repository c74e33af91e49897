# Measurements: every number may vary.
s/[0-9]+(\.[0-9]+)?/N/g
s/  +/ /g
s/(N )+/N /g
