package js

import (
	"bytes"
	"iter"
)

// Calls knows where a module's text calls functions by their names: where a name stands before a parenthesis and is no
// member. As with Assignments a place may be something else. It does not change after it is made.
type Calls struct {
	src    []byte
	begins []uint32 // of the places of each bucket, and the end of the last
	places []uint32 // by the bucket of the name that begins there, and in the order of the text
}

// callsInBucket is how many calls share a bucket, on average.
const callsInBucket = 8

// IndexCalls finds the calls in a module's text.
func IndexCalls(src []byte) *Calls {
	found := 0
	eachCall(src, func(start, end int) { found++ })
	size := 1
	for size*callsInBucket < found {
		size *= 2
	}
	c := &Calls{src: src, begins: make([]uint32, size+1), places: make([]uint32, found)}
	eachCall(src, func(start, end int) { c.begins[c.bucket(src[start:end])+1]++ })
	for i := range size {
		c.begins[i+1] += c.begins[i]
	}
	next := append([]uint32(nil), c.begins...)
	eachCall(src, func(start, end int) {
		b := c.bucket(src[start:end])
		c.places[next[b]] = uint32(start)
		next[b]++
	})
	return c
}

// Of returns the places of the calls of a name, in the order of the text.
func (c *Calls) Of(name string) (places []uint32) {
	if name == "" {
		return nil
	}
	b := c.bucket([]byte(name))
	for _, at := range c.places[c.begins[b]:c.begins[b+1]] {
		if end := int(at) + len(name); end < len(c.src) && c.src[end] == '(' && string(c.src[at:end]) == name {
			places = append(places, at)
		}
	}
	return places
}

// bucket is where the calls of a name are.
func (c *Calls) bucket(name []byte) int {
	h := uint32(2166136261) // FNV-1a
	for _, b := range name {
		h = (h ^ uint32(b)) * 16777619
	}
	return int(h^h>>15) & (len(c.begins) - 2)
}

// eachCall visits the names before a parenthesis that are no members, from where they begin to where they end.
func eachCall(src []byte, visit func(start, end int)) {
	for start, end := range CalledNames(src) {
		if isWord(src, start, end) {
			visit(start, end)
		}
	}
}

// CalledNames yields where names begin and end that stand before an opening parenthesis, members and others.
func CalledNames(src []byte) iter.Seq2[int, int] {
	return func(yield func(start, end int) bool) {
		for at := 0; ; {
			i := bytes.IndexByte(src[at:], '(')
			if i < 0 {
				return
			}
			end := at + i
			at = end + 1
			if start := nameStart(src, end); start < end && !yield(start, end) {
				return
			}
		}
	}
}
