package source

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

// tree writes files, name and content in turn, and answers their directory.
func tree(t *testing.T, files ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(files); i += 2 {
		file := filepath.Join(dir, filepath.FromSlash(files[i]))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(files[i+1]), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// tgz packs files, name and content in turn, as they are named.
func tgz(t *testing.T, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	zip := gzip.NewWriter(&b)
	w := tar.NewWriter(zip)
	for i := 0; i < len(files); i += 2 {
		if err := w.WriteHeader(&tar.Header{Name: files[i], Mode: 0o644, Size: int64(len(files[i+1]))}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(files[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), zip.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func mustOpen(t *testing.T, spec string, opts Options) *Input {
	t.Helper()
	in, err := Open(context.Background(), spec, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := in.Close(); err != nil {
			t.Error(err)
		}
	})
	return in
}

func wantModules(t *testing.T, in *Input, want ...string) {
	t.Helper()
	var got []string
	for i := range in.Modules {
		got = append(got, in.Modules[i].Name)
	}
	if !slices.Equal(got, want) {
		t.Errorf("modules: got %q, want %q", got, want)
	}
}

func TestOpenDirectory(t *testing.T) {
	for _, c := range []struct {
		name  string
		files []string
		want  []string // modules, the entry first
		entry int
	}{
		{"bin with imports", []string{
			"package.json", `{"name":"p","version":"1.2.3","bin":{"p":"./dist/cli.js"}}`,
			"dist/cli.js", `import"./tool.js";import x from"dep";import y from"missing"`,
			"dist/tool.js", `import d from "./data.json"`, "dist/data.json", `{}`, "dist/unused.js", `1`,
			"node_modules/dep/package.json", `{"name":"dep","main":"m.js"}`, "node_modules/dep/m.js", `module.exports=1`,
		}, []string{"dist/cli.js", "node_modules/dep/m.js", "dist/tool.js", "dist/data.json"}, 0},
		{"bin of its own name comes first", []string{
			"package.json", `{"name":"@s/p","bin":{"a":"a.js","p":"b.js"}}`, "a.js", `1`, "b.js", `2`,
		}, []string{"b.js", "a.js"}, 0},
		{"exports", []string{
			"package.json", `{"name":"p","exports":{".":{"types":"./t.d.ts","import":"./i.mjs"}}}`, "i.mjs", `1`, "t.d.ts", `x`,
		}, []string{"i.mjs"}, 0},
		{"main", []string{"package.json", `{"name":"p","main":"lib"}`, "lib/index.js", `1`}, []string{"lib/index.js"}, 0},
		{"stub that starts another file", []string{
			"package.json", `{"name":"p","bin":"bin/p.js"}`,
			"bin/p.js", `spawn(process.execPath,[join(__dirname,"../dist/main.js"),"nothing.js"])`, "dist/main.js", `1`,
		}, []string{"bin/p.js", "dist/main.js"}, 0},
		{"hashbang without extension", []string{
			"package.json", `{"name":"p","bin":"bin/p"}`, "bin/p", "#!/usr/bin/env node\nrequire('../x')", "x.js", `1`,
		}, []string{"bin/p", "x.js"}, 0},
		{"folder", []string{"b.mjs", `1`, "a/c.cjs", `2`, "main.js", `3`, "readme.md", "# hi", ".git/x.js", `4`, "node_modules/d/i.js", `5`},
			[]string{"a/c.cjs", "b.mjs", "main.js"}, 2},
		{"folder without an entry", []string{"b.js", `1`}, []string{"b.js"}, -1},
		{"package whose program is missing", []string{"package.json", `{"name":"p","bin":"gone.js"}`, "other.js", `1`}, []string{"other.js"}, -1},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := mustOpen(t, tree(t, c.files...), Options{})
			wantModules(t, in, c.want...)
			if in.Entry != c.entry || in.Kind != KindDirectory || in.SHA256() != "" {
				t.Errorf("entry %d, kind %s, digest %q", in.Entry, in.Kind, in.SHA256())
			}
			if in.Entry >= 0 && !in.Modules[in.Entry].Entry {
				t.Error("the entry does not say that it is one")
			}
		})
	}
}

func TestOpenLauncher(t *testing.T) {
	launcher := []string{
		"package.json", `{"name":"@s/p","version":"2.0.0","bin":"b.js","optionalDependencies":{"@s/p-linux-x64":"2.0.0","@s/p-darwin-arm64":"2.0.0"}}`,
		"b.js", `1`}
	installed := append(slices.Clone(launcher),
		"node_modules/@s/p-linux-x64/package.json", `{"name":"@s/p-linux-x64","version":"2.0.0"}`,
		"node_modules/@s/p-linux-x64/index.js", `"a longer program"`)
	in := mustOpen(t, tree(t, installed...), Options{})
	wantModules(t, in, "index.js")
	if in.Package != "@s/p" || len(in.Missing) != 0 {
		t.Errorf("package %q, missing %q", in.Package, in.Missing)
	}
	in = mustOpen(t, tree(t, launcher...), Options{Platform: "darwin-arm64"})
	wantModules(t, in, "b.js")
	if want := []string{"@s/p-darwin-arm64@2.0.0"}; !slices.Equal(in.Missing, want) {
		t.Errorf("missing: got %q, want %q", in.Missing, want)
	}
}

func TestOpenFile(t *testing.T) {
	dir := tree(t, "cli", "#!/usr/bin/env node\nimport './x.mjs'", "x.mjs", "1")
	in := mustOpen(t, filepath.Join(dir, "cli"), Options{})
	wantModules(t, in, "cli", "x.mjs")
	d := in.Describe()
	if d.Name != "cli" || d.Kind != "file" || d.Entry != "cli" || d.Size != 36 || len(d.SHA256) != 64 {
		t.Errorf("described as %+v", d)
	}
}

func TestOpenStdin(t *testing.T) {
	in := mustOpen(t, "-", Options{Stdin: strings.NewReader("let a=1")})
	wantModules(t, in, "stdin")
	if string(in.Modules[0].Source) != "let a=1" || in.Describe().Name != "-" {
		t.Errorf("got %q, %+v", in.Modules[0].Source, in.Describe())
	}
}

func TestOpenTarball(t *testing.T) {
	data := tgz(t, "package/package.json", `{"name":"p","version":"1.0.0","main":"a.js"}`,
		"package/a.js", "require('./b');require('../escape')", "package/b.js", "1", "package/blob", "\x00\x01")
	dir := tree(t, "p.tgz", string(data))
	in := mustOpen(t, filepath.Join(dir, "p.tgz"), Options{})
	wantModules(t, in, "a.js", "b.js")
	if in.Package != "p" || in.Version != "1.0.0" || in.Size != int64(len(data)) || in.Describe().Name != "p.tgz" {
		t.Errorf("described as %+v", in.Describe())
	}
}

func TestTarballLeavesNothingBehind(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	t.Setenv("TMP", tmp)
	dir := tree(t, "good.tgz", string(tgz(t, "package/a.js", "1")), "bad.tgz", string(tgz(t, "package/a.txt", "1")))
	in, err := Open(context.Background(), filepath.Join(dir, "good.tgz"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	in.Close()
	if _, err := Open(context.Background(), filepath.Join(dir, "bad.tgz"), Options{}); !errors.Is(err, ErrNotJavaScript) || strings.Contains(err.Error(), tmp) {
		t.Errorf("got %v, want ErrNotJavaScript", err)
	}
	if left, _ := os.ReadDir(tmp); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestOpenNUL opens a script with a string that holds a NUL as it is.
func TestOpenNUL(t *testing.T) {
	dir := tree(t, "a.js", "var padding='"+strings.Repeat("-", minScript)+"',nul='\x00';")
	wantModules(t, mustOpen(t, filepath.Join(dir, "a.js"), Options{}), "a.js")
}

func TestOpenErrors(t *testing.T) {
	packed := string(tgz(t, "package/a.js", strings.Repeat("let abc=1;\n", 5000)))
	dir := tree(t,
		"empty.js", "", "page.html", "<html>", "notes.md", "# Notes", "blob.bin", "\x00\x01\x02", "run.sh", "#!/bin/sh\n",
		"data.js", "\x00\x01", "a.zip", "PK\x03\x04", "cut.tgz", packed[:len(packed)-20], "bad.tgz", "\x1f\x8bnot gzip at all",
		"up.tgz", string(tgz(t, "package/../../x.js", "1")), "abs.tgz", string(tgz(t, "/etc/x.js", "1")),
		"sneaky.tgz", string(tgz(t, `package\..\..\x.js`, "1")),
		"big.js", "let a=1", "empty/x.txt", "1", "broken/package.json", "{", "notbun", "\x7fELF\x02\x01\x01", "large.tgz", packed,
	)
	for _, c := range []struct {
		file string
		want error
	}{
		{"missing.js", ErrUnreadable}, {"empty.js", ErrNotJavaScript}, {"page.html", ErrNotJavaScript}, {"notes.md", ErrNotJavaScript},
		{"blob.bin", ErrNotJavaScript}, {"run.sh", ErrNotJavaScript}, {"data.js", ErrNotJavaScript}, {"a.zip", ErrCorrupt},
		{"cut.tgz", ErrTruncated}, {"bad.tgz", ErrCorrupt}, {"up.tgz", ErrUnsafe}, {"abs.tgz", ErrUnsafe}, {"sneaky.tgz", ErrUnsafe},
		{"empty", ErrNothing}, {"broken", ErrCorrupt}, {"big.js", ErrTooBig}, {"large.tgz", ErrTooBig},
	} {
		opts := Options{}
		if c.want == ErrTooBig {
			opts.Limits = Limits{File: 5, Unpacked: 100}
		}
		_, err := Open(context.Background(), filepath.Join(dir, c.file), opts)
		var e *Error
		if !errors.Is(err, c.want) || !errors.As(err, &e) || !strings.Contains(err.Error(), c.file) {
			t.Errorf("%s: got %v, want %v", c.file, err, c.want)
		}
		if c.want == ErrTruncated && e.Offset <= 0 {
			t.Errorf("%s: no offset in %v", c.file, err)
		}
	}
	for spec, opts := range map[string]Options{
		"-":         {Stdin: iotest.ErrReader(errors.New("gone"))},
		"npm:":      {},
		"npm:../x":  {},
		"npm:-x":    {},
		"npm:a@x/y": {},
	} {
		if _, err := Open(context.Background(), spec, opts); err == nil {
			t.Errorf("%s: no error", spec)
		}
	}
}

func TestOpenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Open(ctx, tree(t, "a.js", "1"), Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestSniff(t *testing.T) {
	for _, c := range []struct {
		name, head string
		want       content
	}{
		{"a.js", "let a", holdsScript}, {"a", "MZ=1;function f(){}", holdsScript}, {"a", "MZ\x90\x00\x03", holdsExecutable},
		{"a", "\x7fELF", holdsExecutable}, {"a", "\xcf\xfa\xed\xfe", holdsExecutable}, {"a", "\xca\xfe\xba\xbe", holdsExecutable},
		{"a.js", "#!/bin/sh", holdsOtherScript}, {"a", "#!/usr/bin/env -S bun run", holdsScript}, {"a", "hello", holdsOtherText},
		{"a.js", "let s='\xe9'" + strings.Repeat(" ", 400), holdsScript}, {"a.js", strings.Repeat("\xe9\xff", 100), holdsBinary},
		{"a.js", "let s='" + strings.Repeat(" ", 250) + "ustar'", holdsScript}, {"a", "name" + strings.Repeat("\x00", 253) + "ustar\x00", holdsTar},
	} {
		if got := sniff(c.name, []byte(c.head)); got != c.want {
			t.Errorf("%s %.12q: got %d, want %d", c.name, c.head, got, c.want)
		}
	}
}
