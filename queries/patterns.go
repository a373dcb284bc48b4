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
	anchored bool // a dot stands before what comes next
	typed    bool // the node's type was read
	// loose says that the bracket holds a part that may be any of many nodes: one with neither a field's name nor a dot
	// before it. adjoins says that this is the part that was read last, and not something inside it, or that only dots
	// stand between.
	loose, adjoins bool
	self           bool // the bracket itself is such a part of the one around it
}

// siblings says whether the parts of a bracket stand one after the other in the tree, rather than for one another.
func (b *bracket) siblings() bool { return !b.choice && !b.test }

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

// begin looks at a part that begins at an offset: whether it may be any of many nodes, and whether the matcher would
// have to try it with each of those that a part before it may be. That takes the square of their number, and the cube
// where they stand for one another; a string has as many pieces as it has escapes. A user's query may do so: its matches are bounded.
func (p *patterns) begin(at int) (loose bool, err error) {
	top := &p.open[len(p.open)-1]
	defer func() { top.named, top.anchored = false, false }()
	if len(p.open) == 1 || !top.siblings() {
		return len(p.open) == 1 || top.self, nil // a pattern may begin at any node, and one of several may where all may
	}
	if !p.free && top.loose && !(top.adjoins && top.anchored) {
		return false, p.errorAt(at, "what stands before may be any of many nodes, each of which would be tried with this: put a '.' or a field before it")
	}
	return !top.named && !top.anchored && !(top.group && top.required+top.optional == 0 && !top.self), nil
}

// end notes that a part was read, and whether it, or something inside it, may be any of many nodes.
func (p *patterns) end(loose, inside bool) {
	top := &p.open[len(p.open)-1]
	if len(p.open) > 1 && !top.test {
		top.loose, top.adjoins = top.loose || loose || inside, (loose || top.adjoins) && !inside
	}
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
		return p.leaf(top.test, p.quoted)
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
		return p.bare(c)
	}
	return nil
}

// bare reads what stands without brackets or quotes: a node's type, a field, a dot, or _ for any node.
func (p *patterns) bare(c byte) error {
	top := &p.open[len(p.open)-1]
	word := p.word(p.at)
	skip := func() error { p.at += max(1, len(word)); return nil }
	isType := word != "" && !top.typed && !top.group && !top.choice && len(p.open) > 1
	switch {
	case word == "_" && !isType:
		p.wide = p.wide || p.outermost()
		return p.leaf(top.test, skip)
	case word == "string_fragment" && isType && !p.free && top.self && slices.ContainsFunc(p.open, func(b bracket) bool { return b.typed }):
		return p.errorAt(p.at, "a string has as many pieces as it has escapes: put a '.' before (string_fragment)")
	case word == ".":
		top.anchored = true
	case c == ':':
		top.named = true
	case word == "_":
		top.add(requiredPart)
	case word != "" && !(top.group || top.choice):
		top.last = noPart // a node's type, or a field
	}
	top.typed = top.typed || isType
	return skip()
}

// leaf reads a part without parts of its own.
func (p *patterns) leaf(isArgument bool, read func() error) error {
	loose := false
	if !isArgument {
		var err error
		if loose, err = p.begin(p.at); err != nil {
			return err
		}
	}
	p.open[len(p.open)-1].add(requiredPart)
	p.end(loose, false)
	return read()
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
	if !b.test && !b.choice && !b.group && p.outermost() {
		space := len(p.text[p.at:]) - len(strings.TrimLeft(p.text[p.at:], " \t\r\n"))
		p.wide = p.wide || slices.Contains(wideNodes, p.word(p.at+space))
	}
	if !b.test {
		var err error
		if b.self, err = p.begin(p.at - 1); err != nil {
			return err
		}
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
	if (closed.group || closed.choice) && closed.required+closed.optional == 0 {
		return p.errorAt(p.at-1, "a group without a node") // the compiler breaks down where it is repeated
	}
	p.open = p.open[:len(p.open)-1]
	top := &p.open[len(p.open)-1]
	if closed.group && closed.required+closed.optional > 1 && p.outermost() {
		p.wide = true // siblings
	}
	if !closed.test {
		p.end(closed.self && !closed.group, closed.loose)
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
