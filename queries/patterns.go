package queries

import (
	"slices"
	"strings"
)

// maxNesting bounds the brackets inside one another, which the compiler recurses over.
const maxNesting = 100

// bracket is one that is open in a pattern, or the file as a whole.
type bracket struct {
	choice   bool // [...]
	test     bool // a predicate
	group    bool // (...) around patterns, not a node
	required int  // parts that can't be empty
	optional int  // parts that can
	last     part // the part that was read last
	named    bool // a field's name stands before what comes next
}

// part says what a quantifier would apply to.
type part uint8

const (
	noPart part = iota
	requiredPart
	optionalPart
)

// empty says that what the bracket holds may match nothing.
func (b *bracket) empty() bool {
	return b.choice && b.optional > 0 || b.group && b.required == 0
}

func (b *bracket) add(p part) {
	b.last, b.named = p, false
	if p == requiredPart {
		b.required++
	} else {
		b.optional++
	}
}

// patterns reads the patterns' text. It notes the captures and predicates with their places, which the compiled
// query doesn't tell, and refuses what the compiler or the matcher would never come to an end with.
type patterns struct {
	*source
	at   int
	open []bracket
}

func (s *source) readPatterns(at int) error {
	p := patterns{source: s, at: at, open: []bracket{{}}}
	for p.at < len(s.text) {
		if err := p.step(); err != nil {
			return err
		}
	}
	return nil
}

func (p *patterns) step() error {
	top := &p.open[len(p.open)-1]
	switch c := p.text[p.at]; c {
	case ';':
		p.at += strings.IndexByte(p.text[p.at:]+"\n", '\n')
	case '"':
		top.add(requiredPart)
		return p.quoted()
	case '(', '[':
		return p.opener(c)
	case ')', ']':
		p.at++
		return p.closer()
	case '@', '#':
		m := mention{p.word(p.at + 1), p.at}
		p.at += 1 + len(m.name)
		if c == '@' {
			p.captures = append(p.captures, m)
		} else {
			p.predicates = append(p.predicates, m)
		}
	case '?', '*', '+':
		return p.quantifier(c)
	case 0:
		return p.errorAt(p.at, "a zero byte")
	default:
		word := p.word(p.at)
		if c == ':' || word != "" {
			top.named = c == ':'
		}
		if word == "_" {
			p.wide = p.wide || p.outermost()
			top.add(requiredPart)
		} else if word != "" && !(top.group || top.choice) {
			top.last = noPart // a node's type, or a field
		}
		p.at += max(1, len(word))
	}
	return nil
}

// word returns the name that begins at an offset. A question mark or star that stands after a node is no part of one.
func (p *patterns) word(at int) string {
	rest := p.text[at:]
	if end := strings.IndexFunc(rest, notCapture); end >= 0 {
		rest = rest[:end]
	}
	if at == p.at { // not after @ or #
		rest = strings.TrimRight(rest, "?!")
	}
	return rest
}

func (p *patterns) quoted() error {
	end := p.at + 1
	for end < len(p.text) && p.text[end] != '"' {
		if p.text[end] == '\\' {
			end++
		}
		end++
	}
	if end >= len(p.text) {
		return p.errorAt(p.at, "a string has no end")
	}
	p.at = end + 1
	return nil
}

func (p *patterns) opener(c byte) error {
	if len(p.open) > maxNesting {
		return p.errorAt(p.at, "more than %d brackets inside one another", maxNesting)
	}
	p.at++
	b := bracket{choice: c == '['}
	if rest := strings.TrimLeft(p.text[p.at:], " \t\r\n"); c == '(' && rest != "" {
		b.test = rest[0] == '#'
		b.group = rest[0] == '(' || rest[0] == '[' || rest[0] == '"' || rest[0] == ';'
	}
	top := &p.open[len(p.open)-1]
	if b.test && top.named {
		return p.errorAt(p.at-1, "a field is followed by a predicate") // on which the compiler breaks down
	}
	top.named = false
	if !b.test && !b.choice && !b.group && p.outermost() {
		space := len(p.text[p.at:]) - len(strings.TrimLeft(p.text[p.at:], " \t\r\n"))
		p.wide = p.wide || slices.Contains(wideNodes, p.word(p.at+space))
	}
	p.open = append(p.open, b)
	return nil
}

// wideNodes are the types of nodes that may hold more than one statement or declarator of a module.
var wideNodes = []string{"program", "variable_declaration", "lexical_declaration", "export_statement", "statement", "declaration", "_", "ERROR", "MISSING"}

// outermost says that what begins now is the outermost node of a pattern: no node is open around it.
func (p *patterns) outermost() bool {
	return !slices.ContainsFunc(p.open[1:], func(b bracket) bool { return !b.choice && !b.group })
}

func (p *patterns) closer() error {
	closed := p.open[len(p.open)-1]
	if len(p.open) == 1 {
		return p.errorAt(p.at-1, "a bracket closes that was not opened")
	}
	p.open = p.open[:len(p.open)-1]
	top := &p.open[len(p.open)-1]
	if closed.group && closed.required+closed.optional > 1 && p.outermost() {
		p.wide = true // siblings
	}
	if closed.test {
		top.last = noPart
	} else if closed.empty() {
		top.add(optionalPart)
	} else {
		top.add(requiredPart)
	}
	return nil
}

// quantifier refuses to repeat what may match nothing: the matcher would repeat it for ever.
func (p *patterns) quantifier(c byte) error {
	top := &p.open[len(p.open)-1]
	if top.last == optionalPart && c != '?' {
		return p.errorAt(p.at, "%c repeats what may match nothing", c)
	}
	if top.last == requiredPart && c != '+' {
		top.required--
		top.add(optionalPart)
	}
	p.at++
	return nil
}
