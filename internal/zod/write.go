package zod

import (
	"strings"

	"github.com/bundlens/bundlens/internal/ordered"
)

// writer makes plain JSON of schemas that share parts.
type writer struct {
	busy  map[any]bool
	nodes int
	cut   bool // a part that holds itself, or too much, was left out
}

const maxWritten = 2_000_000

// plain returns a copy that shares nothing and has no undefined values. A
// schema that holds itself is what the library can't write either.
func (c *v4) plain(m *ordered.Map) *ordered.Map {
	w := &writer{busy: map[any]bool{}}
	out, _ := w.copy(m).(*ordered.Map)
	if w.cut {
		c.fail("Error converting schema to JSON.")
	}
	return out
}

func (w *writer) copy(v any) any {
	switch v := v.(type) {
	case *ordered.Map:
		return w.copyMap(v)
	case *list:
		if w.busy[v] {
			w.cut = true
			return []any{}
		}
		w.busy[v] = true
		defer delete(w.busy, v)
		return w.copyList(v.items)
	case []any:
		return w.copyList(v)
	case undef:
		return nil
	}
	return v
}

func (w *writer) copyMap(m *ordered.Map) any {
	out := &ordered.Map{}
	if w.nodes++; w.busy[m] || w.nodes > maxWritten {
		w.cut = true
		return out
	}
	w.busy[m] = true
	defer delete(w.busy, m)
	for _, k := range m.Keys() {
		if v := m.Value(k); v != (undef{}) {
			out.Set(k, w.copy(v))
		}
	}
	return out
}

func (w *writer) copyList(items []any) any {
	out := make([]any, 0, len(items))
	for _, x := range items {
		out = append(out, w.copy(x))
	}
	return out
}

// sameText tells whether JSON.stringify gives two values the same text.
func sameText(a, b any) bool {
	w := &writer{busy: map[any]bool{}}
	return ordered.Identical(w.copy(a), w.copy(b))
}

// ------------------------------------------------------------ losses

// losses collects what a conversion can't say, and bounds its work.
type losses struct {
	found    []Loss
	have     map[Loss]bool
	nodes    int
	maxNodes int
	maxDepth int
}

func (l *losses) limit(opts Options) {
	l.maxNodes, l.maxDepth = 200_000, 200
	if opts.MaxNodes > 0 {
		l.maxNodes = opts.MaxNodes
	}
	if opts.MaxDepth > 0 {
		l.maxDepth = opts.MaxDepth
	}
}

// take counts one schema more; it is false once a limit is reached.
func (l *losses) take(t *trail, path []string, construct string) bool {
	if l.nodes++; l.nodes > l.maxNodes || t.level() > l.maxDepth {
		l.lose(path, construct, "the definition is too deep or too large", LossBound)
		return false
	}
	return true
}

func (l *losses) lose(path []string, construct, why string, kind LossKind) {
	loss := Loss{Path: pointer(path), Construct: construct, Why: why, Kind: kind}
	if l.have == nil {
		l.have = map[Loss]bool{}
	}
	if !l.have[loss] {
		l.have[loss] = true
		l.found = append(l.found, loss)
	}
}

// result closes a conversion.
func (l *losses) result(schema *ordered.Map, throws string) Result {
	complete := true
	for _, x := range l.found {
		if x.Kind != LossNarrower && x.Kind != LossUnrepresentable {
			complete = false
		}
	}
	return Result{Schema: schema, Losses: l.found, Complete: complete, Throws: throws}
}

// pointer returns the JSON pointer of a path.
func pointer(path []string) string {
	var b strings.Builder
	for _, s := range path {
		b.WriteByte('/')
		b.WriteString(strings.ReplaceAll(strings.ReplaceAll(s, "~", "~0"), "/", "~1"))
	}
	return b.String()
}
