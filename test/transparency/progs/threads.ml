(* SPDX-License-Identifier: BSD-3-Clause

   OCaml's system threads: the master lock, its tick thread, mutexes, conditions, events, signals, fork. *)
let lock = Mutex.create ()
let change = Condition.create ()
let turn = ref 0

let play me =
  for _ = 1 to 100 do
    Mutex.lock lock;
    while !turn mod 4 <> me do Condition.wait change lock done;
    incr turn;
    Condition.broadcast change;
    Mutex.unlock lock;
    ignore (Array.make 1000 me)
  done

let () =
  List.iter Thread.join (List.map (Thread.create play) [0; 1; 2; 3]);
  Printf.printf "turn %d\n" !turn;
  let channel = Event.new_channel () in
  let sender = Thread.create (fun n -> for i = 1 to n do Event.sync (Event.send channel i) done) 200 in
  let sum = ref 0 in
  for _ = 1 to 200 do sum := !sum + Event.sync (Event.receive channel) done;
  Thread.join sender;
  Printf.printf "sum %d\n%!" !sum;
  Thread.delay 0.01;
  (match Unix.fork () with
   | 0 -> Unix._exit 5
   | pid -> match Unix.waitpid [] pid with
     | _, Unix.WEXITED n -> Printf.printf "child %d\n" n
     | _ -> print_endline "child killed");
  exit 2
