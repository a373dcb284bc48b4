package js

import "slices"

// Scan finds the statements of a module, and what they declare and change, without parsing it. The names in the
// Index share src's bytes: src must not be changed afterwards.
func Scan(src []byte) *Index {
	s := newScanner(src)
	if !s.factory() {
		if s.restart(); !s.wrapper(0) {
			s.restart()
			s.statements()
		}
	}
	s.index.Crowded = s.crowded()
	s.index.Balanced = !s.bad && s.tok == tokEOF && len(s.frames) == 0 && !s.index.Crowded
	s.index.Units = fit(s.index.Units)
	s.index.Defs = fit(s.index.Defs)
	s.index.Imports = fit(s.index.Imports)
	s.index.Exports = fit(s.index.Exports)
	return s.index
}

// UnitAt returns the innermost unit that holds an offset, or -1.
func (x *Index) UnitAt(offset uint32) int32 {
	n, found := slices.BinarySearchFunc(x.Units, offset, func(u Unit, at uint32) int {
		if u.Start > at {
			return 1
		}
		return -1
	})
	_ = found // never: the comparison gives no 0, so that n is the first unit that starts after offset
	for n--; n >= 0; {
		u := &x.Units[n]
		if offset < u.End {
			return int32(n)
		}
		if u.Thunk < 0 {
			break
		}
		n = int(x.Thunks[u.Thunk].Unit)
	}
	return -1
}

// What is kept of a module: many times what the largest programs have. Behind that it is not read.
const (
	maxUnits = 4 << 20
	maxDefs  = 8 << 20
)

func (s *scanner) crowded() bool {
	return len(s.index.Units) >= maxUnits || len(s.index.Defs) >= maxDefs
}

// maxNesting bounds the recursion over statements inside statements. Deeper ones count as unbalanced.
const maxNesting = 2000

// scanner reads statements. Its lexer's current token is always the first one that is not yet understood.
type scanner struct {
	lexer
	index    *Index
	unit     int32    // the unit being read
	thunk    int32    // the thunk whose body is being read, or -1
	returned bool     // a return stands at the level of that body
	nesting  int      // statements open inside the unit
	scoped   []string // names that the open blocks inside the unit declare for themselves
	groups   []group  // brackets open in the expressions being read
	patterns bool     // reading an assignment's pattern again
}

func newScanner(src []byte) *scanner {
	// A typical statement of a minified bundle is some hundreds of bytes long.
	s := &scanner{index: &Index{Units: make([]Unit, 0, len(src)/256+4), Defs: make([]Def, 0, len(src)/128+4)}}
	s.src = src
	s.frames = make([]frame, 0, 64)
	s.restart()
	return s
}

// restart begins the module again, as if nothing had been read.
func (s *scanner) restart() {
	s.lexer = lexer{src: s.src, context: atStatement, frames: s.frames[:0]}
	s.thunk, s.returned, s.nesting, s.patterns = -1, false, 0, false
	s.scoped, s.groups = s.scoped[:0], s.groups[:0]
	s.truncate(mark{unit: -1})
	s.index.Imports, s.index.Exports, s.index.Wrapper = nil, nil, [2]uint32{}
	if len(s.src) > 1 && s.src[0] == '#' && s.src[1] == '!' {
		s.pos = lineEnd(s.src, 0)
	}
	s.next()
}

// fit gives back memory that was reserved and not used.
func fit[T any](list []T) []T {
	if cap(list)-len(list) > len(list)/8 {
		return append(make([]T, 0, len(list)), list...)
	}
	return list
}

// mark is a state of the index to go back to when a guess turns out wrong.
type mark struct {
	units, defs, thunks int
	unit                int32
}

func (s *scanner) mark() mark {
	return mark{len(s.index.Units), len(s.index.Defs), len(s.index.Thunks), s.unit}
}

func (s *scanner) truncate(m mark) {
	s.index.Units = s.index.Units[:m.units]
	s.index.Defs = s.index.Defs[:m.defs]
	s.index.Thunks = s.index.Thunks[:m.thunks]
	s.unit = m.unit
}

// open begins a unit at an offset. Inside a unit's own nested statements there are no units.
func (s *scanner) open(kind UnitKind, start int) {
	if s.nesting > 0 {
		return
	}
	s.unit = int32(len(s.index.Units))
	s.index.Units = append(s.index.Units, Unit{Start: uint32(start), Kind: kind, Thunk: s.thunk, Wraps: -1})
}

// close ends the unit being read where the last token that was understood ends.
func (s *scanner) close() { s.closeAt(s.prevEnd) }

func (s *scanner) closeAt(end int) {
	if s.nesting == 0 {
		u := &s.index.Units[s.unit]
		u.End = max(u.Start, uint32(end)) // a unit cut off at the module's end may hold nothing
	}
}

// define notes what the unit being read does to a name.
func (s *scanner) define(name string, how How) {
	if last := len(s.index.Defs) - 1; last >= 0 {
		if d := &s.index.Defs[last]; d.Unit == s.unit && d.How == how && d.Name == name {
			return
		}
	}
	s.index.Defs = append(s.index.Defs, Def{Name: name, Unit: s.unit, How: how})
}

// statements reads up to the end of the block or module.
func (s *scanner) statements() {
	for s.tok != tokEOF && s.tok != '}' && !s.returned {
		if s.crowded() {
			s.fail()
			return
		}
		s.statement()
	}
}

// statement reads one statement, as a unit or as part of one.
func (s *scanner) statement() {
	switch s.tok {
	case ';':
		s.next()
		return
	case '{':
		s.open(UnitExpr, s.start)
		s.block()
		s.close()
		return
	case tokWord:
		if s.keywordStatement() {
			return
		}
		switch s.peekByte() {
		case ':':
			s.labelled()
			return
		case ';': // a name alone does nothing
			s.next()
			s.next()
			return
		}
	}
	s.expressionStatement()
}

// keywordStatement reads a statement that a keyword begins; false means that the current word begins none.
func (s *scanner) keywordStatement() bool {
	if s.src[s.start] == '@' {
		s.decorated()
		return true
	}
	switch s.word() {
	case "var", "const":
		s.declaration(s.is("const"))
	case "let":
		if !s.bindingFollows() {
			return false
		}
		s.declaration(true)
	case "using":
		if !s.usingFollows() {
			return false
		}
		s.declaration(true)
	case "await":
		if !s.awaitUsingFollows() {
			return false
		}
		s.next()
		s.declaration(true)
	case "function":
		s.functionDeclaration(s.start)
	case "async":
		if !s.peekWord("function") {
			return false
		}
		s.functionDeclaration(s.start)
	case "class":
		s.classDeclaration(s.start)
	case "import":
		if next := s.peekByte(); next == '(' || next == '.' {
			return false
		}
		s.importDeclaration()
	case "export":
		s.exportDeclaration()
	case "if", "for", "while", "do", "try", "switch", "with":
		if s.peekByte() == ':' { // no keyword where it stands as a label, which only broken code has
			return false
		}
		s.open(UnitExpr, s.start)
		s.control()
		s.close()
	case "return", "throw", "break", "continue", "debugger":
		s.open(UnitExpr, s.start)
		s.jump()
		s.close()
	default:
		return false
	}
	return true
}

// expressionStatement reads an expression and its semicolon.
func (s *scanner) expressionStatement() {
	s.open(UnitExpr, s.start)
	if !s.assignedThunk() {
		s.expression(false, true)
	}
	s.endStatement()
	s.close()
}

// endStatement takes the semicolon of a statement if it has one. What no statement may hold ends the reading.
func (s *scanner) endStatement() {
	switch s.tok {
	case ';':
		s.next()
	case ')', ']', ',', ':':
		s.fail()
	}
}

// labelled reads a label and the statement after it.
func (s *scanner) labelled() {
	s.open(UnitExpr, s.start)
	s.next()
	s.next()
	s.nested()
	s.close()
}

// nested reads a statement that is part of another.
func (s *scanner) nested() {
	s.nesting++
	if s.nesting > maxNesting {
		s.fail()
	}
	if s.tok != tokEOF && s.tok != '}' {
		s.statement()
	}
	s.nesting--
}

// block reads a block that is part of a statement: what it assigns counts for the unit, what it declares with let,
// const, class or function is seen only inside it.
func (s *scanner) block() {
	if s.tok != '{' {
		s.fail()
		return
	}
	scope := s.enter()
	s.nesting++
	if s.nesting > maxNesting {
		s.fail()
	}
	s.next()
	s.statements()
	if s.tok == '}' {
		s.next()
	}
	s.nesting--
	s.leave(scope)
}

// enter begins a scope inside a unit; leave forgets what was noted about the names declared since.
func (s *scanner) enter() [2]int { return [2]int{len(s.scoped), len(s.index.Defs)} }

func (s *scanner) leave(scope [2]int) {
	if len(s.scoped) > scope[0] {
		own := map[string]bool{}
		for _, name := range s.scoped[scope[0]:] {
			own[name] = true
		}
		kept := slices.DeleteFunc(s.index.Defs[scope[1]:], func(d Def) bool {
			return d.How != Declares && d.How != Bare && own[d.Name]
		})
		s.index.Defs = s.index.Defs[:scope[1]+len(kept)]
	}
	s.scoped = s.scoped[:scope[0]]
}

// parens passes over a group in parentheses.
func (s *scanner) parens() {
	if s.tok != '(' {
		s.fail()
		return
	}
	s.skipGroup()
	s.next()
}

// head reads the parenthesised head of a control statement.
func (s *scanner) head() {
	if s.tok != '(' {
		s.fail()
		return
	}
	s.next()
	for s.tok != ')' && s.tok != tokEOF {
		s.expression(false, false)
		if s.tok == ';' {
			s.next()
		} else if s.tok != ')' {
			s.fail()
		}
	}
	s.next()
}

// control reads a control statement. The current token is its keyword.
func (s *scanner) control() {
	keyword := s.word()
	s.next()
	switch keyword {
	case "if":
		s.ifStatement()
	case "while", "with":
		s.head()
		s.nested()
	case "for":
		s.forStatement()
	case "do":
		s.nested()
		if !s.is("while") {
			s.fail()
			return
		}
		s.next()
		s.head()
		if s.tok == ';' {
			s.next()
		}
	case "switch":
		s.head()
		s.switchBody()
	case "try":
		s.tryStatement()
	}
}

// ifStatement reads what follows an if. Chains of else-if are read in a loop, since they may be long.
func (s *scanner) ifStatement() {
	for {
		s.head()
		s.nested()
		if !s.is("else") {
			return
		}
		s.next()
		if !s.is("if") {
			s.nested()
			return
		}
		s.next()
	}
}

func (s *scanner) switchBody() {
	if s.tok != '{' {
		s.fail()
		return
	}
	scope := s.enter()
	s.nesting++
	s.next()
	for s.tok != '}' && s.tok != tokEOF && !s.returned {
		switch {
		case s.is("case"):
			s.next()
			s.expression(false, false)
		case s.is("default"):
			s.next()
		default:
			s.statement()
			continue
		}
		if s.tok != ':' {
			s.fail()
		}
		s.next()
	}
	s.next()
	s.nesting--
	s.leave(scope)
}

func (s *scanner) tryStatement() {
	s.block()
	if s.is("catch") {
		s.next()
		scope := s.enter()
		if s.tok == '(' {
			s.next()
			s.binding(true, Declares)
			s.next()
		}
		s.block()
		s.leave(scope)
	}
	if s.is("finally") {
		s.next()
		s.block()
	}
}

// jump reads return, throw, break, continue or debugger.
func (s *scanner) jump() {
	if s.thunk >= 0 && s.is("return") {
		s.returned = true
	}
	s.next()
	if s.tok != ';' && s.tok != '}' && !s.newline {
		s.expression(false, false)
	}
	s.endStatement()
}
