package queries

import "strings"

// anchorTable finds any of a few byte strings in one pass (Wu and Manber's method): it looks at two bytes at a time
// and skips as far as no anchor can begin before.
type anchorTable struct {
	shortest int
	shift    [1 << 16]uint8      // by two bytes: how far to go on
	ending   map[uint16][]string // by the last two bytes of its first shortest ones: the anchors
}

func newAnchorTable(anchors []string) *anchorTable {
	t := &anchorTable{shortest: 255, ending: map[uint16][]string{}}
	for _, a := range anchors {
		t.shortest = min(t.shortest, len(a))
	}
	for i := range t.shift {
		t.shift[i] = uint8(t.shortest - 1)
	}
	for _, a := range anchors {
		for i := 1; i < t.shortest; i++ {
			pair := uint16(a[i-1])<<8 | uint16(a[i])
			t.shift[pair] = min(t.shift[pair], uint8(t.shortest-1-i))
		}
		last := uint16(a[t.shortest-2])<<8 | uint16(a[t.shortest-1])
		t.ending[last] = append(t.ending[last], a)
	}
	return t
}

func (t *anchorTable) next(src []byte, from int) int {
	for i := from + t.shortest - 1; i < len(src); {
		pair := uint16(src[i-1])<<8 | uint16(src[i])
		if skip := int(t.shift[pair]); skip > 0 {
			i += skip
			continue
		}
		start := i + 1 - t.shortest
		for _, a := range t.ending[pair] {
			if len(a) <= len(src)-start && string(src[start:start+len(a)]) == a {
				return start
			}
		}
		i++
	}
	return -1
}

// minAnchor is the length that an anchor must have: one that is shorter stands everywhere.
const minAnchor = 4

// maxAnchor is the length that an anchor may have.
const maxAnchor = 100

func validAnchor(a string) bool {
	return len(a) >= minAnchor && len(a) <= maxAnchor && strings.TrimSpace(a) != ""
}
