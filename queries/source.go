package queries

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	sitter "github.com/smacker/go-tree-sitter"
)

// source is a query's text and what is read from it before it is compiled.
type source struct {
	file, text string
	free       bool // a user's: without the rules for the header

	fact       string
	anchors    []string
	weak       map[string]string
	declared   []Declared
	declaredAt []int // offset of each declaration
	captures   []mention
	predicates []mention // in order, which is also the order over all patterns
	wide       bool      // see Query.Wide
}

// mention is a name in a query's patterns and where it stands.
type mention struct {
	name string
	at   int
}

func (s *source) errorAt(at int, format string, args ...any) error {
	line := 1 + strings.Count(s.text[:at], "\n")
	column := at - strings.LastIndexByte(s.text[:at], '\n')
	return &Error{File: s.file, Line: line, Column: column, Message: fmt.Sprintf(format, args...)}
}

// maxText bounds a query's length.
const maxText = 1 << 20

// read checks all that can be checked without compiling.
func (s *source) read() error {
	switch {
	case len(s.text) > maxText:
		return s.errorAt(0, "longer than %d bytes", maxText)
	case !utf8.ValidString(s.text):
		return s.errorAt(0, "not UTF-8")
	}
	body, err := s.readHeader()
	if err != nil {
		return err
	}
	if err := s.readPatterns(body); err != nil {
		return err
	}
	for _, c := range s.captures {
		if strings.HasPrefix(c.name, "_") || s.free {
			continue
		}
		if !slices.ContainsFunc(s.declared, func(d Declared) bool { return d.Name == c.name }) {
			return s.errorAt(c.at, "capture @%s is not declared in the header", c.name)
		}
	}
	for i, d := range s.declared {
		if !slices.ContainsFunc(s.captures, func(c mention) bool { return c.name == d.Name }) {
			return s.errorAt(s.declaredAt[i], "capture @%s is declared but not used", d.Name)
		}
	}
	return nil
}

// readHeader reads the comments before the first pattern, and returns where they end.
func (s *source) readHeader() (int, error) {
	at := 0
	for at < len(s.text) {
		line, _, _ := strings.Cut(s.text[at:], "\n")
		comment, isComment := strings.CutPrefix(strings.TrimSpace(line), ";")
		if !isComment && strings.TrimSpace(line) != "" {
			break
		}
		key, value, found := strings.Cut(strings.TrimSpace(strings.TrimLeft(comment, ";")), ":")
		if found {
			if err := s.readDeclaration(at, key, strings.TrimSpace(value)); err != nil {
				return 0, err
			}
		}
		at = min(at+len(line)+1, len(s.text))
	}
	if s.free {
		return at, nil
	}
	if s.fact == "" {
		return 0, s.errorAt(0, "the header has no line '; fact: NAME'")
	}
	if len(s.anchors) == 0 {
		return 0, s.errorAt(0, "the header has no line '; anchors: ...'")
	}
	return at, nil
}

// readDeclaration reads one line of the header. Other comments are left to people.
func (s *source) readDeclaration(at int, key, value string) error {
	switch {
	case key == "fact":
		if s.fact != "" {
			return s.errorAt(at, "a second fact")
		}
		if value == "" || strings.Trim(value, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return s.errorAt(at, "%q is no name of a fact: lower case, digits and hyphens", value)
		}
		s.fact = value
	case key == "anchors":
		return s.readAnchors(at, value)
	case key == "weak":
		return s.readWeak(at, value)
	case strings.HasPrefix(key, "@"):
		name := key[1:]
		switch {
		case value == "":
			return s.errorAt(at, "capture @%s is declared without a meaning", name)
		case name == "" || strings.IndexFunc(name, notCapture) >= 0:
			return s.errorAt(at, "@%s is no name of a capture", name)
		case slices.ContainsFunc(s.declared, func(d Declared) bool { return d.Name == name }):
			return s.errorAt(at, "capture @%s is declared twice", name)
		}
		s.declared = append(s.declared, Declared{name, value})
		s.declaredAt = append(s.declaredAt, at)
	}
	return nil
}

func (s *source) readAnchors(at int, list string) error {
	if list == "" {
		return s.errorAt(at, "an empty list of anchors")
	}
	for list != "" {
		var anchor string
		if quoted, err := strconv.QuotedPrefix(list); err == nil {
			anchor, _ = strconv.Unquote(quoted)
			list = list[len(quoted):]
		} else {
			anchor, _, _ = strings.Cut(list, " ")
			list = list[len(anchor):]
		}
		list = strings.TrimLeft(list, " ")
		if !validAnchor(anchor) {
			return s.errorAt(at, "anchor %q has less than %d or more than %d bytes", anchor, minAnchor, maxAnchor)
		}
		if slices.Contains(s.anchors, anchor) {
			return s.errorAt(at, "anchor %q stands twice", anchor)
		}
		s.anchors = append(s.anchors, anchor)
	}
	return nil
}

// readWeak reads an anchor and the text that has to stand beside it.
func (s *source) readWeak(at int, value string) error {
	anchor, beside, found := strings.Cut(value, " ")
	if beside = strings.TrimSpace(beside); !found || beside == "" {
		return s.errorAt(at, "a weak anchor is followed by what stands beside it")
	}
	if !slices.Contains(s.anchors, anchor) {
		return s.errorAt(at, "weak anchor %q is not among the anchors before", anchor)
	}
	if s.weak == nil {
		s.weak = map[string]string{}
	}
	s.weak[anchor] = beside
	return nil
}

// notCapture says that a character can't be part of the name of a capture or predicate.
func notCapture(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_-.?!", r))
}

// compileError puts the compiler's error in our form. The positions that it writes into its messages are wrong
// after the first line; its offset is right.
func (s *source) compileError(err error) error {
	var fault *sitter.QueryError
	if !errors.As(err, &fault) {
		at := 0
		for _, p := range s.predicates { // only predicates fail without a place
			if strings.Contains(err.Error(), "#"+p.name+"`") {
				at = p.at
				break
			}
		}
		return s.errorAt(at, "%s", err)
	}
	at := min(int(fault.Offset), len(s.text))
	word := s.text[at:]
	if end := strings.IndexFunc(word, notCapture); end >= 0 {
		word = word[:end]
	}
	switch fault.Type {
	case sitter.QueryErrorNodeType:
		return s.errorAt(at, "the grammar has no node type %q", word)
	case sitter.QueryErrorField:
		return s.errorAt(at, "the grammar has no field %q", word)
	case sitter.QueryErrorCapture:
		return s.errorAt(at, "no capture @%s stands before", word)
	case sitter.QueryErrorStructure:
		return s.errorAt(at, "a pattern that no tree of the grammar can match")
	}
	return s.errorAt(at, "syntax error")
}
