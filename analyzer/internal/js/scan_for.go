package js

import "bytes"

// forStatement reads what follows the keyword of a loop. One that assigns to members of each thing in a list changes what the
// list holds.
func (s *scanner) forStatement() {
	if s.is("await") {
		s.next()
	}
	if s.tok != '(' {
		s.fail()
		return
	}
	scope := s.enter()
	at, _ := s.peek()
	s.next()
	switch {
	case s.tok != tokWord:
	case s.is("var"), s.is("const"), s.is("let") && s.bindingFollows(), s.is("using") && s.usingFollows() && !s.peekWord("of"):
		s.nesting++
		s.declarators(s.src[at] != 'v')
		s.nesting--
	case s.is("await") && s.awaitUsingFollows():
		s.next()
		s.nesting++
		s.declarators(true)
		s.nesting--
	case s.peekWord("of") && !s.is("async"), s.peekWord("in"):
		s.define(s.word(), Assigns)
	}
	each, list := "", ""
	for s.tok != ')' && s.tok != tokEOF {
		before := s.pos
		if s.is("of") {
			each = wordBefore(s.src, s.prevEnd)
			s.next()
			list = s.wholeName()
		} else if s.tok == ';' {
			s.next()
		}
		s.expression(false, false)
		if s.pos == before {
			s.fail()
		}
	}
	s.next()
	body := s.start
	s.nested()
	s.leave(scope)
	if list != "" && setsMember(s.src[body:max(body, s.prevEnd)], each) {
		s.define(list, Touches)
	}
}

// wholeName is the name that is all of what stands before the closing parenthesis; "" where more does.
func (s *scanner) wholeName() string {
	if next := s.peekByte(); s.tok != tokWord || next != ')' {
		return ""
	}
	return s.word()
}

// setsMember tells whether code may assign to a member of what a name holds.
func setsMember(code []byte, name string) bool {
	if name == "" {
		return false
	}
	for at := range Words(code, name) {
		rest := code[at+len(name):]
		if len(rest) == 0 || rest[0] != '.' && rest[0] != '[' {
			continue
		}
		end := nameEnd(rest, 1)
		if rest[0] == '[' {
			end = 1 + bytes.IndexByte(rest[1:], ']') + 1
		}
		after := bytes.TrimLeft(rest[end:min(len(rest), end+8)], " ")
		if len(after) > 1 && after[0] == '=' && after[1] != '=' {
			return true
		}
	}
	return false
}
