//go:build !linux

package live

import (
	"context"
	"fmt"
	"runtime"
)

func runInSandbox(context.Context, *plan, *Run) (*Report, error) {
	return nil, fmt.Errorf("%w: not on %s", ErrNoSandbox, runtime.GOOS)
}

func closeNetwork() error { return ErrNoSandbox }

func interfaces() ([]Interface, error) { return nil, nil }
