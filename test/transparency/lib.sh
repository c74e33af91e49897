# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash
#
# What the commands in cases.tsv may use. scripts/transparency sources it in a fresh directory, with nothing but
# MODE (native or traced), TRACES, LIB, SHARED (lasts over the runs), TESTS and a plain PATH in the environment.
# Only what runs below 'traced' is traced: a difference is then the program's, not that of a tool around it.

# The same number of processes in both modes, whatever comes behind.
if [ "$MODE" = traced ]; then
	with=(env "LD_PRELOAD=$LIB" "GTRACE_OUTPUT=$TRACES/%e.%p.trace")
else
	with=(env)
fi

traced() { # traced COMMAND...
	"${with[@]}" "$@"
}

# For 'server COMMAND... &': $! is then the program itself.
server() {
	exec "${with[@]}" "$@"
}

# Another preloaded library in front of ours or behind it; bare natively.
preloading() { # preloading before|after LIBRARY COMMAND...
	local where=$1 other=$2 list
	shift 2
	case $MODE,$where in
	native,*) list=$other ;;
	*,before) list=$other:$LIB ;;
	*) list=$LIB:$other ;;
	esac
	env "LD_PRELOAD=$list" "GTRACE_OUTPUT=$TRACES/%e.%p.trace" "$@"
}

# Compiles src/NAME.{c,cpp,rs,go} once; the program is $SHARED/NAME.
compile() { # compile NAME [WORDS]: the words go to the compiler, behind the source
	local name=$1 out=$SHARED/${as:-$1} source
	shift
	[ -x "$out" ] && return 0
	for source in "$TESTS/src/$name".*; do
		case $source in
		*.c) set -- "${cc:-gcc}" -std=gnu11 -D_GNU_SOURCE -O1 -g -pthread -o "$out" "$source" "$@" ;;
		*.cpp) set -- "${cc:-g++}" -std=c++20 -O1 -g -pthread -o "$out" "$source" "$@" ;;
		*.rs) set -- /usr/bin/rustc -O -o "$out" "$source" "$@" ;;
		*.go) set -- /usr/lib/go-1.23/bin/go build -o "$out" "$source" ;;
		esac
	done
	GOCACHE=$SHARED/gocache GOTOOLCHAIN=local GO111MODULE=off CGO_ENABLED=1 "$@" >"$out.log" 2>&1 && return 0
	echo "cannot compile $name: $(head -n 5 "$out.log")" >&2
	exit 99
}

# Compiles once and runs traced. Words before -- go to the compiler, those behind it to the program.
built() { # built NAME [WORDS] [-- ARGUMENTS]
	local name=$1 words=()
	shift
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		words+=("$1")
		shift
	done
	[ $# -gt 0 ] && shift
	compile "$name" "${words[@]}"
	traced "$SHARED/${as:-$name}" "$@"
}

# The same bytes in every run: numbers as text, so many megabytes of them.
numbers() {
	seq 1 $(($1 * 130000)) | head -c $(($1 << 20))
}

port_free() {
	/usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# Waits until a command succeeds; after 20 seconds the case fails.
until_true() {
	local i
	for ((i = 0; i < 200; i++)); do
		"$@" >/dev/null 2>&1 && return 0
		sleep 0.1
	done
	echo "never true: $*" >&2
	exit 98
}

port_open() {
	(: <"/dev/tcp/127.0.0.1/$1")
}

# Ends a child of this shell and says how it ended.
stop() { # stop PID [SIGNAL]
	kill "-${2:-TERM}" "$1"
	wait "$1"
	echo "server: $?"
}

# pages_make FOLDER: what a server of files serves there. pages_fetch PORT: all of it three times, by eight clients at once, none of
# which is traced; what they got.
pages_make() {
	local i
	for ((i = 0; i < 20; i++)); do seq $((i * 1000)) $((i * 1000 + 3000)) >"$1/$i"; done
}

# shellcheck disable=SC2016 # the inner shell has its own
pages_fetch() {
	seq 60 | xargs -P8 -I{} sh -c 'curl -s "http://127.0.0.1:$0/$(({} % 20))" | sha256sum' "$1" | sort | sha256sum
}
