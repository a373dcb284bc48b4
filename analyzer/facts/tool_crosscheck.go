package facts

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/schema"
)

// maxCrossChecked bounds how many schemas are made in both ways: a fault of the conversion here shows in a few.
const maxCrossChecked = 6

// crossCheck compares schemas of a known library with what the program's own converter makes of them, evaluated by a
// machine that knows no library. What can't be evaluated so says nothing.
func (f *finder) crossCheck() {
	var own *finder
	for _, name := range slices.Sorted(maps.Keys(f.byName)) {
		d := f.best(f.byName[name])
		if f.Document.Health.CrossChecked == maxCrossChecked || len(f.senders) == 0 {
			return
		}
		if d.other || d.schema == nil || f.isPlain(d.schema) || !d.node.Valid() {
			continue
		}
		if own == nil {
			own = f.unaided()
		}
		if !f.agrees(own, d) {
			return // a converter that can't be evaluated for one can't for others
		}
	}
}

// unaided is a finder of the same program that knows its senders, and no library.
func (f *finder) unaided() *finder {
	own := &finder{Pass: f.Plain()}
	for _, s := range f.senders {
		if s.function != nil {
			s.function = own.eval(s.match, s.node)
		}
		own.senders = append(own.senders, s)
	}
	return own
}

// agrees compares one tool's schema, and tells whether there was something to compare.
func (f *finder) agrees(own *finder, d *definition) bool {
	known := f.forms(d)
	module := f.Program.Modules[d.node.Tree().Module]
	at := analyzer.Match{Module: module, Unit: module.Index().UnitAt(d.node.Start())}
	o, ok := (eval.World{}).Pick(own.eval(at, d.node)).(*eval.Object)
	if !ok || len(known) == 0 || !known[0].result.complete {
		return true
	}
	made := own.formsOfOther(&definition{name: d.name, object: o, key: d.key, schema: own.answer(o, d.key), other: true})[0]
	if !made.result.complete || len(properties(made.result)) == 0 && made.text != known[0].text {
		return false
	}
	f.Document.Health.CrossChecked++
	if where, differ := difference(known[0].text, made.text); differ {
		f.Document.Diagnostics = append(f.Document.Diagnostics, schema.Diagnostic{
			Severity: schema.SeverityWarning, Code: "converter-disagrees", Origin: &d.origin,
			Message: fmt.Sprintf("%s: the program's own conversion of the schema differs at %q", d.name, where),
		})
	}
	return true
}

// difference is the path of the first place where two JSON texts differ, by the order of names.
func difference(a, b string) (path string, differ bool) {
	var x, y any
	if json.Unmarshal([]byte(a), &x) != nil || json.Unmarshal([]byte(b), &y) != nil {
		return "", a != b
	}
	return differs("", x, y)
}

func differs(path string, a, b any) (string, bool) {
	x, isMap := a.(map[string]any)
	y, isToo := b.(map[string]any)
	if !isMap || !isToo {
		return path, !reflect.DeepEqual(a, b)
	}
	names := maps.Clone(x)
	maps.Copy(names, y)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if at, differ := differs(path+"/"+name, x[name], y[name]); differ {
			return at, true
		}
	}
	return "", false
}
