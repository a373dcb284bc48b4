package js

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write what the scanner finds to the corpora")

// TestScan scans input.js of each file in testdata/scan and compares what it finds with want.json.
func TestScan(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "scan", "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no corpus: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil || len(archive.Files) != 2 || archive.Files[0].Name != "input.js" || archive.Files[1].Name != "want.json" {
				t.Fatalf("not an archive of input.js and want.json: %v", err)
			}
			src := bytes.TrimSuffix(archive.Files[0].Data, []byte("\n"))
			index := Scan(src)
			if fault := checkIndex(src, index); fault != "" {
				t.Error(fault)
			}
			got := describe(src, index)
			if *update {
				archive.Files[1].Data = got
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if want := archive.Files[1].Data; !bytes.Equal(got, want) {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

// describe writes an index as JSON, with one unit a line so that differences read well.
func describe(src []byte, x *Index) []byte {
	kinds := []string{"expr", "var", "function", "class", "import", "export"}
	hows := []string{"declares", "bare", "assigns", "touches"}
	var units, thunks []any
	for i, u := range x.Units {
		defs := []string{}
		for _, d := range x.Defs {
			if d.Unit != int32(i) {
				continue
			}
			line := hows[d.How] + " " + d.Name
			if d.Local {
				line += " (local)"
			}
			defs = append(defs, line)
		}
		unit := map[string]any{"text": string(src[u.Start:u.End]), "kind": kinds[u.Kind], "defs": defs}
		if u.Thunk >= 0 {
			unit["in"] = x.Thunks[u.Thunk].Name
		}
		units = append(units, unit)
	}
	for _, th := range x.Thunks {
		thunks = append(thunks, map[string]any{"name": th.Name, "commonjs": th.Kind == ThunkCommonJS, "unit": th.Unit, "body": string(src[th.BodyStart:th.BodyEnd])})
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "{\n  \"balanced\": %t,\n  \"wrapped\": %t", x.Balanced, x.Wrapper[1] > 0)
	for _, list := range []struct {
		name  string
		items []any
	}{{"units", units}, {"thunks", thunks}, {"imports", anys(x.Imports)}, {"exports", anys(x.Exports)}} {
		if len(list.items) == 0 {
			continue
		}
		fmt.Fprintf(&out, ",\n  %q: [", list.name)
		for i, item := range list.items {
			if i > 0 {
				out.WriteByte(',')
			}
			out.WriteString("\n    ")
			out.Write(compact(item))
		}
		out.WriteString("\n  ]")
	}
	out.WriteString("\n}\n")
	return out.Bytes()
}

func compact(v any) []byte {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err)
	}
	return bytes.TrimSpace(out.Bytes())
}

func anys[T any](list []T) (all []any) {
	for _, v := range list {
		all = append(all, v)
	}
	return all
}

// checkIndex returns what is wrong with an index whatever its source, or "".
func checkIndex(src []byte, x *Index) string {
	end, outer := uint32(0), uint32(0)
	for i, u := range x.Units {
		switch {
		case u.Start > u.End || int(u.End) > len(src):
			return fmt.Sprintf("unit %d has the range %d to %d in a source of %d bytes", i, u.Start, u.End, len(src))
		case u.Kind > UnitExport:
			return fmt.Sprintf("unit %d is of no kind", i)
		case u.Wraps >= int32(len(x.Thunks)) || u.Wraps >= 0 && x.Thunks[u.Wraps].Unit != int32(i):
			return fmt.Sprintf("unit %d is said to be thunk %d", i, u.Wraps)
		case u.Start < end:
			return fmt.Sprintf("unit %d starts at %d, before the end of the one before", i, u.Start)
		}
		if u.Thunk >= 0 {
			th := x.Thunks[u.Thunk]
			if u.Start < th.BodyStart || u.End > th.BodyEnd || u.End > outer {
				return fmt.Sprintf("unit %d is outside its thunk", i)
			}
		} else if u.Start < outer {
			return fmt.Sprintf("unit %d starts at %d, inside a thunk", i, u.Start)
		}
		if end = u.End; u.Wraps >= 0 {
			end, outer = u.Start, u.End
		} else if u.Thunk < 0 {
			outer = u.End
		}
	}
	for i, th := range x.Thunks {
		if int(th.Unit) >= len(x.Units) || th.BodyStart > th.BodyEnd || th.BodyEnd > x.Units[th.Unit].End || th.BodyStart < x.Units[th.Unit].Start {
			return fmt.Sprintf("thunk %d is not inside its unit", i)
		}
	}
	for i, d := range x.Defs {
		if d.Unit < 0 || int(d.Unit) >= len(x.Units) || d.Name == "" || i > 0 && d.Unit < x.Defs[i-1].Unit {
			return fmt.Sprintf("definition %d of %q is in unit %d", i, d.Name, d.Unit)
		}
	}
	if int(x.Wrapper[1]) > len(src) || x.Wrapper[0] > x.Wrapper[1] {
		return fmt.Sprintf("the wrapper is %v", x.Wrapper)
	}
	return ""
}

// slowUnitAt finds the innermost unit by looking at all of them.
func slowUnitAt(x *Index, offset uint32) int32 {
	found := int32(-1)
	for i, u := range x.Units {
		if u.Start <= offset && offset < u.End {
			found = int32(i)
		}
	}
	return found
}

func TestUnitAt(t *testing.T) {
	x := Scan([]byte(" a();var t=E(()=>{ b();;c=1 }) , d=2 ; e"))
	for offset := range uint32(45) {
		if got, want := x.UnitAt(offset), slowUnitAt(x, offset); got != want {
			t.Errorf("UnitAt(%d) = %d, want %d", offset, got, want)
		}
	}
}

// corpus returns the inputs of the scanner's test files.
func corpus(t testing.TB) (inputs [][]byte) {
	files, err := filepath.Glob(filepath.Join("testdata", "scan", "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		inputs = append(inputs, archive.Files[0].Data)
	}
	return inputs
}

func FuzzScan(f *testing.F) {
	for _, input := range corpus(f) {
		f.Add(input)
		for line := range bytes.Lines(input) {
			f.Add(line)
		}
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		x := Scan(slices.Clip(src))
		if fault := checkIndex(src, x); fault != "" {
			t.Error(fault)
		}
		for offset := 0; offset <= len(src); offset += 1 + len(src)/16 {
			if got, want := x.UnitAt(uint32(offset)), slowUnitAt(x, uint32(offset)); got != want {
				t.Errorf("UnitAt(%d) = %d, want %d", offset, got, want)
			}
		}
		if masked := Repair(src, true); masked != nil && len(masked) != len(src) {
			t.Errorf("masking changes the length from %d to %d", len(src), len(masked))
		}
	})
}

// TestScanDeep scans what is nested far deeper than any program, which must neither hang nor run out of stack.
func TestScanDeep(t *testing.T) {
	for _, open := range []string{"(", "[", "{", "if(a)", "a:", "`${", "x=>", "[a=", "({a:", "var[", "var{a:", "class extends class ",
		"for(;;)", "do ", "f(", "!", "async()=>{", "(function(){", "var t=E(()=>{", "else ", "try{", "switch(a){case 1:", "(()=>{", "a=(b=", "[a=[b]=", "x?"} {
		src := []byte(strings.Repeat(open, 50_000))
		if fault := checkIndex(src, Scan(src)); fault != "" {
			t.Errorf("%s: %s", open, fault)
		}
	}
}

// BenchmarkScan scans the corpora, which are nothing but short statements and so the worst case, or the module named
// in BUNDLENS_BENCH_MODULE.
func BenchmarkScan(b *testing.B) {
	var inputs [][]byte
	for _, input := range corpus(b) {
		if Scan(input).Balanced && !bytes.HasPrefix(input, []byte("#!")) {
			inputs = append(inputs, input)
		}
	}
	src := bytes.Repeat(bytes.Join(inputs, []byte(";")), 200)
	if name := os.Getenv("BUNDLENS_BENCH_MODULE"); name != "" {
		var err error
		if src, err = os.ReadFile(name); err != nil {
			b.Fatal(err)
		}
	}
	if !Scan(src).Balanced {
		b.Fatal("the code to measure with is not balanced")
	}
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		Scan(src)
	}
}

// TestScanCrowded has more statements than are kept: the rest is not read, and that is said.
func TestScanCrowded(t *testing.T) {
	x := Scan(bytes.Repeat([]byte("a();"), maxUnits+10))
	if !x.Crowded || x.Balanced || len(x.Units) > maxUnits {
		t.Errorf("%v, %v, %d", x.Crowded, x.Balanced, len(x.Units))
	}
	// A name alone does nothing and takes no room.
	if x := Scan(bytes.Repeat([]byte("a;\n"), 1000)); !x.Balanced || len(x.Units) != 0 {
		t.Errorf("%v, %d", x.Balanced, len(x.Units))
	}
}
