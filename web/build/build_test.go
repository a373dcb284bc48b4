package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestDist builds the sources as go generate does, with the packages of the lock file, and compares that with what is
// committed.
func TestDist(t *testing.T) {
	if testing.Short() {
		t.Skip("not with -short")
	}
	dir := sources(t)
	files, err := Build(dir)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join("..", "..", "schema", "view", "dist", name))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("dist/%s is not what the sources give: go generate ./schema/view; %v", name, err)
		}
	}
}

// sources are the sources with the packages that they need, in a directory that is kept from run to run.
func sources(t *testing.T) string {
	t.Helper()
	lock, err := os.ReadFile(filepath.Join("..", "package-lock.json"))
	if err != nil {
		t.Fatal(err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Skipf("no cache: %v", err)
	}
	dir := filepath.Join(cache, "bundlens-test", fmt.Sprintf("web-%x", sha256.Sum256(lock)))
	if _, err := os.Stat(filepath.Join(dir, "node_modules")); err != nil {
		install(t, dir)
	}
	for _, part := range []string{"src", "licences"} {
		if err := os.RemoveAll(filepath.Join(dir, part)); err != nil {
			t.Fatal(err)
		}
		if err := os.CopyFS(filepath.Join(dir, part), os.DirFS(filepath.Join("..", part))); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// install has the npm client install what the lock file names, and moves it into place when it is whole.
func install(t *testing.T, dir string) {
	t.Helper()
	npm, err := exec.LookPath("npm")
	if err != nil {
		t.Skip("there is no npm here")
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	tmp, err := os.MkdirTemp(filepath.Dir(dir), "web-tmp-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(tmp)
	for _, name := range []string{"package.json", "package-lock.json", "tsconfig.json"} {
		data, err := fs.ReadFile(os.DirFS(".."), name)
		if err == nil {
			err = os.WriteFile(filepath.Join(tmp, name), data, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(npm, "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--silent")
	cmd.Dir = tmp
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Skipf("the packages could not be fetched: %v\n%s", err, out)
	}
	if err := os.Rename(tmp, dir); err != nil {
		t.Fatal(err)
	}
}
