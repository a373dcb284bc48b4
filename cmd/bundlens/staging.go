package main

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"
)

// A directory that is being filled is locked by the run that fills it: one that is not is left of a run that was killed.
// Where directories can't be locked, as on Windows, such a one stays.

// stagingPrefix is how the names begin of what is made for an output directory, beside it or in it.
func stagingPrefix(dir string) string {
	sum := sha256.Sum256([]byte(dir))
	return ".bundlens-" + hex.EncodeToString(sum[:4]) + "-"
}

// oldSuffix ends the name of what stood at an output directory before, until it is removed.
const oldSuffix = ".old"

func lockOf(dir string) *flock.Flock { return flock.New(dir, flock.SetFlag(os.O_RDONLY)) }

// holdStaging locks a directory that is being filled. Close ends that.
func holdStaging(tmp string) *flock.Flock {
	lock := lockOf(tmp)
	lock.TryLock()
	return lock
}

// alone calls f while no other run does for a directory with the same parent, where directories can be locked.
func alone(dir string, f func() error) error {
	lock := lockOf(filepath.Dir(dir))
	lock.Lock()
	defer lock.Close()
	return f()
}

// clearStaging removes what runs that were killed left of an output directory that they were about to write.
func clearStaging(dir string) {
	for _, parent := range []string{filepath.Dir(dir), dir} {
		left, err := filepath.Glob(filepath.Join(globQuoted(parent), stagingPrefix(dir)+"*"))
		if err != nil {
			continue
		}
		for _, path := range left {
			lock := lockOf(strings.TrimSuffix(path, oldSuffix))
			if ours, err := lock.TryLock(); ours || os.IsNotExist(err) {
				os.RemoveAll(path)
				lock.Close()
			}
		}
	}
}

// globQuoted is a path as a pattern that means nothing else.
func globQuoted(path string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(path)
}
