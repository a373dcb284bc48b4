//go:build unix

package analyzer

import (
	"fmt"
	"os"
	"syscall"
	"time"
)

// processorTime is how long processors have worked for this process.
func processorTime() (time.Duration, bool) {
	var used syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &used) != nil {
		return 0, false
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano()), true
}

// residentMemory is how much memory the process has, in bytes; known on Linux.
func residentMemory() (int64, bool) {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0, false
	}
	var all, resident int64
	if _, err := fmt.Sscan(string(text), &all, &resident); err != nil {
		return 0, false
	}
	return resident * int64(os.Getpagesize()), true
}
