# SPDX-License-Identifier: BSD-3-Clause
# make help tells the targets. Everything is built below $(BUILD); EXTRA_CFLAGS go to every file.

BUILD ?= build
PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
PKGCONFIGDIR ?= $(LIBDIR)/pkgconfig
MANDIR ?= $(PREFIX)/share/man
VERSION := 0.1.0
CC ?= gcc

ifneq ($(filter true 1,$(CI) $(WERROR)),)
WERROR_FLAG := -Werror
endif

# The recorder checks itself, and dies of what is wrong.
ifneq ($(filter true 1,$(DEBUG)),)
DEBUG_FLAG := -DGT_DEBUG
endif

# -iquote, not -I: shim/sched.h must not hide <sched.h>.
COMMON := -std=gnu11 -O2 -g -D_GNU_SOURCE -DGT_VERSION='"$(VERSION)"' -iquote . \
	-Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla $(WERROR_FLAG) $(DEBUG_FLAG) -MMD -MP

# What is loaded into the program: no vector registers (misaligned callers), unwind tables for cancellation,
# TLS that needs no call.
GENERAL_REGS := -mgeneral-regs-only
INJECTED = -fPIC -fvisibility=hidden -ftls-model=initial-exec -fexceptions -fasynchronous-unwind-tables \
	$(GENERAL_REGS) -fno-stack-protector -fno-lto -ffunction-sections -fdata-sections
INJECTED_LINK := -shared -Wl,-z,now -Wl,-z,relro -Wl,-z,initfirst -Wl,-z,nodelete -Wl,-z,noexecstack \
	-Wl,--gc-sections -Wl,-Bsymbolic -Wl,--exclude-libs,ALL -Wl,-soname,libgtrace.so -Wl,--no-undefined

SHIM := $(patsubst %.c,$(BUILD)/o/%.o,$(wildcard shim/*.c) shim/format/spec.c)
PRELOAD := $(patsubst %,$(BUILD)/o/%.o,$(basename $(wildcard preload/*.c preload/*.S)))
DECODER := $(patsubst %.c,$(BUILD)/o/%.o,$(filter-out decoder/main.c,$(wildcard decoder/*.c)))
SPEC := $(BUILD)/o/decoder/spec.o

# Symbols and debug information; names of C++ and Rust.
DECODER_LIBS := -ldw -lelf -liberty -lm

# A flag that not every compiler knows.
option = $(shell $(CC) -Werror $(1) -fsyntax-only -x c /dev/null 2>/dev/null && echo $(1))

all: $(BUILD)/libgtrace.so $(BUILD)/gtrace $(BUILD)/libgtrace.d

# dlvsym as a sibling call would look like a call from the dynamic linker itself.
$(BUILD)/o/preload/real.o: EXTRA := -fno-optimize-sibling-calls

# A loop that copies must not become a call of itself.
$(BUILD)/o/preload/string.o: EXTRA := -fno-builtin $(call option,-fno-tree-loop-distribute-patterns)

# Arguments that are handed on may be floating point there.
$(BUILD)/o/preload/wrap_log.o: GENERAL_REGS :=

$(BUILD)/o/shim/%.o: shim/%.c
	@mkdir -p $(@D)
	$(CC) $(COMMON) $(INJECTED) $(EXTRA) $(EXTRA_CFLAGS) -c $< -o $@

$(BUILD)/o/preload/%.o: preload/%.c
	@mkdir -p $(@D)
	$(CC) $(COMMON) $(INJECTED) $(EXTRA) $(EXTRA_CFLAGS) -c $< -o $@

$(BUILD)/o/preload/%.o: preload/%.S
	@mkdir -p $(@D)
	$(CC) -c $< -o $@

# An event passes through a dozen modules: gtrace is optimised as a whole where the compiler can, and the tests take the same
# objects module by module. Not with sanitizers, whose checks let the compiler see what can't be.
ifeq ($(findstring -fsanitize,$(EXTRA_CFLAGS)),)
WHOLE := $(call option,-O3 -flto=auto -ffat-lto-objects)
endif

$(BUILD)/o/decoder/%.o: decoder/%.c
	@mkdir -p $(@D)
	$(CC) $(COMMON) $(WHOLE) -DGT_PREFIX='"$(PREFIX)"' $(EXTRA_CFLAGS) -c $< -o $@

$(SPEC): shim/format/spec.c
	@mkdir -p $(@D)
	$(CC) $(COMMON) $(EXTRA_CFLAGS) -c $< -o $@

$(BUILD)/exports.map: preload/wrappers.def scripts/gen-exports
	@mkdir -p $(@D)
	scripts/gen-exports > $@

$(BUILD)/libgtrace.so: $(PRELOAD) $(SHIM) $(BUILD)/exports.map
	$(CC) $(INJECTED_LINK) -Wl,--version-script=$(BUILD)/exports.map $(EXTRA_CFLAGS) -o $@ $(PRELOAD) $(SHIM)

# What `gtrace record` preloads: $LIB in the path leads each child to a library of its own class. The 32-bit one does
# nothing, and needs no 32-bit libc to be built; without it 32-bit children complain on their stderr.
CLASS64 := lib/x86_64-linux-gnu lib64
CLASS32 := lib/i386-linux-gnu lib32 lib

$(BUILD)/libgtrace.d: Makefile
	for dir in $(CLASS64) $(CLASS32); do mkdir -p $@/$$dir; done
	for dir in $(CLASS64); do ln -sfr $(BUILD)/libgtrace.so $@/$$dir/libgtrace.so; done
	for dir in $(CLASS32); do echo | $(CC) -m32 -shared -nostdlib -fPIC -x c -o $@/$$dir/libgtrace.so - || true; done
	touch $@

$(BUILD)/libgtshim.a: $(SHIM)
	rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/libgtdecoder.a: $(DECODER) $(SPEC)
	rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/gtrace: $(BUILD)/o/decoder/main.o $(BUILD)/libgtdecoder.a
	$(CC) $(WHOLE) $(EXTRA_CFLAGS) -o $@ $^ $(DECODER_LIBS)

# The judge of unwind rules, where it is installed.
UNWIND := $(if $(call option,-include libunwind-x86_64.h),-lunwind-x86_64)

# Unit tests see both halves, so that one can read what the other wrote: test/unit/LAYER/test_MODULE.c.
TEST_LIB := $(patsubst %.c,$(BUILD)/o/%.o,$(wildcard test/lib/*.c))
TESTS := $(patsubst test/unit/%.c,$(BUILD)/unit/%,$(wildcard test/unit/*/test_*.c))

$(BUILD)/o/test/lib/%.o: test/lib/%.c
	@mkdir -p $(@D)
	$(CC) $(COMMON) $(EXTRA_CFLAGS) -c $< -o $@

$(BUILD)/unit/%: test/unit/%.c $(TEST_LIB) $(BUILD)/libgtshim.a $(BUILD)/libgtdecoder.a
	@mkdir -p $(@D)
	$(CC) $(COMMON) -O1 -fno-lto -DGT_PREFIX='"$(PREFIX)"' $(EXTRA_CFLAGS) -o $@ $< $(TEST_LIB) \
		$(BUILD)/libgtdecoder.a $(BUILD)/libgtshim.a -lcriterion $(DECODER_LIBS) $(UNWIND) -pthread

unit-tests: $(TESTS)

check:
	scripts/setup.sh
	BUILD=$(BUILD) scripts/check

transparency:
	scripts/setup.sh all
	$(MAKE) all
	scripts/transparency --build $(BUILD) all

demo:
	scripts/setup.sh
	$(MAKE) all
	scripts/demo $(BUILD)

bench: all $(BUILD)/libgtshim.a
	test/bench/run $(BUILD)
	test/bench/instructions $(BUILD)
	test/bench/scale $(BUILD)
	test/bench/transfers $(BUILD)
	test/bench/decode $(BUILD)

# What it prints it also reads.
RENEW_README = scripts/gen-readme > $(BUILD)/README.md && cp $(BUILD)/README.md README.md

bench-peers:
	scripts/setup.sh peers
	$(MAKE) all $(BUILD)/libgtshim.a
	test/peers/run $(BUILD)
	$(RENEW_README)

docs: all
	scripts/gen-docs $(BUILD) docs
	$(RENEW_README)

format:
	clang-format -i $$(git ls-files '*.c' '*.h' '*.cpp')

lint:
	scripts/lint

install: all
	install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(LIBDIR) $(DESTDIR)$(INCLUDEDIR) $(DESTDIR)$(PKGCONFIGDIR)
	install -d $(DESTDIR)$(MANDIR)/man1 $(DESTDIR)$(MANDIR)/man3 $(DESTDIR)$(MANDIR)/man7
	install -m 755 $(BUILD)/gtrace $(DESTDIR)$(BINDIR)/gtrace
	install -m 755 $(BUILD)/libgtrace.so $(DESTDIR)$(LIBDIR)/libgtrace.so
	cp -R $(BUILD)/libgtrace.d $(DESTDIR)$(LIBDIR)
	for dir in $(CLASS64); do ln -sfr $(DESTDIR)$(LIBDIR)/libgtrace.so $(DESTDIR)$(LIBDIR)/libgtrace.d/$$dir; done
	install -m 644 preload/gtrace.h $(DESTDIR)$(INCLUDEDIR)/gtrace.h
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@INCLUDEDIR@|$(INCLUDEDIR)|' -e 's|@LIBDIR@|$(LIBDIR)|' \
		-e 's|@VERSION@|$(VERSION)|' preload/gtrace.pc.in > $(DESTDIR)$(PKGCONFIGDIR)/gtrace.pc
	install -m 644 docs/man/*.1 $(DESTDIR)$(MANDIR)/man1
	install -m 644 docs/man/*.3 $(DESTDIR)$(MANDIR)/man3
	install -m 644 docs/man/*.7 $(DESTDIR)$(MANDIR)/man7

uninstall:
	rm -f $(DESTDIR)$(BINDIR)/gtrace $(DESTDIR)$(LIBDIR)/libgtrace.so
	rm -rf $(DESTDIR)$(LIBDIR)/libgtrace.d
	rm -f $(DESTDIR)$(INCLUDEDIR)/gtrace.h $(DESTDIR)$(PKGCONFIGDIR)/gtrace.pc
	for page in docs/man/*.[137]; do \
		rm -f $(DESTDIR)$(MANDIR)/man$${page##*.}/$${page##*/}; done

clean:
	rm -rf $(BUILD)

help:
	@echo 'make            build $(BUILD)/libgtrace.so and $(BUILD)/gtrace'
	@echo 'make demo       set up, build, trace pigz and print the result'
	@echo 'make check      set up, build and run every test'
	@echo 'make transparency  set up what it needs, and compare many real programs bare and traced'
	@echo 'make bench      what tracing and reading cost, as tables'
	@echo 'make bench-peers  set up, build, and write docs/performance.md and the figures in README.md: the same work under other tools'
	@echo 'make docs       regenerate the generated pages'
	@echo 'make lint       static analysis and spelling; make format: clang-format'
	@echo 'make install    PREFIX=$(PREFIX), DESTDIR'
	@echo 'make clean      remove $(BUILD)'

-include $(shell find $(BUILD)/o -name '*.d' 2>/dev/null)

.PHONY: all check transparency demo bench bench-peers docs format lint install uninstall clean help unit-tests
.SECONDARY:
