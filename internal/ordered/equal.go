package ordered

// Equal tells whether two JSON values are the same, the order of keys aside.
func Equal(a, b any) bool { return same(a, b, false) }

// Identical tells whether two JSON values have the same text, the order of
// keys included.
func Identical(a, b any) bool { return same(a, b, true) }

func same(a, b any, order bool) bool {
	switch a := a.(type) {
	case *Map:
		b, ok := b.(*Map)
		return ok && sameMap(a, b, order)
	case []any:
		b, ok := b.([]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for i := range a {
			if !same(a[i], b[i], order) {
				return false
			}
		}
		return true
	}
	switch b.(type) {
	case *Map, []any:
		return false
	}
	return a == b
}

func sameMap(a, b *Map, order bool) bool {
	if a.Len() != b.Len() {
		return false
	}
	if a == nil || b == nil {
		return true
	}
	for i, k := range a.keys {
		v, ok := b.values[k]
		if !ok || (order && b.keys[i] != k) || !same(a.values[k], v, order) {
			return false
		}
	}
	return true
}
