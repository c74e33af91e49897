/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Threads of Rust: closures with and without captures, a function, a closure of a method, a scope.
 * Flags: --edition 2021 -C opt-level=0
 */
use std::thread;

mod pool {
    pub fn work() {
        println!("work");
    }

    pub struct Worker;

    impl Worker {
        pub fn start(&self, n: i32) {
            std::thread::spawn(move || println!("start {n}")).join().unwrap();
        }
    }
}

fn run_captures() -> i32 {
    let text = String::from("text");
    thread::spawn(move || { println!("{text}"); 7 }).join().unwrap()
}

fn main() {
    thread::spawn(|| println!("closure")).join().unwrap();
    thread::spawn(pool::work).join().unwrap();
    pool::Worker.start(3);
    println!("{}", run_captures());
    let local = 5;
    thread::scope(|s| { s.spawn(|| println!("scope {local}")); });
}
