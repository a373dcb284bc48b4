// Package ordered holds JSON whose objects keep the order of their keys, as a
// JavaScript engine keeps it: integer-like keys first and ascending, then the
// others in the order of their insertion.
package ordered

import (
	"slices"

	"github.com/bundlens/bundlens/internal/ecma"
)

// Map is a JSON object with ordered keys. The zero value is an empty object,
// ready to use. A value is nil, a bool, a float64, a string, a []any or a *Map.
type Map struct {
	keys   []string
	values map[string]any
	index  int // how many of keys, from the first, are integer-like
}

// New returns a Map of the given keys and values, alternating.
// It panics when a key is not a string or a value is missing.
func New(pairs ...any) *Map {
	m := &Map{}
	for i := 0; i < len(pairs); i += 2 {
		m.Set(pairs[i].(string), pairs[i+1])
	}
	return m
}

// Set gives key the value. A new key goes where JavaScript would put it; a key
// that is there keeps its place.
func (m *Map) Set(key string, value any) {
	if m.values == nil {
		m.values = make(map[string]any)
	}
	if _, ok := m.values[key]; !ok {
		m.insert(key)
	}
	m.values[key] = value
}

// insert gives a new key its place.
func (m *Map) insert(key string) {
	if !ecma.IsArrayIndex(key) {
		m.keys = append(m.keys, key)
		return
	}
	at, _ := slices.BinarySearchFunc(m.keys[:m.index], key, ecma.CompareIndices)
	m.keys = slices.Insert(m.keys, at, key)
	m.index++
}

// Get returns the value of key, and whether the key is there.
func (m *Map) Get(key string) (any, bool) {
	if m == nil {
		return nil, false
	}
	v, ok := m.values[key]
	return v, ok
}

// Value returns the value of key, or nil.
func (m *Map) Value(key string) any {
	v, _ := m.Get(key)
	return v
}

// Has tells whether key is there.
func (m *Map) Has(key string) bool {
	_, ok := m.Get(key)
	return ok
}

// Delete removes key, if it is there.
func (m *Map) Delete(key string) {
	if m == nil {
		return
	}
	if _, ok := m.values[key]; !ok {
		return
	}
	delete(m.values, key)
	at := slices.Index(m.keys, key)
	m.keys = slices.Delete(m.keys, at, at+1)
	if at < m.index {
		m.index--
	}
}

// Keys returns the keys in order. The slice is the caller's own.
func (m *Map) Keys() []string {
	if m == nil {
		return nil
	}
	return slices.Clone(m.keys)
}

// Len returns the number of keys.
func (m *Map) Len() int {
	if m == nil {
		return 0
	}
	return len(m.keys)
}

// Clone returns a copy of the object; its values are shared.
func (m *Map) Clone() *Map {
	c := &Map{}
	c.Assign(m)
	return c
}

// Assign sets every key of src in m, in the order of src, as Object.assign does.
func (m *Map) Assign(src *Map) {
	if src == nil {
		return
	}
	for _, k := range src.Keys() {
		m.Set(k, src.values[k])
	}
}

// Clear removes all keys.
func (m *Map) Clear() {
	m.keys, m.values, m.index = nil, nil, 0
}
