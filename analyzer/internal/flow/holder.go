package flow

import (
	"bytes"
	"slices"

	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
)

// Bounds of following a function that is a member of an object. Names with more are those of many objects.
const (
	maxInvokedMember = 8 // calls by the member's name
	maxHolders       = 4 // objects that one function is a member of
)

// callsAsMember are the calls of a function as a member of an object: where it stands in one, or is put into one by its
// name, as programs do that hand what they depend on to one another.
func (t *Tracer) callsAsMember(f js.Node) (calls []js.Node) {
	for _, key := range t.memberNames(f) {
		calls = append(calls, t.invoked(key, maxInvokedMember)...)
	}
	return calls
}

func (t *Tracer) memberNames(f js.Node) []string {
	object := f.Parent()
	switch {
	case f.Kind() == js.MethodDefinition && object.Kind() == js.Object:
		return []string{keyText(f.Child(js.FieldName))}
	case object.Kind() == js.Pair:
		return []string{keyText(object.Child(js.FieldKey))}
	case f.Kind() == js.FunctionDeclaration || f.Kind() == js.GeneratorFunctionDeclaration:
		return t.heldAs(f.Child(js.FieldName))
	}
	return nil
}

// heldAs are the names of the members that a function is put into, in its module and where it is imported.
func (t *Tracer) heldAs(name js.Node) (keys []string) {
	m := t.module(name)
	keys = t.heldIn(m, name.Text())
	for _, i := range m.Importers(name.Text()) {
		keys = append(keys, t.heldIn(i.Module, i.Local)...)
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

func (t *Tracer) heldIn(m *scope.Module, name string) (keys []string) {
	if t.held[m] == nil {
		t.held[m] = indexHeld(m)
	}
	places := t.held[m][name]
	if len(places) > maxHolders {
		return nil
	}
	for _, at := range places {
		if pair := t.nodeAround(m, int(at), js.Pair); pair.Valid() && pair.Child(js.FieldValue).Start() == at {
			keys = append(keys, keyText(pair.Child(js.FieldKey)))
		}
	}
	return keys
}

// indexHeld finds where a name that a module has or imports stands behind a colon and before a comma or a brace, by name.
func indexHeld(m *scope.Module) map[string][]uint32 {
	names := map[string]bool{}
	for _, d := range m.Index().Defs {
		names[d.Name] = true
	}
	for _, i := range m.Index().Imports {
		names[i.Local] = true
	}
	index := map[string][]uint32{}
	src := m.Text
	for at := 0; ; {
		i := bytes.IndexByte(src[at:], ':')
		if i < 0 {
			return index
		}
		start := at + i + 1
		for start < len(src) && src[start] == ' ' {
			start++
		}
		end := start
		for end < len(src) && js.IsNameByte(src[end]) {
			end++
		}
		at = max(end, at+i+1)
		if start < end && end < len(src) && (src[end] == ',' || src[end] == '}' || src[end] == '\n') && names[string(src[start:end])] {
			index[string(src[start:end])] = append(index[string(src[start:end])], uint32(start))
		}
	}
}
