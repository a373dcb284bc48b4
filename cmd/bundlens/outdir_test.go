package main

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// put answers a fill function that writes the given files, name and content in turn.
func put(files ...string) func(string) error {
	return func(tmp string) error {
		for i := 0; i < len(files); i += 2 {
			path := filepath.Join(tmp, files[i])
			if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
				return err
			}
			if err := os.WriteFile(path, []byte(files[i+1]), 0o666); err != nil {
				return err
			}
		}
		return nil
	}
}

// wantFiles fails unless exactly these files stand below dir.
func wantFiles(t *testing.T, dir string, want ...string) {
	t.Helper()
	got, err := listFiles(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got, want) {
		t.Errorf("files in %s: got %q, want %q", filepath.Base(dir), got, want)
	}
}

func TestWriteDirNew(t *testing.T) {
	top := t.TempDir()
	dir := filepath.Join(top, "a", "b")
	if err := writeDirAtomically(dir, false, put("x", "1", "sub/y", "2")); err != nil {
		t.Fatal(err)
	}
	wantFiles(t, top, "a/b/.bundlens", "a/b/sub/y", "a/b/x")
	info, err := os.Stat(dir)
	if err != nil || info.Mode().Perm()&0o050 == 0 {
		t.Errorf("mode of the directory: %v, %v", info.Mode(), err)
	}
}

func TestWriteDirReplacesItsOwn(t *testing.T) {
	top := t.TempDir()
	dir := filepath.Join(top, "out")
	for _, files := range [][]string{{"x", "1", "gone", "1"}, {"x", "2"}} {
		if err := writeDirAtomically(dir, false, put(files...)); err != nil {
			t.Fatal(err)
		}
	}
	wantFiles(t, top, "out/.bundlens", "out/x")
	if got, _ := os.ReadFile(filepath.Join(dir, "x")); string(got) != "2" {
		t.Errorf("x: got %q", got)
	}
}

func TestWriteDirForeign(t *testing.T) {
	top := t.TempDir()
	dir := filepath.Join(top, "out")
	if err := writeDirAtomically(dir, false, put("x", "1")); err != nil {
		t.Fatal(err)
	}
	if err := put("mine", "keep")(dir); err != nil {
		t.Fatal(err)
	}
	err := writeDirAtomically(dir, false, put("x", "2"))
	if !errors.Is(err, errNotOurs) {
		t.Fatalf("got %v, want errNotOurs", err)
	}
	wantFiles(t, top, "out/.bundlens", "out/mine", "out/x")
	if err := writeDirAtomically(dir, true, put("y", "2")); err != nil {
		t.Fatal(err)
	}
	// Without a marker of its own: the directory is the user's from now on.
	wantFiles(t, top, "out/mine", "out/y")
	if err := writeDirAtomically(dir, false, put("y", "3")); !errors.Is(err, errNotOurs) {
		t.Errorf("second run: got %v, want errNotOurs", err)
	}
}

func TestWriteDirErrorLeavesNothing(t *testing.T) {
	top := t.TempDir()
	boom := errors.New("boom")
	fail := func(tmp string) error {
		if err := put("half", "1")(tmp); err != nil {
			return err
		}
		return boom
	}
	if err := writeDirAtomically(filepath.Join(top, "a", "b"), false, fail); !errors.Is(err, boom) {
		t.Fatalf("got %v, want boom", err)
	}
	if entries, _ := os.ReadDir(top); len(entries) != 0 {
		t.Errorf("left behind: %v", entries)
	}
}

func TestWriteDirWorkingDirectory(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for _, name := range []string{"x", "y"} {
		if err := writeDirAtomically(".", false, put(name, "1")); err != nil {
			t.Fatal(err)
		}
	}
	wantFiles(t, ".", ".bundlens", "y")
}

func TestWriteDirNameTakenByDirectory(t *testing.T) {
	dir := t.TempDir()
	if err := put("x/mine", "keep", "a", "old")(dir); err != nil {
		t.Fatal(err)
	}
	if err := writeDirAtomically(dir, true, put("a", "new", "x", "1")); err == nil {
		t.Fatal("no error")
	}
	wantFiles(t, dir, "a", "x/mine")
	if got, _ := os.ReadFile(filepath.Join(dir, "a")); string(got) != "old" {
		t.Errorf("a was not put back: %q", got)
	}
}

func TestWriteDirOverFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(path, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := writeDirAtomically(path, true, put("x", "1")); err == nil {
		t.Error("a file was taken for a directory")
	}
}
