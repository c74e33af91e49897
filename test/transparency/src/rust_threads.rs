// SPDX-License-Identifier: BSD-3-Clause
//
// Rust's std::thread, scope, mpsc, Mutex with poisoning, Condvar, RwLock, Barrier, Once, park, TLS destructors, Command.
use std::cell::RefCell;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{mpsc, Arc, Barrier, Condvar, Mutex, Once, RwLock};
use std::thread;
use std::time::Duration;

static DROPPED: AtomicUsize = AtomicUsize::new(0);
static ONCE: Once = Once::new();

struct Local(usize);

impl Drop for Local {
    fn drop(&mut self) {
        DROPPED.fetch_add(self.0, Ordering::SeqCst);
    }
}

thread_local!(static LOCAL: RefCell<Local> = RefCell::new(Local(1)));

fn channels() {
    let (sender, receiver) = mpsc::sync_channel::<usize>(4);
    let (result, results) = mpsc::channel();
    let workers: Vec<_> = (0..4)
        .map(|i| {
            let sender = sender.clone();
            thread::Builder::new()
                .name(format!("worker{}", i))
                .spawn(move || {
                    LOCAL.with(|local| local.borrow_mut().0 = 2);
                    for j in 0..1000 {
                        sender.send(i * j).unwrap();
                    }
                    thread::current().name().unwrap().to_string()
                })
                .unwrap()
        })
        .collect();
    drop(sender);
    let sum = thread::spawn(move || result.send(receiver.iter().sum::<usize>()).unwrap());
    for worker in workers {
        println!("{}", worker.join().unwrap());
    }
    sum.join().unwrap();
    println!("sum {} dropped {}", results.recv().unwrap(), DROPPED.load(Ordering::SeqCst));
    println!("timeout {:?}", results.recv_timeout(Duration::from_millis(3)));
}

fn locks() {
    let shared = Arc::new((Mutex::new(0usize), Condvar::new(), RwLock::new(Vec::new()), Barrier::new(5)));
    let all: Vec<_> = (0..5)
        .map(|i| {
            let shared = shared.clone();
            thread::spawn(move || {
                ONCE.call_once(|| println!("once"));
                let leader = shared.3.wait().is_leader();
                let mut turn = shared.0.lock().unwrap();
                while *turn % 5 != i {
                    turn = shared.1.wait(turn).unwrap();
                }
                *turn += 1;
                shared.2.write().unwrap().push(i);
                shared.1.notify_all();
                leader as usize
            })
        })
        .collect();
    let leaders: usize = all.into_iter().map(|t| t.join().unwrap()).sum();
    println!("leaders {} order {:?}", leaders, shared.2.read().unwrap());
    let (_guard, timeout) = {
        let guard = shared.0.lock().unwrap();
        shared.1.wait_timeout(guard, Duration::from_millis(3)).unwrap()
    };
    println!("timed out {}", timeout.timed_out());
}

fn panics() {
    let mutex = Arc::new(Mutex::new(1));
    let held = mutex.clone();
    let result = thread::Builder::new()
        .name("panics".into())
        .spawn(move || {
            let _guard = held.lock().unwrap();
            panic!("on purpose");
        })
        .unwrap()
        .join();
    println!("panicked {} poisoned {}", result.is_err(), mutex.is_poisoned());
}

fn main() {
    channels();
    locks();
    panics();
    let mut total = 0;
    thread::scope(|scope| {
        let handle = scope.spawn(|| thread::park());
        handle.thread().unpark();
        scope.spawn(|| total += 5);
    });
    println!("scoped {}", total);
    let output = Command::new("/bin/sh").arg("-c").arg("echo child; exit 4").output().unwrap();
    println!("{:?} {:?}", output.status.code(), String::from_utf8_lossy(&output.stdout));
    std::process::exit(5);
}
