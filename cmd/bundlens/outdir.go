package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gofrs/flock"

	"github.com/bundlens/bundlens/internal/regular"
)

// markerName is the file that says which files of a directory this program wrote. A directory whose every file
// stands in it may be replaced without asking.
const markerName = ".bundlens"

// markerHead opens the marker; the files follow, one a line.
const markerHead = "# Written by bundlens. A later run may replace the files named here without --force.\n"

// maxFile bounds the small files that are read whole: markers, configuration, baselines, queries, in bytes.
const maxFile = 64 << 20

// errNotOurs says that a directory holds files that this program did not write.
var errNotOurs = errors.New("directory is not empty and was not made by bundlens (use --force to write into it)")

// asDirectory refuses standard output where a command writes files.
func asDirectory(dir, command string) error {
	if dir == "-" {
		return usageError(command+" writes files, which can't go to standard output; a folder named - is ./-", command)
	}
	return nil
}

// writeDirAtomically makes dir hold what fill writes into an empty directory tmp beside it. Nothing of dir changes
// before fill has returned without an error, and no temporary file stays behind on an error.
//
// A missing or empty directory, or one that holds only what an earlier call wrote, is replaced whole. Any other is
// refused; with force, files of the same name are replaced there and the others left as they are.
func writeDirAtomically(dir string, force bool, fill func(tmp string) error) (err error) {
	dir, err = filepath.Abs(dir)
	if err != nil {
		return err
	}
	if resolved, err := filepath.EvalSymlinks(dir); err == nil {
		dir = resolved
	}
	undo, err := makeParents(dir)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			undo()
		}
	}()
	var tmp string
	var held *flock.Flock
	err = alone(dir, func() error {
		clearStaging(dir)
		state, err := replaceable(dir, force)
		if err != nil {
			return err
		}
		if tmp, err = stagingDir(dir, state.exists); err == nil {
			held = holdStaging(tmp)
		}
		return err
	})
	if err != nil {
		return err
	}
	// Runs after a panic of fill too: whatever happens, the staging directory goes.
	defer func() {
		os.RemoveAll(tmp)
		held.Close()
	}()
	if err := fill(tmp); err != nil {
		return err
	}
	return alone(dir, func() error {
		// another run may have written there by now
		state, err := replaceable(dir, force)
		if err != nil {
			return err
		}
		if state.foreign == "" {
			if err := writeMarker(tmp); err != nil {
				return err
			}
		}
		return install(tmp, dir, state)
	})
}

// replaceable is the state of an output directory, and an error where it holds what may not be replaced.
func replaceable(dir string, force bool) (dirState, error) {
	state, err := inspectDir(dir)
	if err == nil && state.foreign != "" && !force {
		err = fmt.Errorf("%s: %w: it holds %s", dir, errNotOurs, state.foreign)
	}
	return state, err
}

// dirState is what stands at an output directory before it is written.
type dirState struct {
	exists  bool
	written []string // files of an earlier run, from its marker
	foreign string   // one file that no marker names; "" when there is none
}

// inspectDir reads the state of an output directory.
func inspectDir(dir string) (dirState, error) {
	info, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return dirState{}, nil
	}
	if err != nil {
		return dirState{}, err
	}
	if !info.IsDir() {
		return dirState{}, fmt.Errorf("%s: is a file, not a directory", dir)
	}
	state := dirState{exists: true}
	marker, err := regular.Read(context.Background(), filepath.Join(dir, markerName), maxFile)
	if err == nil && strings.HasPrefix(string(marker), markerHead) {
		state.written = strings.Split(strings.TrimSuffix(string(marker[len(markerHead):]), "\n"), "\n")
		state.written = append(state.written, markerName)
		slices.Sort(state.written)
	}
	err = walkFiles(dir, func(name string) error {
		if _, ours := slices.BinarySearch(state.written, name); !ours {
			state.foreign = name
			return fs.SkipAll // one is enough: dir may be somebody's home
		}
		return nil
	})
	return state, err
}

// walkFiles calls visit for everything below dir that is not a directory, named with forward slashes.
func walkFiles(dir string, visit func(name string) error) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		return visit(filepath.ToSlash(rel))
	})
}

// listFiles names the files below dir, sorted.
func listFiles(dir string) ([]string, error) {
	var names []string
	err := walkFiles(dir, func(name string) error {
		names = append(names, name)
		return nil
	})
	slices.Sort(names)
	return names, err
}

// writeMarker names the files of dir in its marker file.
func writeMarker(dir string) error {
	names, err := listFiles(dir)
	if err != nil {
		return err
	}
	text := bytes.NewBufferString(markerHead)
	for _, name := range names {
		text.WriteString(name + "\n")
	}
	return os.WriteFile(filepath.Join(dir, markerName), text.Bytes(), 0o666)
}

// makeParents makes the directories above dir that are missing; undo removes them, where they are empty.
func makeParents(dir string) (undo func(), err error) {
	parent := filepath.Dir(dir)
	var made []string
	for p := parent; ; p = filepath.Dir(p) {
		if _, err := os.Stat(p); err == nil || p == filepath.Dir(p) {
			break
		}
		made = append(made, p)
	}
	undo = func() {
		for _, p := range made {
			os.Remove(p)
		}
	}
	if err := os.MkdirAll(parent, 0o777); err != nil {
		undo()
		return nil, err
	}
	return undo, nil
}

// stagingDir makes an empty directory on dir's file system, beside dir, or inside it where its parent can't be
// written to.
func stagingDir(dir string, exists bool) (tmp string, err error) {
	var suffix [6]byte
	rand.Read(suffix[:])
	name := stagingPrefix(dir) + hex.EncodeToString(suffix[:])
	tmp = filepath.Join(filepath.Dir(dir), name)
	err = os.Mkdir(tmp, 0o777) // not MkdirTemp: its 0700 would stay on the result
	if err != nil && exists {
		tmp = filepath.Join(dir, name)
		err = os.Mkdir(tmp, 0o777)
	}
	return tmp, err
}

// install moves what stands in tmp to dir.
func install(tmp, dir string, state dirState) error {
	if !state.exists {
		return os.Rename(tmp, dir)
	}
	if state.foreign == "" && !isWorkingDir(dir) {
		old := tmp + oldSuffix
		// A mount point or a directory in an unwritable parent can't be renamed: its files are exchanged then.
		if err := os.Rename(dir, old); err == nil {
			if err := os.Rename(tmp, dir); err != nil {
				return errors.Join(err, os.Rename(old, dir))
			}
			return os.RemoveAll(old)
		}
	}
	return exchangeFiles(tmp, dir, state.written)
}

// isWorkingDir says whether dir is the directory that the program was started in; replacing that would leave the
// user's shell in a directory that is gone.
func isWorkingDir(dir string) bool {
	a, errA := os.Stat(".")
	b, errB := os.Stat(dir)
	return errA == nil && errB == nil && os.SameFile(a, b)
}

// exchangeFiles moves the files of tmp into dir, after it set aside those of the same name and those that an
// earlier run wrote. An error puts everything back.
func exchangeFiles(tmp, dir string, written []string) (err error) {
	names, err := listFiles(tmp)
	if err != nil {
		return err
	}
	old := filepath.Join(tmp, ".old")
	var moved [][2]string
	defer func() {
		if err != nil {
			for _, m := range slices.Backward(moved) {
				os.Rename(m[1], m[0])
			}
		}
	}()
	move := func(from, to string) error {
		if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
			return err
		}
		if err := os.Rename(from, to); err != nil {
			return err
		}
		moved = append(moved, [2]string{from, to})
		return nil
	}
	gone := append(slices.Clone(written), names...)
	slices.Sort(gone)
	for _, name := range slices.Compact(gone) {
		path := filepath.Join(dir, name)
		info, err := os.Lstat(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		if info.IsDir() {
			return fmt.Errorf("%s: is a directory, and a file of that name has to be written", path)
		}
		if err := move(path, filepath.Join(old, name)); err != nil {
			return err
		}
	}
	for _, name := range names {
		if err := move(filepath.Join(tmp, name), filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	return nil
}
