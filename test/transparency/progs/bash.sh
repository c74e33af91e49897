# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash
#
# What only bash does with processes.
coproc cat
coprocess=$COPROC_PID
echo "through the coprocess" >&"${COPROC[1]}"
read -r line <&"${COPROC[0]}"
echo "$line"
eval "exec ${COPROC[1]}>&-"
wait "$coprocess"
echo "coprocess $?"
diff <(seq 5) <(seq 2 6)
mapfile -t lines < <(seq 1000)
echo "${#lines[@]}"
(sleep 0.1; exit 4) & (exec sleep 30) &
later=$!
wait -n
echo "first $?"
kill $later
wait $later 2>/dev/null
echo "second $?"
count=0
trap 'count=$((count + 1))' DEBUG
:
:
trap - DEBUG
echo "debug $count"
set -m
sleep 0.1 &
fg >/dev/null
echo "fg $?"
set +m
read -r -t 0.05 line < <(sleep 0.3)
echo "timed out $(($? > 128))"
printf '%s\n' {1..2000} | xargs -n 100 echo | sha256sum
ulimit -n 40
exec 30</dev/null
ls -l /proc/self/fd | wc -l
shopt -s lastpipe
seq 3 | while read -r n; do sum=$((sum + n)); done
echo "sum $sum"
trap 'echo bye; exit 0' EXIT
exit 9
