package scope

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "rewrite what the corpora expect")

// modulesOf makes a program of an archive's files that are modules, which name each other by relative paths.
func modulesOf(archive *txtar.Archive) *Program {
	var sources []Source
	at := map[string]int{}
	for _, f := range archive.Files {
		if path.Ext(f.Name) != "" {
			at[f.Name] = len(sources)
			sources = append(sources, Source{Name: f.Name, Text: f.Data})
		}
	}
	return New(sources, func(from int, specifier string, _ ImportKind) (int, bool) {
		i, ok := at[path.Join(path.Dir(sources[from].Name), specifier)]
		return i, ok
	})
}

func corpus(t *testing.T) []string {
	archives, err := filepath.Glob("../../../testdata/scope/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("no corpus: %v", err)
	}
	return archives
}

// TestExports says for each archive of the corpus what its first module exports, and what the names in the file ask are.
func TestExports(t *testing.T) {
	for _, name := range corpus(t) {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			main := modulesOf(archive).Modules[0]
			var b strings.Builder
			names, open := main.ExportNames()
			for _, own := range main.Index().Exports {
				if own.Exported != "*" && !slices.Contains(names, own.Exported) {
					t.Errorf("%s is exported and not among %q", own.Exported, names)
				}
			}
			for _, n := range names {
				fmt.Fprintf(&b, "%s: %s\n", n, told(main.Exported(n)))
			}
			for _, o := range open {
				fmt.Fprintf(&b, "*: %s\n", told(o))
			}
			for i, f := range archive.Files {
				switch f.Name {
				case "ask":
					for _, n := range strings.Fields(string(f.Data)) {
						fmt.Fprintf(&b, "%s: %s\n", n, told(main.Exported(n)))
					}
				case "want":
					if *update {
						archive.Files[i].Data = []byte(b.String())
						if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
							t.Fatal(err)
						}
					} else if b.String() != string(f.Data) {
						t.Errorf("got\n%swant\n%s", b.String(), f.Data)
					}
				}
			}
		})
	}
}

// told is a binding in words.
func told(b Binding) (s string) {
	switch {
	case b.Missing != "":
		return "missing, " + b.Missing
	case b.Star != nil:
		s = "all of " + b.Star.Name
	case b.Required != nil && b.Imported == "*":
		s = "all of " + b.Required.Name
	case b.Required != nil:
		s = b.Imported + " of " + b.Required.Name
	case b.External != "" && b.Imported == "*":
		s = "outside of " + b.External
	case b.External != "":
		s = b.Imported + " outside, of " + b.External
	default:
		s = b.Name + " in " + b.Module.Name
	}
	for _, other := range b.Else {
		s += ", else " + told(other)
	}
	return s
}

// TestExportsAsNode compares the names with those that Node gives the namespace object, for programs that it runs.
func TestExportsAsNode(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("needs node")
	}
	dir, want := t.TempDir(), map[string][]string{}
	for _, file := range corpus(t) {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		main := modulesOf(archive).Modules[0]
		names, open := main.ExportNames()
		whole := len(open) == 0
		for _, n := range names {
			whole = whole && main.Exported(n).Missing == ""
		}
		if !whole {
			continue // Node refuses it, or gives what only it knows
		}
		name := strings.TrimSuffix(filepath.Base(file), ".txtar")
		want[name] = names
		files, err := txtar.FS(archive)
		if err == nil {
			err = os.CopyFS(filepath.Join(dir, name), files)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(want) == 0 {
		t.Fatal("no program for Node")
	}
	cmd := exec.Command(node, "--input-type=module", "-e", `
const names = {};
for (const name of process.argv.slice(1)) names[name] = Object.keys(await import("./" + name + "/main.mjs"));
console.log(JSON.stringify(names));`)
	for name := range want {
		cmd.Args = append(cmd.Args, name)
	}
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("node: %v\n%s", err, err.(*exec.ExitError).Stderr)
	}
	got := map[string][]string{}
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	for name := range want {
		if !slices.Equal(got[name], want[name]) {
			t.Errorf("%s: Node has %q, we %q", name, got[name], want[name])
		}
	}
}

// TestExportsLinear has modules that all re-export one another. Each asks each for a name once at most.
func TestExportsLinear(t *testing.T) {
	for _, n := range []int{8, 64} {
		archive := &txtar.Archive{}
		for i := range n {
			var b bytes.Buffer
			for j := range n {
				fmt.Fprintf(&b, "export * from './m%d.mjs';\n", j)
			}
			fmt.Fprintf(&b, "export var own%d = 1, all = 2;\n", i)
			archive.Files = append(archive.Files, txtar.File{Name: fmt.Sprintf("m%d.mjs", i), Data: b.Bytes()})
		}
		main := modulesOf(archive).Modules[0]
		for name, found := range map[string]bool{"nobody": false, fmt.Sprintf("own%d", n-1): true, "all": true} {
			r := resolution{asked: map[exported]bool{}}
			if b := r.export(main, name); (b != nil && b != ambiguous) != found {
				t.Errorf("%d modules: %s is %v", n, name, b)
			}
			if r.steps > n*n+1 {
				t.Errorf("%d modules: %d steps for %s, want %d at most", n, r.steps, name, n*n+1)
			}
		}
		if names, _ := main.ExportNames(); len(names) != n+1 {
			t.Errorf("%d modules export %d names, want %d", n, len(names), n+1)
		}
	}
}
