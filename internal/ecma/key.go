package ecma

import (
	"slices"
	"strconv"
)

// ArrayIndex returns the array index that a property's name is: a whole number below 2^32-1, written as the language
// writes it.
func ArrayIndex(key string) (index uint32, ok bool) {
	if key == "" || len(key) > 10 || key[0] == '0' && len(key) > 1 {
		return 0, false
	}
	n := uint64(0)
	for i := range len(key) {
		c := key[i]
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + uint64(c-'0')
	}
	return uint32(n), n < 1<<32-1
}

// IsArrayIndex reports whether a property's name is an array index.
func IsArrayIndex(key string) bool {
	_, ok := ArrayIndex(key)
	return ok
}

// FormatIndex returns an array index as a property's name.
func FormatIndex(i int) string { return strconv.Itoa(i) }

// OrderKeys returns property names in the order in which an object has them (OrdinaryOwnPropertyKeys): array indices in
// ascending order, then the others in theirs. It returns keys itself where that is their order.
func OrderKeys(keys []string) []string {
	if !slices.ContainsFunc(keys, IsArrayIndex) {
		return keys
	}
	out := make([]string, 0, len(keys))
	for _, k := range keys {
		if IsArrayIndex(k) {
			out = append(out, k)
		}
	}
	slices.SortFunc(out, func(a, b string) int { return CompareIndices(a, b) })
	for _, k := range keys {
		if !IsArrayIndex(k) {
			out = append(out, k)
		}
	}
	return out
}

// CompareIndices orders two names that are array indices.
func CompareIndices(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
