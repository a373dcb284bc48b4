// Package queries holds the tree-sitter queries that say where in a program's source a fact may be found.
//
// A query is a file NAME.scm. The comments before its first pattern are read by machine:
//
//	; fact: tools
//	; anchors: inputSchema .tool( "two words"
//	; @definition.tool: the object that describes a tool
//
// The fact is what the query serves. Anchors are byte strings, separated by spaces and quoted as in Go where they
// hold one: only a statement that contains at least one of them is parsed and queried, so that each pattern must be
// implied by some anchor. Every capture is declared with what it means, except those that begin with an underscore,
// which exist for predicates only. fact stands once; the other lines may be repeated.
//
// A line `; weak: ANCHOR TEXT` says that an anchor that stands in many places counts only where TEXT stands within the
// same braces.
//
// The predicates are #eq?, #not-eq?, #match?, #not-match?, #any-of? and #not-any-of?. One that compares a capture
// holds when it holds for every node captured under that name. Anything else is an error, and so is a regular
// expression that does not compile.
//
// A pattern should constrain at most one sibling. Two children that may stand anywhere among many make the
// matcher try all pairs, which on large objects takes minutes; find one, and let the fact's own code look for the other.
package queries

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"

	sitter "github.com/smacker/go-tree-sitter"
	"github.com/smacker/go-tree-sitter/javascript"
)

//go:embed *.scm
var files embed.FS

// Query is one compiled file. It does not change after it is loaded and may be shared between goroutines.
type Query struct {
	Name     string // of the file, without .scm
	Fact     string
	Anchors  []string
	Captures []Declared

	query      *sitter.Query
	captures   []string      // by capture id
	predicates [][]predicate // by pattern
	anchors    *anchorTable
	weak       map[string]string
	wide       bool
	maxOpen    int // matches at the same time
}

// Declared is a capture and what its declaration says that it means.
type Declared struct{ Name, Meaning string }

// Match is one place where a pattern of a query fits.
type Match struct {
	Pattern  int       // position of the pattern in its file, from 0
	Captures []Capture // in the order of the source; one name may stand more than once
}

// Capture is a node that a match names, as its range in the source that was queried.
type Capture struct {
	Name       string
	Start, End uint32
	Symbol     sitter.Symbol
}

// Error is a fault in a query's text. Line and Column count from 1, Column in bytes.
type Error struct {
	File         string
	Line, Column int
	Message      string
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
}

// Embedded loads all the queries of this package, by name.
func Embedded() ([]*Query, error) {
	names, err := fs.Glob(files, "*.scm")
	if err != nil {
		return nil, err
	}
	list := make([]*Query, 0, len(names))
	for _, name := range names {
		text, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		q, err := Load(name, string(text))
		if err != nil {
			return nil, err
		}
		list = append(list, q)
	}
	return list, nil
}

// Load compiles and checks one query, made of the default vocabulary. name is that of its file, for messages.
func Load(name, text string) (*Query, error) {
	return load(&source{file: name, text: (*Vocabulary)(nil).Expand(text)})
}

// Compile compiles and checks a query of a user's. It needs no header: captures need not be declared, and where no
// anchors are given they are those that the predicates imply, if all patterns imply some.
func Compile(name, text string) (*Query, error) {
	return load(&source{file: name, text: text, free: true})
}

func load(source *source) (*Query, error) {
	name, text := source.file, source.text
	if err := source.read(); err != nil {
		return nil, err
	}
	q := &Query{Name: strings.TrimSuffix(name, ".scm"), Fact: source.fact, Anchors: source.anchors, Captures: source.declared}
	compiled, err := sitter.NewQuery([]byte(text), javascript.GetLanguage())
	if err != nil {
		return nil, source.compileError(err)
	}
	q.query = compiled
	for id := range compiled.CaptureCount() {
		q.captures = append(q.captures, compiled.CaptureNameForId(id))
	}
	if compiled.PatternCount() == 0 {
		return nil, source.errorAt(len(text), "there is no pattern")
	}
	if err := q.compilePredicates(source); err != nil {
		return nil, err
	}
	if len(q.Anchors) == 0 {
		q.Anchors = q.impliedAnchors()
	}
	if len(q.Anchors) > 0 {
		q.anchors = newAnchorTable(q.Anchors)
	}
	q.weak, q.wide, q.maxOpen = source.weak, source.wide, maxOpenMatches
	if source.free {
		q.maxOpen = maxOpenOfUser
	}
	return q, nil
}

// Wide says that a pattern may match more than a statement, or a declarator, of a module by itself: a declaration, the
// whole program, or several nodes side by side.
func (q *Query) Wide() bool { return q.wide }

// NextAnchor returns the offset of the first anchor in src that begins at or after from, or -1. The query has anchors.
func (q *Query) NextAnchor(src []byte, from int) int { return q.anchors.next(src, from) }

// Beside returns the text that has to stand within the same braces as the anchor at an offset of src; "" where the
// anchor counts by itself.
func (q *Query) Beside(src []byte, at int) string {
	beside, found := "", false
	for _, anchor := range q.Anchors {
		if strings.HasPrefix(string(src[at:min(len(src), at+len(anchor))]), anchor) {
			weak := q.weak[anchor]
			if weak == "" {
				return ""
			}
			beside, found = weak, true
		}
	}
	if !found {
		return ""
	}
	return beside
}
