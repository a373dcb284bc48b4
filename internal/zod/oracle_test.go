package zod

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/bundlens/bundlens/internal/oracletest"
	"github.com/bundlens/bundlens/internal/ordered"
)

// oracleFlavours are those of the oracle, and what its expectations are made with.
var oracleFlavours = []struct {
	flavour, expected string
	opts              Options
}{
	{"v4", "v4.input", Options{Dialect: Dialect{V4, Version{4, 6, 2}}, IO: Input, Unrepresentable: "any"}},
	{"v4", "v4.output", Options{Dialect: Dialect{V4, Version{4, 6, 2}}, IO: Output, Unrepresentable: "any"}},
	{"v40", "v40.input", Options{Dialect: Dialect{V4, Version{4, 0, 0}}, IO: Input, Unrepresentable: "any"}},
	{"v40", "v40.output", Options{Dialect: Dialect{V4, Version{4, 0, 0}}, IO: Output, Unrepresentable: "any"}},
	{"v3", "v3", Options{Dialect: Dialect{V3, Version{3, 25, 76}}, Refs: RefsNone}},
	{"v3", "v3.root", Options{Dialect: Dialect{V3, Version{3, 25, 76}}, Refs: RefsRoot}},
}

// TestOracle converts the definitions that the real library holds of the
// oracle's cases, and compares with what the library itself makes of them, to
// the letter and the order of every keyword.
func TestOracle(t *testing.T) {
	testOracle(t)
}

// TestOracleCalls does the same with the instances that methods returned made
// by [Def.Call] from the receiver and the arguments.
func TestOracleCalls(t *testing.T) {
	testOracle(t, "--calls")
}

func testOracle(t *testing.T, flags ...string) {
	root := oracletest.Dir(t)
	dumps := map[string]*dump{}
	for _, f := range oracleFlavours {
		t.Run(f.expected, func(t *testing.T) {
			if dumps[f.flavour] == nil {
				dumps[f.flavour] = runDump(t, f.opts.Dialect, append(flags, root, f.flavour)...)
			}
			want := expectations(t, root, f.expected)
			pass := 0
			for _, name := range want.Keys() {
				if checkCase(t, dumps[f.flavour], name, f.opts, want.Value(name)) {
					pass++
				}
			}
			t.Logf("%d of %d cases", pass, want.Len())
		})
	}
}

func checkCase(t *testing.T, x *dump, name string, opts Options, want any) bool {
	if !x.schemas.Has(name) {
		t.Errorf("%s: not in the dump", name)
		return false
	}
	got := Convert(x.schema(name), opts)
	if !ordered.Identical(any(got.Schema), want) {
		t.Errorf("%s:\n got %s\nwant %s", name, ordered.String(got.Schema), ordered.String(want))
		return false
	}
	if !got.Complete {
		t.Errorf("%s: losses %v", name, got.Losses)
	}
	return true
}

func runDump(t *testing.T, dialect Dialect, args ...string) *dump {
	t.Helper()
	script, _ := filepath.Abs(filepath.Join("testdata", "dump.mjs"))
	cmd := exec.Command("node", append([]string{script}, args...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	x, err := readDump(out, dialect)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func expectations(t *testing.T, root, name string) *ordered.Map {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, "out", "expected."+name+".visible.json"))
	if err != nil {
		t.Fatal(err)
	}
	v, err := ordered.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return v.(*ordered.Map)
}
