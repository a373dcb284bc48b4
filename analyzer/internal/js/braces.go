package js

// Braces returns, for each of some ascending offsets in a piece of a module, the range of the innermost braces
// around it, without a parse. It is 0,0 for an offset that begins no token, or stands outside all braces. The text of
// a string counts as a token, so that a quoted name of a property is found.
func Braces(piece []byte, offsets []uint32) [][2]uint32 {
	found := make([][2]uint32, len(offsets))
	type brace struct {
		start   int
		pending []int // the offsets that lie right inside it
	}
	var open []brace
	l := lexer{src: piece, context: atStatement, inTemplates: true}
	next := 0
	for l.next(); l.tok != tokEOF && (next < len(offsets) || len(open) > 0); l.next() {
		for next < len(offsets) && int(offsets[next]) < l.end {
			at := int(offsets[next])
			inCode := at == l.start || l.tok == tokString && at == l.start+1
			if inCode && len(open) > 0 {
				top := &open[len(open)-1]
				top.pending = append(top.pending, next)
			}
			next++
		}
		switch l.tok {
		case '{':
			open = append(open, brace{start: l.start})
		case '}':
			if len(open) == 0 {
				return found
			}
			top := open[len(open)-1]
			open = open[:len(open)-1]
			for _, i := range top.pending {
				found[i] = [2]uint32{uint32(top.start), uint32(l.end)}
			}
		}
	}
	return found
}
