package source

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// asked is one line of an archive's file want: how a module refers to what, and the file that it gets; "" where it gets
// none of the archive.
type asked struct{ Dir, Kind, From, Specifier, Want string }

// resolveCorpus unpacks testdata/source, and gives the questions of all archives. In a package.json stands what is in one.
func resolveCorpus(t *testing.T) (questions []asked) {
	t.Helper()
	archives, err := filepath.Glob("../../testdata/source/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("no corpus: %v", err)
	}
	for _, name := range archives {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files, err := txtar.FS(archive)
		if err != nil {
			t.Fatal(err)
		}
		dir, err := filepath.EvalSymlinks(t.TempDir())
		if err == nil {
			err = os.CopyFS(dir, files)
		}
		if err != nil {
			t.Fatal(err)
		}
		want, _ := os.ReadFile(filepath.Join(dir, "want"))
		for line := range strings.Lines(string(want)) {
			words := strings.Fields(line)
			if len(words) != 5 || words[3] != "->" {
				t.Fatalf("%s: not of the form KIND FROM SPECIFIER -> FILE: %s", name, line)
			}
			questions = append(questions, asked{dir, words[0], words[1], words[2], strings.TrimPrefix(words[4], "-")})
		}
	}
	return questions
}

func TestResolveCorpus(t *testing.T) {
	for _, q := range resolveCorpus(t) {
		kind := ByImport
		if q.Kind == "require" {
			kind = ByRequire
		}
		got := newLoader(context.Background(), q.Dir, q.Dir, Options{}.orDefault()).resolve(q.From, q.Specifier, kind)
		if got != q.Want {
			t.Errorf("%s of %s from %s: got %q, want %q", q.Kind, q.Specifier, q.From, got, q.Want)
		}
	}
}

// TestResolveAsNode asks Node the same.
func TestResolveAsNode(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("needs node")
	}
	questions := resolveCorpus(t)
	in, err := json.Marshal(questions)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(node, "--no-warnings", "--experimental-import-meta-resolve", "--input-type=module", "-e", `
import { createRequire } from "node:module"; import { existsSync, readFileSync } from "node:fs";
import path from "node:path"; import { fileURLToPath, pathToFileURL } from "node:url";
const answers = JSON.parse(readFileSync(0)).map((q) => {
	const from = path.join(q.Dir, q.From);
	try {
		const file = q.Kind === "require" ? createRequire(from).resolve(q.Specifier)
			: fileURLToPath(import.meta.resolve(q.Specifier, pathToFileURL(from)));
		return path.isAbsolute(file) && existsSync(file) ? path.relative(q.Dir, file) : "";
	} catch { return ""; }
});
console.log(JSON.stringify(answers));`)
	cmd.Stdin = bytes.NewReader(in)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("node: %v\n%s", err, out)
	}
	var got []string
	if err := json.Unmarshal(out, &got); err != nil || len(got) != len(questions) {
		t.Fatalf("%v: %s", err, out)
	}
	for i, q := range questions {
		if filepath.ToSlash(got[i]) != q.Want {
			t.Errorf("%s of %s from %s: Node gives %q, want %q", q.Kind, q.Specifier, q.From, got[i], q.Want)
		}
	}
}
