package js

// lazyModule reads an initialiser that is one call with one function, which is how bundlers put off a module's
// body until it is first used. A body without parameters is read as units of its own. When it turns out to be
// something else, the initialiser is left unread.
func (s *scanner) lazyModule(name string, comma bool) bool {
	if s.thunk >= 0 || s.nesting > 0 || s.tok != tokWord || s.context != afterOperand || s.peekByte() != '(' {
		return false
	}
	before, mark := s.lexer, s.mark()
	if s.lazyCall(name, comma) {
		return true
	}
	s.lexer = before
	s.truncate(mark)
	return false
}

func (s *scanner) lazyCall(name string, comma bool) bool {
	s.next()
	s.next()
	object := s.tok == '{'
	if object {
		s.next()
	}
	kind, ok := s.lazyHead(object)
	if !ok || s.tok != '{' {
		return false
	}
	unit, thunk := s.unit, int32(len(s.index.Thunks))
	s.index.Thunks = append(s.index.Thunks, Thunk{Name: name, Kind: kind, Unit: unit, BodyStart: uint32(s.end)})
	if kind == ThunkESM {
		s.lazyBody(thunk)
	} else {
		s.skipGroup()
	}
	if s.tok != '}' {
		return false
	}
	s.index.Thunks[thunk].BodyEnd = uint32(s.start)
	s.unit = unit
	s.next()
	if object && !s.lazyCloser('}') || !s.lazyCloser(')') {
		return false
	}
	if s.tok != ';' && s.tok != tokEOF && s.tok != '}' && (s.tok != ',' || !comma) && !s.newline {
		return false // the call is only part of the initialiser
	}
	switch s.tok {
	case '.', '(', '[', tokOptionalDot, tokTemplate, tokOperator, tokAssign, '?':
		return false
	}
	s.index.Units[unit].Wraps = thunk
	return true
}

// lazyCloser reads a closer, with the comma that may stand before it.
func (s *scanner) lazyCloser(closer token) bool {
	if s.tok == ',' {
		s.next()
	}
	if s.tok != closer {
		return false
	}
	s.next()
	return true
}

// lazyHead reads a function up to its body. Without parameters it is the body of an ES module.
func (s *scanner) lazyHead(method bool) (ThunkKind, bool) {
	if s.is("async") && s.peekByte() != '(' || !method && s.is("async") {
		s.next()
	}
	arrow := !method
	switch {
	case method:
		if s.tok != tokWord && s.tok != tokString && s.tok != tokNumber {
			return 0, false
		}
		s.next()
	case s.is("function"):
		arrow = false
		s.next()
		if s.tok == tokWord {
			s.next()
		}
	case s.tok == tokWord: // one parameter without parentheses
		s.next()
		return ThunkCommonJS, s.lazyArrow()
	}
	if s.tok != '(' {
		return 0, false
	}
	kind := ThunkCommonJS
	if s.peekByte() == ')' {
		kind = ThunkESM
	}
	s.parens()
	return kind, !arrow || s.lazyArrow()
}

func (s *scanner) lazyArrow() bool {
	if s.tok != tokArrow {
		return false
	}
	s.next()
	return true
}

// lazyBody reads a thunk's body as units, up to its closing brace. The names that it declares are its own.
func (s *scanner) lazyBody(thunk int32) {
	defs := len(s.index.Defs)
	s.next()
	s.thunk = thunk
	s.statements()
	s.thunk = -1
	if s.returned { // a memo, not a module
		s.returned = false
		s.tok = tokEOF
		return
	}
	local := map[string]bool{}
	for _, d := range s.index.Defs[defs:] {
		if d.How == Declares || d.How == Bare {
			local[d.Name] = true
		}
	}
	for i := range s.index.Defs[defs:] {
		d := &s.index.Defs[defs+i]
		d.Local = local[d.Name]
	}
}

// assignedThunk reads a statement that assigns a lazy module's thunk to a name.
func (s *scanner) assignedThunk() bool {
	if s.tok != tokWord || s.thunk >= 0 || s.nesting > 0 {
		return false
	}
	if at, _ := s.peek(); at+1 >= len(s.src) || s.src[at] != '=' || s.src[at+1] == '=' || s.src[at+1] == '>' {
		return false
	}
	before, mark := s.lexer, s.mark()
	name := s.word()
	s.next()
	s.define(name, Assigns)
	s.next()
	if s.lazyModule(name, false) {
		return true
	}
	s.lexer = before
	s.truncate(mark)
	return false
}
