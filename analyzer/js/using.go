package js

import "bytes"

// MaskUsing returns a copy of a module's source, or of a piece of it, in which let stands for each `using` and
// `await using` that begins a declaration, padded with spaces: the grammar doesn't know those, and all offsets stay
// as they are. It returns nil when there is none. A name, a property, or text that only reads like a declaration is
// left alone.
func MaskUsing(src []byte) []byte {
	if !bytes.Contains(src, []byte("using")) {
		return nil
	}
	l := lexer{src: src, context: atStatement, inTemplates: true}
	if bytes.HasPrefix(src, []byte("#!")) {
		l.pos = lineEnd(src, 0)
	}
	var masked []byte
	start, dot := 0, false // where an await right before begins; the token before is a dot
	for l.next(); l.tok != tokEOF; l.next() {
		if l.is("using") && !dot && l.declaresUsing() {
			if masked == nil {
				masked = bytes.Clone(src)
			}
			if start < 0 || l.newline {
				start = l.start
			}
			n := copy(masked[start:l.end], "let")
			for i := start + n; i < l.end; i++ {
				masked[i] = ' '
			}
		}
		start = -1
		if l.is("await") && !dot {
			start = l.start
		}
		dot = l.tok == '.' || l.tok == tokOptionalDot
	}
	return masked
}

// declaresUsing says that the current word, which is using, begins a declaration: on its line a name follows, and
// then an equals sign or, in a loop's head, of. No other syntax has two names side by side before those.
func (l *lexer) declaresUsing() bool {
	at, newline := l.peek()
	if newline || at >= len(l.src) || classes[l.src[at]] != classWord && classes[l.src[at]] != classOther {
		return false
	}
	ahead := *l
	ahead.next()
	if ahead.tok != tokWord || ahead.is("in") || ahead.is("instanceof") || ahead.is("of") && ahead.peekByte() != '=' {
		return false
	}
	next, _ := ahead.peek()
	if next+1 < len(l.src) && l.src[next] == '=' {
		return l.src[next+1] != '=' && l.src[next+1] != '>'
	}
	ahead.next()
	return ahead.is("of")
}
