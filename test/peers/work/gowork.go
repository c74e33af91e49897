// SPDX-License-Identifier: BSD-3-Clause

// gowork NAME OPS [TRACE]: what micro.c does, as one writes it in Go; with TRACE recorded by runtime/trace. Prints
// "OPS WALL CPU": nanoseconds per operation by the clock on the wall, and of processor time.
package main

import (
	"fmt"
	"os"
	"runtime/trace"
	"strconv"
	"sync"
	"syscall"
	"time"
)

const (
	threads = 4
	section = 30
	item    = 100
)

var (
	lock sync.Mutex
	sink uint64
)

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func compute(x uint64, steps int) uint64 {
	for ; steps > 0; steps-- {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
	}
	return x
}

// together runs it in so many goroutines and waits for them.
func together(count int, run func(me int)) {
	var all sync.WaitGroup
	all.Add(count)
	for i := range count {
		go func() {
			run(i)
			all.Done()
		}()
	}
	all.Wait()
}

func mutex(ops int) {
	for range ops {
		lock.Lock()
		lock.Unlock()
	}
}

func contended(ops int) {
	shared := uint64(1)
	together(threads, func(me int) {
		own := uint64(me) + 1
		for range ops / threads {
			lock.Lock()
			shared = compute(shared, section)
			lock.Unlock()
			own = compute(own, section)
		}
		lock.Lock()
		sink += own
		lock.Unlock()
	})
	sink += shared
}

func cond(ops int) {
	conds := [2]*sync.Cond{sync.NewCond(&lock), sync.NewCond(&lock)}
	turn := 0
	together(2, func(me int) {
		for range ops {
			lock.Lock()
			for turn != me {
				conds[me].Wait()
			}
			turn = 1 - me
			conds[1-me].Signal()
			lock.Unlock()
		}
	})
}

// A channel of one is Go's semaphore.
func sem(ops int) {
	balls := [2]chan struct{}{make(chan struct{}, 1), make(chan struct{}, 1)}
	balls[0] <- struct{}{}
	together(2, func(me int) {
		for range ops {
			<-balls[me]
			balls[1-me] <- struct{}{}
		}
	})
}

func create(ops int) {
	for range ops {
		together(1, func(int) {})
	}
}

func read(ops int) {
	fd, err := syscall.Open("/dev/zero", syscall.O_RDONLY, 0)
	check(err)
	buffer := make([]byte, 1)
	for range ops {
		_, err := syscall.Read(fd, buffer)
		check(err)
	}
}

func pipe(ops int) {
	var in, out [2]*os.File
	for i := range in {
		var err error
		in[i], out[i], err = os.Pipe()
		check(err)
	}
	together(2, func(me int) {
		buffer := make([]byte, 1)
		for range ops {
			if me == 0 {
				_, err := out[1].Write(buffer)
				check(err)
			}
			_, err := in[me].Read(buffer)
			check(err)
			if me == 1 {
				_, err := out[0].Write(buffer)
				check(err)
			}
		}
	})
}

func queue(ops int) {
	slots := make(chan uint64, 64)
	together(threads, func(me int) {
		x := uint64(1)
		for range ops / 2 {
			if me < 2 {
				x = compute(x, item)
				slots <- x
			} else {
				x += compute(<-slots|1, item)
			}
		}
		lock.Lock()
		sink += x
		lock.Unlock()
	})
}

func cpu() time.Duration {
	var usage syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func main() {
	works := map[string]func(int){"mutex": mutex, "contended": contended, "cond": cond, "sem": sem, "create": create,
		"read": read, "pipe": pipe, "queue": queue}
	ops, err := strconv.Atoi(os.Args[2])
	check(err)
	if len(os.Args) > 3 {
		file, err := os.Create(os.Args[3])
		check(err)
		check(trace.Start(file))
		defer trace.Stop()
	}
	wall, used := time.Now(), cpu()
	works[os.Args[1]](ops)
	took, spent := time.Since(wall), cpu()-used
	fmt.Printf("%d %.3f %.3f\n", ops, float64(took.Nanoseconds())/float64(ops), float64(spent.Nanoseconds())/float64(ops))
}
