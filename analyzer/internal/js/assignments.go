package js

import "bytes"

// Assignment is a place where a name, or a member of what it holds or gives, is assigned: name = ..., name.key = ... or
// name().key = ....
type Assignment struct {
	At     uint32 // where the assignment begins
	Key    string // of the member; "" where the name itself is assigned
	Called bool   // the member is one of what the name gives when it is called
	Plain  bool   // what is assigned is a name, a member or a literal, perhaps negated, as in setters
}

// Assignments finds where the names for which declared answers yes are assigned by themselves, and members of what any
// name gives, by name and in the order of the text. It reads no more than the text around each sign: a place may be within a string, and a name one that a
// function declares for itself. Initialisers and assignments with an operator are left out.
func Assignments(src []byte, declared func(name []byte) bool) map[string][]Assignment {
	found := map[string][]Assignment{}
	for at := 0; ; {
		i := bytes.IndexByte(src[at:], '=')
		if i < 0 {
			return found
		}
		sign := at + i
		at = sign + 1
		if at < len(src) && (src[at] == '=' || src[at] == '>') {
			at++
			continue
		}
		end := beforeSpace(src, sign)
		start := nameStart(src, end)
		if start == end {
			continue
		}
		name, a := src[start:end], Assignment{Plain: isPlain(src, at)}
		if start > 1 && src[start-1] == '.' {
			var base []byte
			a.Key = string(name)
			base, a.Called = bytes.CutSuffix(src[:start-1], []byte("()"))
			start = nameStart(base, len(base))
			name = base[start:]
		}
		if len(name) == 0 || isMemberOrDeclared(src, start) || !a.Called && !declared(name) {
			continue
		}
		a.At = uint32(start)
		found[string(name)] = append(found[string(name)], a)
	}
}

func nameStart(src []byte, end int) int {
	for end > 0 && isNameByte(src[end-1]) {
		end--
	}
	return end
}

func beforeSpace(src []byte, end int) int {
	for end > 0 && isSpaceByte(src[end-1]) {
		end--
	}
	return end
}

func isSpaceByte(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// isMemberOrDeclared tells a name that is a member of something else, or that a declaration begins with.
func isMemberOrDeclared(src []byte, start int) bool {
	if start > 0 && src[start-1] == '.' {
		return true
	}
	end := beforeSpace(src, start)
	if end == start {
		return false
	}
	switch string(src[nameStart(src, end):end]) {
	case "var", "let", "const":
		return true
	}
	return false
}

// isPlain tells whether an expression that starts at an offset is a name, a member or a literal, perhaps negated.
func isPlain(src []byte, at int) bool {
	for at < len(src) && (isSpaceByte(src[at]) || src[at] == '!') {
		at++
	}
	end := at
	for end < len(src) && (isNameByte(src[end]) || src[end] == '.') {
		end++
	}
	switch {
	case at == len(src) || src[at] == '"' || src[at] == '\'':
		return true
	case end == at:
		return false
	case string(src[at:end]) == "void":
		return true
	}
	for end < len(src) && (src[end] == ' ' || src[end] == '\t') {
		end++
	}
	return end == len(src) || bytes.IndexByte([]byte("([{`=+-*"), src[end]) < 0 && !isNameByte(src[end])
}
