// SPDX-License-Identifier: BSD-3-Clause
// A wait in a generic function of Rust.

mod inner {
    pub trait Pause {
        fn pause(&self);
    }

    impl Pause for u64 {
        #[inline(never)]
        fn pause(&self) {
            std::thread::sleep(std::time::Duration::from_millis(*self));
        }
    }
}

use inner::Pause;

fn main() {
    std::thread::spawn(|| 2u64.pause()).join().unwrap();
}
