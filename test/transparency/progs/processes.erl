%% SPDX-License-Identifier: BSD-3-Clause
%%
%% Erlang: schedulers and asynchronous threads under many processes, ports, timers, files.
-module(processes).
-export([main/0]).

ring(0, First) -> First ! {done, self()};
ring(N, First) ->
    Next = spawn(fun() -> ring(N - 1, First) end),
    receive {pass, X} -> Next ! {pass, X + 1} after 0 -> Next ! {pass, N} end.

main() ->
    Self = self(),
    ring(2000, Self),
    receive {done, _} -> io:format("ring~n") end,
    [spawn(fun() -> Self ! {sum, lists:sum(lists:seq(1, N * 100))} end) || N <- lists:seq(1, 200)],
    io:format("sum ~p~n", [lists:sum([receive {sum, S} -> S end || _ <- lists:seq(1, 200)])]),
    io:format("~s", [os:cmd("echo port; exit 3")]),
    [ok = file:write_file(io_lib:format("result/~p", [N]), binary:copy(<<"x">>, N * 1000)) || N <- lists:seq(1, 20)],
    timer:send_after(20, tick),
    receive tick -> io:format("tick~n") end,
    {'EXIT', {badarith, _}} = (catch 1 / list_to_integer("0")),
    io:format("hash ~w~n", [erlang:phash2(crypto_free())]),
    halt(3).

crypto_free() -> erlang:md5(binary:copy(<<"abc">>, 1000000)).
