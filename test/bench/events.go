// SPDX-License-Identifier: BSD-3-Clause

// events N [FILE]: two goroutines hand a value there and back, N times, eight frames deep, traced into FILE if there is one;
// prints the nanoseconds of processor time that the whole process needed meanwhile.
package main

import (
	"fmt"
	"log"
	"os"
	"runtime"
	"runtime/trace"
	"strconv"
	"syscall"
)

func used() int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		log.Fatal(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}

//go:noinline
func deep(depth int, f func()) {
	if depth == 0 {
		f()
		return
	}
	deep(depth-1, f)
}

func hand(n int) {
	there, back := make(chan int), make(chan int)
	go deep(3, func() {
		for i := range there {
			back <- i
		}
	})
	deep(2, func() {
		for i := range n {
			there <- i
			<-back
		}
	})
	close(there)
}

func main() {
	n, err := strconv.Atoi(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	runtime.GOMAXPROCS(1)
	hand(n / 10)
	before := used()
	if len(os.Args) > 2 {
		out, err := os.Create(os.Args[2])
		if err != nil {
			log.Fatal(err)
		}
		if err := trace.Start(out); err != nil {
			log.Fatal(err)
		}
		hand(n)
		trace.Stop()
	} else {
		hand(n)
	}
	fmt.Println(used() - before)
}
