//go:build unix

package analyzer

import (
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
