// SPDX-License-Identifier: BSD-3-Clause
//
// Go with cgo: the runtime's threads are made by libc, goroutines call C, C threads call back into Go.
package main

/*
#include <pthread.h>
#include <unistd.h>

extern int called_back(int);

static void *thread(void *arg) { *(int *)arg = called_back(*(int *)arg); return arg; }

static int through_thread(int x)
{
	pthread_t id;
	if (pthread_create(&id, 0, thread, &x))
		return -1;
	pthread_join(id, 0);
	return x;
}

static void rest(void) { usleep(1000); }
*/
import "C"

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"sync"
	"syscall"
)

//export called_back
func called_back(x C.int) C.int { return x * x }

func main() {
	var group sync.WaitGroup
	var lock sync.Mutex
	sum := 0
	for i := 0; i < 50; i++ {
		group.Add(1)
		go func(i int) {
			defer group.Done()
			C.rest()
			x := int(C.through_thread(C.int(i)))
			lock.Lock()
			sum += x
			lock.Unlock()
		}(i)
	}
	group.Wait()
	fmt.Println("sum", sum)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGUSR1)
	syscall.Kill(os.Getpid(), syscall.SIGUSR1)
	fmt.Println("signal", <-signals)
	out, err := exec.Command("/bin/sh", "-c", "echo child; exit 3").CombinedOutput()
	fmt.Printf("%q %v\n", out, err)
	os.Exit(4)
}
