package source

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"testing"
)

// FuzzOpen opens anything as what a user may name: a script, an archive of any kind, an executable. Nothing of it is
// written outside its temporary directory.
func FuzzOpen(f *testing.F) {
	var packed, zipped, tarred bytes.Buffer
	t := tar.NewWriter(&tarred)
	z := zip.NewWriter(&zipped)
	for name, text := range map[string]string{"package/package.json": `{"name":"p","bin":"cli.js"}`, "package/cli.js": "import './x.js'", "package/../../x.js": "1"} {
		t.WriteHeader(&tar.Header{Name: name, Size: int64(len(text)), Mode: 0o600})
		t.Write([]byte(text))
		w, _ := z.Create(name)
		w.Write([]byte(text))
	}
	t.Close()
	z.Close()
	g := gzip.NewWriter(&packed)
	g.Write(tarred.Bytes())
	g.Close()
	for _, seed := range [][]byte{packed.Bytes(), zipped.Bytes(), tarred.Bytes(), []byte("#!/usr/bin/env node\nrequire('./y')"), []byte("\x7fELF\x02\x01"), []byte("MZ")} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		dir := t.TempDir()
		t.Setenv("TMPDIR", filepath.Join(dir, "tmp"))
		os.Mkdir(filepath.Join(dir, "tmp"), 0o777)
		file := filepath.Join(dir, "input")
		if err := os.WriteFile(file, data, 0o666); err != nil {
			t.Fatal(err)
		}
		if in, err := Open(t.Context(), file, Options{CacheDir: filepath.Join(dir, "cache"), Limits: Limits{File: 1 << 20, Total: 4 << 20}}); err == nil {
			in.Close()
		}
		left, err := os.ReadDir(dir)
		if err != nil || len(left) > 3 {
			t.Fatalf("%v is left, %v", left, err)
		}
	})
}

// FuzzManifests reads anything as a package.json and as the manifest of a channel.
func FuzzManifests(f *testing.F) {
	f.Add([]byte(`{"name":"@a/b","version":"1.0.0","bin":{"b":"x.js"},"exports":{".":{"import":"./y.js"}},"imports":{"#z":"./z.js"}}`))
	f.Add([]byte(`{"version":"1","platforms":{"linux-x64":{"checksum":"00","size":1,"binary":"b"}}}`))
	f.Fuzz(func(_ *testing.T, data []byte) {
		parseManifest(data).programs()
		parseChannelManifest(data)
	})
}
