package facts

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/source"
	"github.com/bundlens/bundlens/schema"
)

// blinding takes something away from a program, on which its tools may depend. It returns nil where there is nothing of
// the kind in it.
type blinding func(files []txtar.File) []txtar.File

var (
	specifier   = regexp.MustCompile(`((?:\bfrom|\bimport|\brequire\()\s*)["'](\.[^"']+|[a-z][^"':]*)["']`)
	constructor = regexp.MustCompile(`\bclass \w+`)
	moduleCode  = regexp.MustCompile(`(?m)\b(?:import|export)\b`)
)

var blindings = map[string]blinding{
	"imports missing": func(files []txtar.File) []txtar.File {
		return changed(files, func(b []byte) []byte { return specifier.ReplaceAll(b, []byte(`$1"./gone/$2"`)) })
	},
	"modules gone": func(files []txtar.File) []txtar.File {
		if len(files) < 2 {
			return nil
		}
		return files[:1+(len(files)-1)/2]
	},
	"wrapper unknown": func(files []txtar.File) []txtar.File {
		if len(files) > 1 || moduleCode.Match(files[0].Data) {
			return nil
		}
		return changed(files, func(b []byte) []byte {
			return slices.Concat([]byte("globalThis.loader.define(\"main\",function(module,exports,require){"), b, []byte("\n})\n"))
		})
	},
	"classes from elsewhere": func(files []txtar.File) []txtar.File {
		return changed(files, func(b []byte) []byte {
			if !constructor.Match(b) {
				return b
			}
			return append([]byte("var{Base:BaseOfNone}=globalThis.host;"), constructor.ReplaceAllFunc(b, func(c []byte) []byte {
				return append(c, " extends BaseOfNone"...)
			})...)
		})
	},
	"cut": func(files []txtar.File) []txtar.File {
		return changed(files, func(b []byte) []byte { return b[:len(b)*7/10] })
	},
}

// changed is the files after a change of each; nil where nothing changes.
func changed(files []txtar.File, change func([]byte) []byte) []txtar.File {
	out, any := slices.Clone(files), false
	for i := range out {
		data := change(out[i].Data)
		any = any || !bytes.Equal(data, out[i].Data)
		out[i].Data = data
	}
	if !any {
		return nil
	}
	return out
}

// TestBlinded takes something away from each program of the corpus of tools: either the same tools are found with the
// same schemas, or the result says that not everything could be seen. Where tools are missing, the program counts as one
// that was not seen, which the command ends with 2 for.
func TestBlinded(t *testing.T) {
	paths, err := filepath.Glob("../../testdata/facts/tools/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no corpus: %v", err)
	}
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files := slices.DeleteFunc(archive.Files, func(f txtar.File) bool { return f.Name == "want.json" })
		sighted := analyzeFiles(t, files, files[0].Name)
		for _, name := range slices.Sorted(maps.Keys(blindings)) {
			blinded := blindings[name](files)
			if blinded == nil {
				continue
			}
			t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar")+"/"+name, func(t *testing.T) {
				compareBlinded(t, sighted, analyzeFiles(t, blinded, blinded[0].Name))
			})
		}
	}
}

func compareBlinded(t *testing.T, sighted, blinded *schema.Document) {
	found := map[string]string{}
	for _, tool := range blinded.Tools {
		found[tool.Name] = fmt.Sprint(tool.Complete, string(tool.InputSchema))
	}
	for _, tool := range sighted.Tools {
		if tool.Enabled == nil || !*tool.Enabled || !tool.Complete {
			continue
		}
		got, ok := found[tool.Name]
		switch h := blinded.Health; {
		case !ok && h.Seen():
			t.Errorf("%s is missing, and nothing is said: complete %t", tool.Name, h.Complete)
		case ok && h.Seen() && strings.HasPrefix(got, "true") && got != fmt.Sprint(true, string(tool.InputSchema)):
			t.Errorf("%s has the schema %s, and is said to be complete; it is %s", tool.Name, got, tool.InputSchema)
		}
	}
}

// analyzeFiles analyses one of several files that lie together, or all of them as a package where name is ".".
func analyzeFiles(t *testing.T, files []txtar.File, name string) *schema.Document {
	t.Helper()
	dir := t.TempDir()
	for _, f := range files {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, f.Name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, f.Name), f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	in, err := source.Open(t.Context(), filepath.Join(dir, name), source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	doc, err := analyzer.Analyze(t.Context(), in, []analyzer.Fact{Tools}, analyzer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// TestProgramGone has a package whose program was renamed: what else lies in it may be no part of it.
func TestProgramGone(t *testing.T) {
	doc := analyzeFiles(t, []txtar.File{
		{Name: "package.json", Data: []byte(`{"name":"x","version":"1.0.0","bin":"dist/cli.js"}`)},
		{Name: "other.js", Data: []byte(`var tools=[{name:"look",description:"Looks around",inputSchema:{type:"object"},call(e){return e}}];`)},
	}, ".")
	if doc.Health.Seen() {
		t.Errorf("not seen: %q", doc.Health.NotSeen)
	}
}

// TestNamesWithoutRecord has a system prompt and a description that speak of tools which no record is of. A word of the
// language before "tool" is no name.
func TestNamesWithoutRecord(t *testing.T) {
	const src = `var tools=[{name:"look",description:"Looks around. Not as far as the look_far tool.",input_schema:{type:"object"}}];
client.messages.create({model:"m",messages:[],tools,system:"Find your way with the look tool. Say where you are with the ` + "`say`" + ` tool, in the Python tool's words, and use the MapReader tool at last."});`
	doc := analyzeSource(t, []byte(src), Tools, Prompts)
	want := []string{"MapReader", "look_far", "say"}
	if h := doc.Health; !slices.Equal(h.NamesWithoutRecord, want) || h.Complete || h.Seen() {
		t.Errorf("names without a record are %q, want %q; complete %t, not seen %q", h.NamesWithoutRecord, want, h.Complete, h.NotSeen)
	}
}
