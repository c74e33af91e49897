// SPDX-License-Identifier: BSD-3-Clause
//! Stacks of Rust: closures, generics, trait objects, a panic that is caught, std's mutexes and channels.
use std::ffi::{c_char, c_int, c_long, c_ulong, CString};
use std::hint::black_box;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::{mpsc, Arc, Mutex};
use std::thread;
use std::time::Duration;

#[repr(C)]
struct Timespec {
    seconds: c_long,
    nanoseconds: c_long,
}

extern "C" {
    fn pthread_self() -> c_ulong;
    fn pthread_setname_np(thread: c_ulong, name: *const c_char) -> c_int;
    fn nanosleep(asked: *const Timespec, left: *mut Timespec) -> c_int;
}

fn about_to_wait(name: &str) {
    let name = CString::new(name).unwrap();
    assert_eq!(unsafe { pthread_setname_np(pthread_self(), name.as_ptr()) }, 0);
}

#[inline(never)]
fn rest(name: &str) -> u32 {
    let moment = Timespec { seconds: 0, nanoseconds: 1_000_000 };
    about_to_wait(name);
    let result = unsafe { nanosleep(&moment, std::ptr::null_mut()) };
    black_box(result as u32)
}

#[inline(never)]
fn descend<F: Fn(&str) -> u32>(depth: u32, name: &str, leaf: &F) -> u32 {
    let below = if depth == 0 { leaf(name) } else { descend(depth - 1, name, leaf) };
    black_box(below) + 1
}

trait Waits {
    fn wait(&self, name: &str) -> u32;
}

struct Descends(u32);

impl Waits for Descends {
    fn wait(&self, name: &str) -> u32 {
        descend(self.0, name, &|n| rest(n) + 1)
    }
}

struct Guard<'a>(&'a str);

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        rest(self.0);
    }
}

fn unwinding(name: &str) {
    std::panic::set_hook(Box::new(|_| ()));
    let caught = catch_unwind(AssertUnwindSafe(|| {
        let _guard = Guard(name);
        black_box(Err::<(), ()>(())).unwrap();
    }));
    assert!(caught.is_err());
}

fn contended(name: &str) {
    let mutex = Arc::new(Mutex::new(0));
    let (held, is_held) = mpsc::channel();
    let other = {
        let mutex = mutex.clone();
        thread::spawn(move || {
            let _lock = mutex.lock().unwrap();
            held.send(()).unwrap();
            thread::sleep(Duration::from_millis(20));
        })
    };
    is_held.recv().unwrap();
    about_to_wait(name);
    *mutex.lock().unwrap() += 1;
    other.join().unwrap();
}

fn sorting(name: &str) {
    let mut numbers = [3, 1, 2];
    let mut waited = false;
    numbers.sort_by(|a, b| {
        if !waited {
            rest(name);
            waited = true;
        }
        a.cmp(b)
    });
}

fn main() {
    let points: [(&str, fn(&str)); 5] = [
        ("rust/generic", |name| _ = descend(20, name, &|n| rest(n))),
        ("rust/trait", |name| _ = black_box(&Descends(5) as &dyn Waits).wait(name)),
        ("rust/unwinding", unwinding),
        ("rust/mutex", contended),
        ("rust/sort", sorting),
    ];
    for (name, run) in points {
        thread::spawn(move || run(name)).join().unwrap();
    }
}
