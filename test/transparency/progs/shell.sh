# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=sh
#
# What a POSIX shell does with processes and signals; run by dash, bash and zsh.
trap 'echo usr1' USR1
trap 'echo exit trap' EXIT
kill -USR1 $$
echo "pipeline: $(printf '3\n1\n2\n' | sort | tr '\n' ' ')"
false | true
echo "status $?"
(exit 7)
echo "subshell $?"
sh -c 'kill -TERM $$'
echo "killed child $?"
sleep 30 &
sleeper=$!
kill -KILL $sleeper
wait $sleeper
echo "killed sleeper $?"
for i in 1 2 3 4; do (sleep 0.0$i; exit $i) & pids="$pids$! "; done
for i in 1 2 3 4; do
	wait "${pids%% *}"
	echo "waited $?"
	pids=${pids#* }
done
cat <<EOF
here $(echo document)
EOF
exec 7>saved
echo "to seven" >&7
exec 7>&-
cat saved
nosuchcommand 2>/dev/null
echo "not found $?"
read -r line <saved
echo "read $line"
echo before exec
exec sh -c 'trap "echo last" EXIT; exit 0'
