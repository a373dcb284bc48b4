package zod

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bundlens/bundlens/internal/ordered"
)

// TestVersions compares with every release of the library that is installed in
// the directory ZOD_VERSIONS, as node_modules/zMAJOR_MINOR_PATCH, over the
// expressions in testdata/probes.txt, by each of its options, twice: from the
// definitions, and by calling the methods.
//
//	npm install z4_0_0@npm:zod@4.0.0 z4_6_2@npm:zod@4.6.2 z3_25_76@npm:zod@3.25.76 zod-to-json-schema
func TestVersions(t *testing.T) {
	root := os.Getenv("ZOD_VERSIONS")
	if root == "" {
		t.Skip("ZOD_VERSIONS names no directory with releases of the library")
	}
	dirs, _ := filepath.Glob(filepath.Join(root, "node_modules", "z[34]_*"))
	for _, dir := range dirs {
		var v Version
		if _, err := fmt.Sscanf(filepath.Base(dir), "z%d_%d_%d", &v.Major, &v.Minor, &v.Patch); err != nil {
			continue
		}
		dialect := Dialect{V4, v}
		if v.Major == 3 {
			dialect.Family = V3
		}
		for _, mode := range [][]string{nil, {"--calls"}} {
			t.Run(strings.Join(append([]string{v.String()}, mode...), " "), func(t *testing.T) {
				compareRelease(t, root, dir, dialect, mode)
			})
		}
	}
}

func compareRelease(t *testing.T, root, dir string, dialect Dialect, mode []string) {
	options, configs := optionsV4(dialect)
	args := append(mode, root, dir, probeFile(t), writeJSON(t, options))
	if dialect.Family == V3 {
		options, configs = optionsV3(dialect)
		args = append(mode, root, dir, probeFile(t), writeJSON(t, options), filepath.Join(root, "node_modules", "zod-to-json-schema"))
	}
	x := runDump(t, dialect, args...)
	pass, all := 0, 0
	for _, probe := range x.expected.Keys() {
		want := x.expected.Value(probe).(*ordered.Map)
		for _, name := range want.Keys() {
			if knownDifference(dialect, probe, name, len(mode) > 0) {
				continue
			}
			all++
			if msg := x.compareProbe(probe, configs[name], want.Value(name)); msg != "" {
				t.Errorf("%s [%s]\n%s", probe, name, msg)
				continue
			}
			pass++
		}
	}
	t.Logf("%d of %d", pass, all)
}

// knownDifference tells of the few results that are not compared: what the
// dump can't hold, and what is no valid use of the library.
func knownDifference(d Dialect, probe, name string, calls bool) bool {
	switch {
	case name == "openAi" && strings.Contains(probe, "preprocess"):
		return true // the dump holds what a function makes of undefined, not of null
	case d.Family == V3 && strings.Contains(probe, "z.record(z.enum({"):
		return true // version 3's enum takes a list
	case calls && name == "draft-7" && strings.Contains(probe, "t.extend({"):
		return d.since(0, 15) && !d.since(1, 10) // a shape's getters ran once for each copy there
	}
	return false
}

// compareProbe says how the result differs from what the library made.
func (x *dump) compareProbe(probe string, opts Options, want any) string {
	got := Convert(x.schema(probe), opts)
	if m, ok := want.(*ordered.Map); ok && m.Len() == 1 && m.Has("throws") {
		if got.Throws == "" && got.Complete && opts.Dialect.Family == V4 {
			return "got " + ordered.String(got.Schema) + "\nwant an error: " + fmt.Sprint(m.Value("throws"))
		}
		return ""
	}
	if got.Throws != "" {
		return "got an error: " + got.Throws
	}
	if !ordered.Identical(any(got.Schema), want) {
		return " got " + ordered.String(got.Schema) + "\nwant " + ordered.String(want)
	}
	return ""
}

func probeFile(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "probes.txt"))
	if err != nil {
		t.Fatal(err)
	}
	list := []any{}
	for _, line := range strings.Split(string(data), "\n") {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "//") {
			list = append(list, line)
		}
	}
	return writeJSON(t, list)
}

func writeJSON(t *testing.T, v any) string {
	t.Helper()
	data, err := ordered.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "in.json")
	if err := os.WriteFile(file, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

// optionsV4 are the library's options by name, and the same as ours.
func optionsV4(d Dialect) (*ordered.Map, map[string]Options) {
	js := func(pairs ...any) *ordered.Map {
		return ordered.New(append([]any{"unrepresentable", "any"}, pairs...)...)
	}
	return ordered.New(
			"input", js("io", "input"),
			"output", js("io", "output"),
			"throw", ordered.New("io", "output"),
			"reused", js("io", "input", "reused", "ref"),
			"draft-7", js("io", "output", "target", "draft-7"),
		), map[string]Options{
			"input":   {Dialect: d, IO: Input, Unrepresentable: "any"},
			"output":  {Dialect: d, IO: Output, Unrepresentable: "any"},
			"throw":   {Dialect: d, IO: Output},
			"reused":  {Dialect: d, IO: Input, Unrepresentable: "any", Reused: "ref"},
			"draft-7": {Dialect: d, Unrepresentable: "any", Target: "draft-7"},
		}
}

func optionsV3(d Dialect) (*ordered.Map, map[string]Options) {
	return ordered.New(
			"root", &ordered.Map{},
			"none", ordered.New("$refStrategy", "none"),
			"relative", ordered.New("$refStrategy", "relative"),
			"seen", ordered.New("$refStrategy", "seen"),
			"strict", ordered.New("strictUnions", true, "pipeStrategy", "input"),
			"output", ordered.New("pipeStrategy", "output", "effectStrategy", "any", "$refStrategy", "none"),
			"named", ordered.New("name", "Top", "mapStrategy", "record", "dateStrategy", "integer"),
			"openApi3", ordered.New("target", "openApi3", "$refStrategy", "none"),
			"openAi", ordered.New("target", "openAi", "$refStrategy", "none"),
			"2019", ordered.New("target", "jsonSchema2019-09", "$refStrategy", "none", "applyRegexFlags", true),
			"messages", ordered.New("errorMessages", true, "$refStrategy", "none", "emailStrategy", "pattern:zod", "markdownDescription", true),
		), map[string]Options{
			"root":     {Dialect: d},
			"none":     {Dialect: d, Refs: RefsNone},
			"relative": {Dialect: d, Refs: RefsRelative},
			"seen":     {Dialect: d, Refs: RefsSeen},
			"strict":   {Dialect: d, StrictUnions: true, PipeStrategy: "input"},
			"output":   {Dialect: d, PipeStrategy: "output", EffectStrategy: "any", Refs: RefsNone},
			"named":    {Dialect: d, Name: "Top", MapStrategy: "record", DateStrategy: []string{"integer"}},
			"openApi3": {Dialect: d, Target: "openApi3", Refs: RefsNone},
			"openAi":   {Dialect: d, Target: "openAi", Refs: RefsNone},
			"2019":     {Dialect: d, Target: "jsonSchema2019-09", Refs: RefsNone, ApplyRegexFlags: true},
			"messages": {Dialect: d, ErrorMessages: true, Refs: RefsNone, EmailStrategy: "pattern:zod", MarkdownDescription: true},
		}
}
