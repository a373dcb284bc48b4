package audit

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/source"
)

// audited audits the program in an archive. The analysis that finds its tools is the caller's.
func audited(t *testing.T, archive *txtar.Archive, facts []analyzer.Fact) *Report {
	t.Helper()
	dir := t.TempDir()
	for _, f := range archive.Files {
		path := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	in, err := source.Open(t.Context(), dir, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	doc, err := analyzer.Analyze(t.Context(), in, facts, analyzer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := Run(t.Context(), in, doc, analyzer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestCorpus audits small servers that do harm, each for the rules that its comment names, and others that do none.
func TestCorpus(t *testing.T) {
	met := map[string]bool{}
	for _, kind := range []string{"harmful", "harmless"} {
		files, err := filepath.Glob("testdata/" + kind + "/*.txtar")
		if err != nil || len(files) < 10 {
			t.Fatal("no corpus", err)
		}
		for _, file := range files {
			t.Run(kind+"/"+strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
				archive, err := txtar.ParseFile(file)
				if err != nil {
					t.Fatal(err)
				}
				r := audited(t, archive, corpusFacts)
				if len(r.Tools) != 1 && filepath.Base(file) != "look-alike.txtar" { // whose name is none that a tool may have
					t.Errorf("%d tools", len(r.Tools))
				}
				var got []string
				for _, f := range r.Findings {
					if f.Fails() && !slices.Contains(got, f.Rule) {
						got = append(got, f.Rule)
						met[f.Rule] = true
					}
				}
				want := strings.Fields(string(archive.Comment))
				if kind == "harmless" {
					want = nil
				}
				slices.Sort(want)
				if !slices.Equal(got, want) {
					t.Errorf("got %v, want %v\n%+v\n%+v", got, want, r.Findings, r.Capabilities)
				}
			})
		}
	}
	for _, r := range rules().Rules {
		if !met[r.ID] {
			t.Errorf("no harmful server of the corpus breaks the rule %s", r.ID)
		}
	}
}

// TestWays finds how tools reach what they reach.
func TestWays(t *testing.T) {
	archive := txtar.Parse([]byte(`-- package.json --
{"name": "ways", "type": "module", "main": "index.js"}
-- index.js --
import{Server as S}from"@modelcontextprotocol/sdk/server/index.js";import{ListToolsRequestSchema as L,CallToolRequestSchema as C}from"@modelcontextprotocol/sdk/types.js";
import{run as r}from"./run.js";class K{a(x){return r("ls "+x)}}var k=new K;function wrap(x){return k.a(x)}
var s=new S({name:"x",version:"1"});
s.setRequestHandler(L,async()=>({tools:[{name:"list",description:"Lists.",inputSchema:{type:"object"}},{name:"say",description:"Says.",inputSchema:{type:"object"}}]}));
s.setRequestHandler(C,async q=>{switch(q.params.name){case"list":return wrap(q.params.arguments.x);case"say":return q.params.arguments.x}});
-- run.js --
import{execSync as e}from"child_process";export function run(c){return e(c)}
`))
	r := audited(t, archive, corpusFacts)
	got := ""
	for _, c := range r.Capabilities {
		got += fmt.Sprint(c.Kind, " ", c.What, " ", c.Arguments, " ", c.Ways, "\n")
	}
	if want := "process child_process.execSync [] [{list [wrap k K r]}]\n"; !regexp.MustCompile(`^process child_process.execSync \[.*\] \[\{list \[wrap (k K r|K r|k r)\]\}\]\n$`).MatchString(got) {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestCompare compares a program with a baseline of itself, and with what it became.
func TestCompare(t *testing.T) {
	read := func(file string) *txtar.Archive {
		a, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	before, after := audited(t, read("testdata/harmless/decode.txtar"), corpusFacts), audited(t, read("testdata/harmful/webhook.txtar"), corpusFacts)
	same := audited(t, read("testdata/harmless/decode.txtar"), corpusFacts)
	if same.Compare(before); len(same.Findings) != 0 {
		t.Errorf("compared with itself: %+v", same.Findings)
	}
	after.Compare(before)
	var got []string
	for _, f := range after.Findings {
		got = append(got, f.Rule)
	}
	slices.Sort(got)
	want := []string{"changed-description", "exfiltration-host", "new-capability", "new-capability", "new-host"}
	if !slices.Equal(slices.Compact(got), slices.Compact(want)) {
		t.Errorf("got %v, want %v", got, want)
	}
	again := audited(t, read("testdata/harmful/webhook.txtar"), corpusFacts)
	again.Compare(after)
	for _, f := range again.Findings {
		if f.Fails() {
			t.Errorf("not known: %+v", f)
		}
	}
}
