package flow

import (
	"strings"

	"github.com/bundlens/bundlens/analyzer/internal/js"
)

// What maps hold: what they are made of, and what is set later. A path in a map begins with a call of get, or is one in
// its entries or values, which a path does not tell apart unless it names the place in an entry.

// Path elements for the entries of a map: any of them, and its key or its value.
const (
	anyKeyOfMap   = anyElement + "/#0"
	anyValueOfMap = anyElement + "/#1"
)

// isMap tells a constructor of maps.
func isMap(constructor js.Node) bool {
	return constructor.Kind() == js.Identifier && (constructor.Text() == "Map" || constructor.Text() == "WeakMap")
}

// newMap follows a path in a map to the entries that it is made of.
func (t *Tracer) newMap(it item) {
	entries := it.node.Child(js.FieldArguments).FirstChild()
	if got, ok := t.gotten(it.path); ok {
		t.add(entries, join(anyValueOfMap, got), it.ctx)
		return
	}
	if path := it.path; strings.HasPrefix(path, anyKeyOfMap) || strings.HasPrefix(path, anyValueOfMap) {
		t.add(entries, path, it.ctx)
		return
	}
	t.add(entries, join(anyValueOfMap, dropIndex(it.path)), it.ctx)
}

// gotten is what is wanted of a value in a map where a path begins with a call of get.
func (t *Tracer) gotten(path string) (rest string, ok bool) {
	method, rest := cut(path)
	call, rest := cut(rest)
	return rest, method == "get" && t.wraps(call)
}

// added follows what a call adds to its object, where a path is wanted of that.
func (t *Tracer) added(call js.Node, path string, ctx *Frame) {
	first := call.Child(js.FieldArguments).FirstChild()
	if call.Child(js.FieldFunction).Child(js.FieldProperty).Text() == "set" {
		key, value := first, first.Next()
		switch got, ok := t.gotten(path); {
		case ok:
			t.add(value, got, ctx)
		case strings.HasPrefix(path, anyKeyOfMap):
			t.add(key, strings.TrimPrefix(path[len(anyKeyOfMap):], "/"), ctx)
		case strings.HasPrefix(path, anyValueOfMap):
			t.add(value, strings.TrimPrefix(path[len(anyValueOfMap):], "/"), ctx)
		default:
			t.add(value, dropIndex(path), ctx)
		}
		return
	}
	for a := first; a.Valid(); a = a.Next() {
		t.add(a, dropIndex(path), ctx)
	}
}

// isAdding tells a method that adds its arguments to its object.
func isAdding(method string) bool {
	return method == "push" || method == "unshift" || method == "add" || method == "set"
}
