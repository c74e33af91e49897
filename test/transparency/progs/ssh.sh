# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash
#
# Keys made and used, and an agent.
traced ssh-keygen -q -t ed25519 -N '' -C comment -f key
traced ssh-keygen -y -f key | cmp - <(cut -d' ' -f1,2 key.pub | sed 's/$/ comment/')
echo text >text
traced ssh-keygen -q -Y sign -f key -n file text
printf 'me %s\n' "$(cat key.pub)" >allowed
traced ssh-keygen -Y verify -f allowed -I me -n file -s text.sig <text | sed 's/key .*//'
server ssh-agent -D -a "$PWD/agent" >/dev/null &
pid=$!
export SSH_AUTH_SOCK=$PWD/agent
until_true test -S agent
traced ssh-add -q key
traced ssh-add -l | awk '{print $1, $3, $4}'
stop "$pid"
