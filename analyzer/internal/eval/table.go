package eval

import "slices"

// table keeps values by name, in the order in which the names came. Most have few: those are searched, and only a
// larger one has an index.
type table[T any] struct {
	entries []entry[T]
	index   map[string]int // positions in entries, once there are many; nil where they have changed since
	shared  bool           // a copy has the same entries and index: whoever changes them first makes its own
}

type entry[T any] struct {
	name  string
	value T
}

// Sizes of a table, in names.
const (
	usualTable    = 4
	searchedTable = 8
)

// get returns the value of a name, or the zero value.
func (t *table[T]) get(name string) (value T) {
	if i := t.find(name); i >= 0 {
		return t.entries[i].value
	}
	return value
}

// find returns the position of a name, -1 where it is not there.
func (t *table[T]) find(name string) int {
	if len(t.entries) <= searchedTable {
		for i := range t.entries {
			if t.entries[i].name == name {
				return i
			}
		}
		return -1
	}
	if t.index == nil {
		t.index = make(map[string]int, 2*len(t.entries))
		for i, e := range t.entries {
			t.index[e.name] = i
		}
	}
	if i, ok := t.index[name]; ok {
		return i
	}
	return -1
}

// set sets the value of a name, which keeps its place where it has one.
func (t *table[T]) set(name string, value T) {
	if i := t.find(name); i >= 0 {
		if t.shared {
			t.entries, t.index, t.shared = slices.Clone(t.entries), nil, false
		}
		t.entries[i].value = value
		return
	}
	if t.shared {
		t.entries, t.index, t.shared = append(make([]entry[T], 0, len(t.entries)+usualTable), t.entries...), nil, false
	}
	if t.entries == nil {
		t.entries = make([]entry[T], 0, usualTable)
	}
	if t.index != nil {
		t.index[name] = len(t.entries)
	}
	t.entries = append(t.entries, entry[T]{name, value})
}

// remove takes a name out. Whoever goes through the entries still sees them as they were.
func (t *table[T]) remove(name string) {
	if i := t.find(name); i >= 0 {
		t.entries = append(t.entries[:i:i], t.entries[i+1:]...)
		t.index, t.shared = nil, false
	}
}

// clone returns a table that changes by itself.
func (t *table[T]) clone() table[T] {
	t.shared = true
	return *t
}

// names returns the names in their order.
func (t *table[T]) names() []string {
	names := make([]string, len(t.entries))
	for i, e := range t.entries {
		names[i] = e.name
	}
	return names
}
