package source

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// compiled is an executable with one module: the header, a graph of the form of today, and the padding that makes it as
// large as executables are at least.
func compiled(source string) string {
	var data []byte
	put := func(b string) []byte {
		at := binary.LittleEndian.AppendUint32(nil, uint32(len(data)))
		data = append(append(data, b...), 0)
		return binary.LittleEndian.AppendUint32(at, uint32(len(b)))
	}
	put(strings.Repeat(" ", minExecutable))
	record := append(put("/$bunfs/root/cli.js"), put(source)...)
	record = append(record, make([]byte, 52-len(record))...)
	record[48], record[49] = 1, 1
	table := put(string(record))
	offsets := binary.LittleEndian.AppendUint64(nil, uint64(len(data)))
	offsets = append(offsets, table...)
	offsets = append(offsets, make([]byte, 16)...)
	exe := "\x7fELF\x02\x01\x01" + strings.Repeat("\x00", 57) + string(data) + string(offsets) + "\n---- Bun! ----\n"
	return string(binary.LittleEndian.AppendUint64([]byte(exe), uint64(len(exe)+8)))
}

// packed makes archives of files, names and contents in turn.
func packed(t *testing.T, kind string, files ...string) string {
	t.Helper()
	var b bytes.Buffer
	var err error
	switch kind {
	case "gz":
		w := gzip.NewWriter(&b)
		_, err = w.Write([]byte(files[1]))
		err = errors.Join(err, w.Close())
	case "zip":
		w := zip.NewWriter(&b)
		for i := 0; i < len(files); i += 2 {
			f, createErr := w.Create(files[i])
			_, writeErr := f.Write([]byte(files[i+1]))
			err = errors.Join(err, createErr, writeErr)
		}
		err = errors.Join(err, w.Close())
	case "tar":
		w := tar.NewWriter(&b)
		for i := 0; i < len(files); i += 2 {
			headErr := w.WriteHeader(&tar.Header{Name: files[i], Size: int64(len(files[i+1])), Mode: 0o644, Typeflag: tar.TypeReg})
			_, writeErr := w.Write([]byte(files[i+1]))
			err = errors.Join(err, headErr, writeErr)
		}
		err = errors.Join(err, w.Close())
	case "tgz":
		return packed(t, "gz", "", packed(t, "tar", files...))
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestArchives has programs in every kind of archive.
func TestArchives(t *testing.T) {
	exe := compiled("var program = 1")
	dir := tree(t,
		"app.gz", packed(t, "gz", "", exe), "cli.js.gz", packed(t, "gz", "", "var program = 1"),
		"app.zip", packed(t, "zip", "app", exe), "release.zip", packed(t, "zip", "app-1.0/LICENSE", "free", "app-1.0/bin/app", exe),
		"app.tar.gz", packed(t, "tgz", "app", exe), "app.tar", packed(t, "tar", "./app", exe), "two.tgz", packed(t, "tgz", "LICENSE", "free", "app", exe),
		"package.zip", packed(t, "zip", "package.json", `{"name":"p","version":"1.0.0","main":"a.js"}`, "a.js", "var program = 1"),
		"named-otherwise", packed(t, "zip", "app", exe),
	)
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		in, err := Open(context.Background(), filepath.Join(dir, f.Name()), Options{})
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		if len(in.Modules) != 1 || string(in.Modules[0].Source) != "var program = 1" {
			t.Errorf("%s: %d modules, the first %.40q", f.Name(), len(in.Modules), in.Modules[0].Source)
		}
		if d := in.Describe(); d.Name != f.Name() || len(d.SHA256) != 64 || d.Size == 0 || d.Kind != "archive" && d.Kind != "tarball" {
			t.Errorf("%s: described as %+v", f.Name(), d)
		}
		in.Close()
	}
}

// TestArchiveErrors has archives without a program. An error names the archive and the member.
func TestArchiveErrors(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	t.Setenv("TMP", tmp)
	elf := "\x7fELF\x02\x01\x01" + strings.Repeat("\x00", 2000)
	whole := packed(t, "zip", "a.js", strings.Repeat("let abc=1;\n", 5000))
	dir := tree(t,
		"other.gz", packed(t, "gz", "", elf), "other.zip", packed(t, "zip", "tool", elf), "page.zip", packed(t, "zip", "index.html", "<!doctype html>"),
		"nested.zip", packed(t, "zip", "inner.tgz", packed(t, "tgz", "a.js", "1")), "several.zip", packed(t, "zip", "LICENSE", "free", "tool", elf),
		"up.zip", packed(t, "zip", "../a.js", "1"), "inside.zip", packed(t, "zip", "a/../../a.js", "1"), "empty.zip", packed(t, "zip"),
		"clash.tar", packed(t, "tar", "a", "1", "a/b.js", "1"), "cut.zip", whole[:len(whole)-30], "cut.gz", packed(t, "gz", "", strings.Repeat("a", 1000))[:20],
		"broken.tgz", packed(t, "tgz", "package/package.json", "{", "package/a.js", "1"),
	)
	for name, want := range map[string]string{
		"other.gz": "other.gz: other: has nothing to analyse", "other.zip": "other.zip: tool: has nothing to analyse", "page.zip": "page.zip: index.html: is not JavaScript: it is HTML",
		"nested.zip": "nested.zip: inner.tgz: is not JavaScript: it is a gzip archive", "several.zip": "several.zip: has nothing to analyse: it holds no JavaScript and no executable made by Bun; the largest file is tool, and it is an executable",
		"up.zip": "up.zip: holds an unsafe name: ../a.js", "inside.zip": "inside.zip: holds an unsafe name", "empty.zip": "empty.zip: has nothing to analyse: the archive is empty",
		"clash.tar": "clash.tar: a/b.js: cannot be unpacked: not a directory", "cut.zip": "cut.zip: is damaged", "cut.gz": "cut.gz: at byte 20: ends too early",
		"broken.tgz": "broken.tgz: package/package.json: is damaged: it is not JSON",
	} {
		_, err := Open(context.Background(), filepath.Join(dir, name), Options{})
		if err == nil || !strings.HasPrefix(err.Error(), filepath.Join(dir, want)) {
			t.Errorf("%s: got %v, want %s", name, err, want)
		}
		if err != nil && strings.Contains(err.Error(), tmp) {
			t.Errorf("%s: names a temporary folder: %v", name, err)
		}
	}
	bomb := filepath.Join(tree(t, "bomb.zip", packed(t, "zip", "a.js", strings.Repeat(" ", 1<<20))), "bomb.zip")
	if _, err := Open(context.Background(), bomb, Options{Limits: Limits{Unpacked: 1 << 10}}); !errors.Is(err, ErrTooBig) {
		t.Errorf("bomb: %v", err)
	}
	if left, _ := os.ReadDir(tmp); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestNoProgram has files that are no program, whatever their names say. The error says what they are.
func TestNoProgram(t *testing.T) {
	dir := tree(t, "page.js", "\n <!DOCTYPE html><html><script>let a=1</script>", "feed.js", "<?xml version='1.0'?>", "paper.js", "%PDF-1.7\n%\xe2\xe3",
		"photo.js", "\x89PNG\r\n\x1a\n\x00", "a.xz", "\xfd7zXZ\x00\x00", "noise.js", "\x00\x01\x02", "tool.py", "import os\n",
		"comment.js", "<!-- as in a page\nlet a = 1", "marks.js", "BZh=1;let a=2", "bmp.js", "BM=1;let a=2")
	for name, want := range map[string]string{"page.js": "it is HTML", "feed.js": "it is XML", "paper.js": "it is a document", "photo.js": "it is a picture",
		"a.xz": "an archive of a kind", "noise.js": "it is binary data", "tool.py": "does not look like JavaScript", "comment.js": "", "marks.js": "", "bmp.js": ""} {
		in, err := Open(context.Background(), filepath.Join(dir, name), Options{})
		if want == "" {
			if err != nil {
				t.Errorf("%v", err)
				continue
			}
			in.Close()
		} else if !errors.Is(err, ErrNotJavaScript) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", name, err, want)
		}
	}
}
