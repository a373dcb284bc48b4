package js

import "bytes"

// The grammar gets some JavaScript wrong: it has no syntax for it, or it ends a class's field at a line break where the
// language goes on. A repair writes other text of the same length in its place, which has the same shape, so that all
// offsets stay; the tree's own source stays the original, in which names and texts are read. What no repair helps stays
// an error in the tree.

// A repair knows one thing that the grammar gets wrong.
type repair struct {
	word string // a text without which there is nothing to do
	// quiet: the grammar gives a tree without an error, but not the right one.
	quiet bool
	// token looks at the current token and at what stands before it; nil where the repair is of all bytes.
	token func(r *repairer)
	bytes func(src []byte) []byte
}

// repairs are in the order in which they are made: what is joined to one line is so last.
var repairs = [...]repair{
	{word: "/", token: (*repairer).comments},
	{word: "static", quiet: true, token: (*repairer).modifier},
	{word: "get", quiet: true, token: (*repairer).accessorWord},
	{word: "set", quiet: true, token: (*repairer).accessorWord},
	{word: "using", token: (*repairer).using},
	{word: "accessor", token: (*repairer).accessorField},
	{word: "@", token: (*repairer).decorator},
	{word: "import", token: (*repairer).phase},
	{word: "assert", token: (*repairer).attributes},
	{word: `\`, token: (*repairer).escapes},
	{word: "\r", token: (*repairer).lines},
	{word: "\u2028", token: (*repairer).lines},
	{word: "\u2029", token: (*repairer).lines},
	{word: "\x00", bytes: func(src []byte) []byte { return bytes.ReplaceAll(src, []byte{0}, []byte{' '}) }},
}

// Repair returns a copy of a piece of a module in which what the grammar gets wrong stands as something that it gets
// right, or nil where there is nothing to repair. Without an error in the piece's tree only that is repaired which the
// grammar misunderstands without one.
func Repair(src []byte, hasError bool) []byte {
	r := &repairer{lexer: lexer{src: src, context: atStatement, inTemplates: true}, out: src}
	var whole []func([]byte) []byte
	for i := range repairs {
		fix := &repairs[i]
		if !hasError && (!fix.quiet || !splits(src, fix.word)) || !bytes.Contains(src, []byte(fix.word)) {
			continue
		}
		if fix.bytes != nil {
			whole = append(whole, fix.bytes)
		} else {
			r.run(fix.token)
		}
	}
	for _, f := range whole {
		r.out, r.changed = f(r.out), true
	}
	if !r.changed {
		return nil
	}
	return r.out
}

// splits tells whether a word stands somewhere before a line break, or before a comment that may hold one.
func splits(src []byte, word string) bool {
	for at := 0; ; {
		i := bytes.Index(src[at:], []byte(word))
		if i < 0 {
			return false
		}
		if at += i + len(word); at < len(src) {
			switch rest := bytes.TrimLeft(src[at:], " \t"); {
			case len(rest) == 0:
				return false
			case rest[0] == '\n' || rest[0] == '\r' || rest[0] == '/' && len(rest) > 1 && (rest[1] == '*' || rest[1] == '/'):
				return true
			}
		}
	}
}

// repairer reads the tokens of a piece. Besides the current token it knows the one before.
type repairer struct {
	lexer
	out     []byte // the piece as it is repaired; a copy from the first change on
	changed bool

	before      token  // the kind of the token before the current one
	beforeWord  string // its text, where it is a word
	beforeStart int
}

// run reads the piece from its start and shows each token to a repair.
func (r *repairer) run(look func(*repairer)) {
	r.lexer = lexer{src: r.src, context: atStatement, inTemplates: true, frames: r.frames[:0]}
	if bytes.HasPrefix(r.src, []byte("#!")) {
		r.pos = lineEnd(r.src, 0)
		r.end = r.pos
	}
	r.before, r.beforeWord, r.beforeStart = ';', "", 0
	for r.next(); ; r.next() {
		look(r)
		if r.tok == tokEOF {
			return
		}
		r.before, r.beforeWord, r.beforeStart = r.tok, "", r.start
		if r.tok == tokWord {
			r.beforeWord = r.word()
		}
	}
}

// put writes text over the piece from an offset on, and spaces up to the end. Line breaks go with it.
func (r *repairer) put(start, end int, text string) {
	if !r.changed {
		r.out, r.changed = bytes.Clone(r.src), true
	}
	n := copy(r.out[start:end], text)
	for i := start + n; i < end; i++ {
		r.out[i] = ' '
	}
}

// startsMember says that a class's member may begin at the current token.
func (r *repairer) startsMember() bool {
	return r.before == ';' || r.before == '{' || r.before == '}' || r.newline || r.beforeWord == "static"
}

// namesMember says that the token at an offset is a member's name that is no bracket.
func namesMember(src []byte, at int) bool {
	return at < len(src) && (wordByte[src[at]] || src[at] == '#' || src[at] == '"' || src[at] == '\'' || src[at] >= 0x80 || src[at] == '\\')
}

// modifier joins static with the member that it belongs to on a later line: static means nothing else before a name.
func (r *repairer) modifier() {
	if at, newline := r.peek(); r.is("static") && newline && r.startsMember() && namesMember(r.src, at) {
		r.put(r.end, at, "")
	}
}

// accessorWord joins get or set with the name of the accessor on a later line, if its parameters and body follow.
func (r *repairer) accessorWord() {
	at, newline := r.peek()
	if !(r.is("get") || r.is("set")) || !newline || !r.startsMember() || at >= len(r.src) || !namesMember(r.src, at) && r.src[at] != '[' {
		return
	}
	ahead := r.lexer
	ahead.frames = append([]frame(nil), r.frames...)
	ahead.next()
	if ahead.is("if") || ahead.is("for") || ahead.is("while") || ahead.is("with") || ahead.is("switch") || ahead.is("function") {
		return // a statement after a name
	}
	if ahead.tok == '[' {
		ahead.skipGroup()
	}
	if ahead.next(); ahead.tok != '(' {
		return
	}
	if ahead.skipGroup(); ahead.tok != ')' {
		return
	}
	if ahead.next(); ahead.tok == '{' {
		r.put(r.end, at, "")
	}
}

// accessorField takes accessor from before a field's name: a field with get and set over it is read like another.
func (r *repairer) accessorField() {
	if at, newline := r.peek(); r.is("accessor") && !newline && r.before != '.' && namesMember(r.src, at) &&
		!r.peekWord("in") && !r.peekWord("instanceof") && !r.peekWord("of") {
		r.put(r.start, r.end, "")
	}
}

// decorator opens the parentheses of @(a.b), and makes a name of a private one: the grammar knows names with dots and
// calls of them.
func (r *repairer) decorator() {
	if r.tok != tokWord || r.src[r.start] != '@' {
		return
	}
	ahead := r.lexer
	ahead.frames = append([]frame(nil), r.frames...)
	if r.end == r.start+1 { // alone: parentheses follow
		ahead.next()
		if ahead.tok != '(' {
			return
		}
		open := ahead.start
		for ahead.next(); ahead.tok == tokWord || ahead.tok == '.'; ahead.next() {
		}
		if ahead.tok == '(' {
			ahead.skipGroup()
			ahead.next()
		}
		if ahead.tok == ')' {
			r.put(open, open+1, "")
			r.put(ahead.start, ahead.end, "")
		}
		return
	}
	for ahead.next(); ahead.tok == '.'; ahead.next() {
		if ahead.next(); ahead.tok == tokWord && r.src[ahead.start] == '#' {
			r.put(ahead.start, ahead.start+1, "_")
		}
	}
}

// phase takes defer and source from an import declaration.
func (r *repairer) phase() {
	if r.beforeWord != "import" || !(r.is("defer") || r.is("source")) {
		return
	}
	if next := r.peekByte(); next != ',' && !r.peekWord("from") {
		r.put(r.start, r.end, "")
	}
}

// attributes writes with for the assert of an import's older form.
func (r *repairer) attributes() {
	if r.is("assert") && r.before == tokString && !r.newline && r.peekByte() == '{' {
		r.put(r.start, r.end, "with")
	}
}

// comments empties the comments before the current token, but for their line breaks: the grammar does not know that
// a comment with one ends a line, and ends a class's field at one that stands between a method's name and parameters.
func (r *repairer) comments() {
	r.gap(func(start, end int, comment bool) {
		if !comment {
			return
		}
		_, newline := commentEnd(r.src[:end], start+2)
		if r.src[start+1] == '/' {
			newline = false
		}
		r.put(start, end, "")
		if newline {
			r.out[start] = '\n'
		}
	})
}

// escapes writes other characters for backslashes before what is no escape in a template; a tagged one may hold those.
func (r *repairer) escapes() {
	mask := func(start, end int) {
		for i := start; i+1 < end; i++ {
			if r.src[i] != '\\' {
				continue
			}
			var out []byte
			if next := r.src[i+1]; next == 'x' || next == 'u' {
				if _, err := decodeEscape(&out, text(r.src[i:end]), true); err != nil {
					r.put(i, i+1, "_")
				}
			}
			i++
		}
	}
	r.gap(func(start, end int, comment bool) {
		if !comment {
			mask(start, end)
		}
	})
	if r.tok == tokTemplate {
		mask(r.start, r.end)
	}
}

// lines writes ordinary line breaks for the others that JavaScript has, outside literals.
func (r *repairer) lines() {
	for i := r.prevEnd; i < r.start; i++ {
		if r.src[i] == '\r' {
			r.put(i, i+1, "\n")
		} else if i+2 < r.start && r.src[i] == 0xE2 && r.src[i+1] == 0x80 && r.src[i+2]&^1 == 0xA8 {
			r.put(i, i+3, "\n")
		}
	}
}

// gap visits what stands between the token before and the current one besides white space: comments, and the parts of
// templates up to a substitution.
func (r *repairer) gap(visit func(start, end int, comment bool)) {
	for i := r.prevEnd; i < r.start; {
		start := i
		switch c := r.src[i]; {
		case c == '/' && i+1 < r.start && r.src[i+1] == '/':
			i = lineEnd(r.src, i)
			visit(start, i, true)
		case c == '/' && i+1 < r.start && r.src[i+1] == '*':
			if i, _ = commentEnd(r.src, i+2); i < 0 {
				return
			}
			visit(start, i, true)
		case c == '`' || c == '}':
			for i++; i < r.start && !(r.src[i] == '{' && r.src[i-1] == '$'); i++ {
				if r.src[i] == '\\' {
					i++
				}
			}
			i = min(i+1, r.start)
			visit(start, i, false)
		default:
			i++
		}
	}
}

// using writes let for a `using` or `await using` that begins a declaration, padded with spaces.
func (r *repairer) using() {
	if !r.is("using") || r.before == '.' || r.before == tokOptionalDot || !r.declaresUsing() {
		return
	}
	start := r.start
	if r.beforeWord == "await" && !r.newline {
		start = r.beforeStart
	}
	r.put(start, r.end, "let")
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
