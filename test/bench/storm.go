// SPDX-License-Identifier: BSD-3-Clause

// storm FILE N: traces 24 goroutines with locks, channels, system calls, tasks, garbage and deep stacks, N rounds each.
package main

import (
	"context"
	"io"
	"log"
	"os"
	"runtime"
	"runtime/pprof"
	"runtime/trace"
	"strconv"
	"sync"
	"time"
)

type place struct {
	mu sync.Mutex
	c  chan int
}

func meet(p *place, i int) {
	p.mu.Lock()
	runtime.Gosched()
	p.mu.Unlock()
	select {
	case p.c <- i:
	default:
		select {
		case <-p.c:
		default:
		}
	}
}

func deep(n int, f func()) {
	if n == 0 {
		f()
		return
	}
	deep(n-1, f)
}

func annotate(i int) {
	ctx, task := trace.NewTask(context.Background(), "task")
	trace.WithRegion(ctx, "region", func() { trace.Logf(ctx, "category", "message %d", i%10) })
	task.End()
}

func work(n int, p *place) {
	zero, err := os.Open("/dev/zero")
	if err != nil {
		log.Fatal(err)
	}
	defer zero.Close()
	buf := make([]byte, 64)
	var garbage [][]byte
	for i := 0; i < n; i++ {
		deep(i%12, func() { meet(p, i) })
		switch i % 8 {
		case 0:
			zero.Read(buf)
		case 1:
			garbage = append(garbage, make([]byte, 1024))
			if len(garbage) > 500 {
				garbage = nil
			}
		case 2:
			if i%64 == 2 {
				time.Sleep(time.Microsecond)
			}
		case 3:
			annotate(i)
		case 4:
			done := make(chan bool)
			go func() { done <- true }()
			<-done
		}
	}
}

func main() {
	n, err := strconv.Atoi(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	out, err := os.Create(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	defer out.Close()
	pprof.StartCPUProfile(io.Discard)
	defer pprof.StopCPUProfile()
	if err := trace.Start(out); err != nil {
		log.Fatal(err)
	}
	defer trace.Stop()
	places := make([]place, 5)
	for i := range places {
		places[i].c = make(chan int, 4)
	}
	var wg sync.WaitGroup
	for w := 0; w < 24; w++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			work(n, &places[w%len(places)])
		}()
	}
	wg.Wait()
}
