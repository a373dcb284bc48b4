//go:build !unix

package analyzer

import "time"

// processorTime is not known here.
func processorTime() (time.Duration, bool) { return 0, false }

// residentMemory is not known here.
func residentMemory() (int64, bool) { return 0, false }
