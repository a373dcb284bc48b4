//go:build unix

package source

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestPipes has pipes that nobody writes to, and devices without an end, where a package has files.
func TestPipes(t *testing.T) {
	for name, prepare := range map[string]func(dir string) error{
		"a pipe as package.json": func(dir string) error { return syscall.Mkfifo(filepath.Join(dir, "package.json"), 0o600) },
		"a link to a device as package.json": func(dir string) error {
			return os.Symlink("/dev/zero", filepath.Join(dir, "package.json"))
		},
	} {
		dir := t.TempDir()
		inside := filepath.Join(dir, "inside")
		if err := errors.Join(prepare(dir), os.Mkdir(inside, 0o700), os.WriteFile(filepath.Join(inside, "cli.js"), []byte("var a = 1"), 0o600)); err != nil {
			t.Skip(err)
		}
		_, err := Open(context.Background(), dir, Options{})
		if !errors.Is(err, ErrUnreadable) || !strings.Contains(err.Error(), "package.json") || !strings.Contains(err.Error(), "no regular file") {
			t.Errorf("%s: got %v", name, err)
		}
		in, err := Open(context.Background(), filepath.Join(inside, "cli.js"), Options{}) // with it in a parent folder
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		in.Close()
	}
	dir := t.TempDir()
	if err := errors.Join(syscall.Mkfifo(filepath.Join(dir, "pipe.js"), 0o600), os.WriteFile(filepath.Join(dir, "cli.js"), []byte(`import"./pipe.js"`), 0o600)); err != nil {
		t.Skip(err)
	}
	in, err := Open(context.Background(), dir, Options{})
	if err != nil || len(in.Modules) != 1 {
		t.Errorf("%v, %v", in, err)
	}
}

// TestLinksOut has a package with links to what is not its own.
func TestLinksOut(t *testing.T) {
	outside, dir := t.TempDir(), t.TempDir()
	key := filepath.Join(outside, "key.js")
	packages := filepath.Join(outside, "node_modules", "dependency")
	err := errors.Join(os.WriteFile(key, []byte("var secret = 1"), 0o600), os.MkdirAll(packages, 0o700), os.Mkdir(filepath.Join(dir, "node_modules"), 0o700),
		os.WriteFile(filepath.Join(packages, "index.js"), []byte("var dependency = 1"), 0o600),
		os.WriteFile(filepath.Join(dir, "cli.js"), []byte(`import"./own.js";import"./stolen.js";import"dependency"`), 0o600),
		os.WriteFile(filepath.Join(dir, "real.js"), []byte("var own = 1"), 0o600))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Symlink(key, filepath.Join(dir, "stolen.js")), os.Symlink("real.js", filepath.Join(dir, "own.js")),
		os.Symlink(packages, filepath.Join(dir, "node_modules", "dependency"))); err != nil {
		t.Skip(err)
	}
	for _, named := range []string{dir, filepath.Join(dir, "cli.js")} {
		in, err := Open(context.Background(), named, Options{})
		if err != nil {
			t.Fatal(err)
		}
		var texts strings.Builder
		for _, m := range in.Modules {
			texts.Write(m.Source)
		}
		if all := texts.String(); strings.Contains(all, "secret") || !strings.Contains(all, "own = 1") || !strings.Contains(all, "dependency = 1") {
			t.Errorf("%s: read %s", named, all)
		}
		if len(in.Warnings) != 1 || !strings.Contains(in.Warnings[0].Error(), "stolen.js") {
			t.Errorf("%s: %v", named, in.Warnings)
		}
		in.Close()
	}
	if in, err := Open(context.Background(), filepath.Join(dir, "stolen.js"), Options{}); err != nil || len(in.Modules) != 1 {
		t.Errorf("a link that is named: %v, %v", in, err)
	}
}

// TestOutside has a directory whose modules import, link and are described by what lies outside of it.
func TestOutside(t *testing.T) {
	outer := tree(t, "in/cli.js", `import"../secret.js";import"./linked.js";import"dependency"`, "secret.js", "var secret = 1", "keys/linked.js", "var secret = 2",
		"node_modules/dependency/index.js", "var dependency = 1", "keys/package.json", `{"name":"stolen","version":"1.0.0"}`, "keys/app", compiled("var secret = 3"))
	dir := filepath.Join(outer, "in")
	for link, to := range map[string]string{"linked.js": "linked.js", "package.json": "package.json", "app": "app"} {
		if err := os.Symlink(filepath.Join(outer, "keys", to), filepath.Join(dir, link)); err != nil {
			t.Skip(err)
		}
	}
	read := func(opts Options) (*Input, string) {
		in := mustOpen(t, dir, opts)
		var texts strings.Builder
		for _, m := range in.Modules {
			texts.Write(m.Source)
		}
		return in, texts.String()
	}
	in, all := read(Options{})
	if strings.Contains(all, "secret =") || !strings.Contains(all, "dependency = 1") || in.Package != "" || len(in.Warnings) != 4 {
		t.Errorf("package %q, read %s, %v", in.Package, all, in.Warnings)
	}
	for _, w := range in.Warnings {
		if strings.Contains(w.Error(), outer) {
			t.Errorf("a warning names a folder of the machine: %v", w)
		}
	}
	if in, all := read(Options{FollowLinks: true}); !strings.Contains(all, "secret = 3") || in.Package != "stolen" || len(in.Warnings) != 0 {
		t.Errorf("links followed: package %q, read %.100s, %v", in.Package, all, in.Warnings)
	}
	if err := os.Remove(filepath.Join(dir, "app")); err != nil {
		t.Fatal(err)
	}
	if _, all := read(Options{FollowLinks: true}); !strings.Contains(all, "secret = 1") || !strings.Contains(all, "secret = 2") {
		t.Errorf("links followed: read %s", all)
	}
}
