// Package campaign is for tests that are long by nature: they run published programs, install other programs, or kill
// commands at random points. `.ci/run` runs them; `go test` alone skips them, so that it stays short.
package campaign

import (
	"os"
	"testing"
)

// Variable is the environment variable that turns campaigns on, with any value but the empty one.
const Variable = "BUNDLENS_CAMPAIGN"

// On reports whether campaigns run. They don't where the tests are to be short.
func On() bool { return os.Getenv(Variable) != "" && !testing.Short() }

// Need skips a test that does what a campaign does, where campaigns are off.
func Need(t testing.TB, does string) {
	t.Helper()
	if !On() {
		t.Skipf("%s: set %s to run it", does, Variable)
	}
}

// Chosen is the last of several alternatives where campaigns are off, and all of them where they run.
func Chosen[T any](all []T) []T {
	if On() || len(all) == 0 {
		return all
	}
	return all[len(all)-1:]
}
