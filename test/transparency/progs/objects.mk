# SPDX-License-Identifier: BSD-3-Clause
#
# Small objects, built at the same time by a sub-make that shares the jobserver.
NUMBERS := 1 2 3 4 5 6 7 8

all: result/all.o

result/all.o: $(NUMBERS:%=o/%.o)
	ld -r -o $@ $^

o/%.o: o/%.c
	$(CC) -O1 -c -o $@ $<

o/%.c: parts
	@true

parts:
	+@$(MAKE) -s -f $(firstword $(MAKEFILE_LIST)) write

write: $(NUMBERS:%=write-%)

write-%:
	@mkdir -p o
	@echo 'int part_$*(int x) { return x + $*; }' >o/$*.c

.PHONY: all parts write
.SECONDARY:
