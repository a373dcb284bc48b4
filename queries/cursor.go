package queries

// #include <stdbool.h>
// #include <stdint.h>
//
// // Parts of tree-sitter's C interface that the Go binding links in and has no call for; see js/flatten.c.
// __attribute__((weak)) extern void ts_query_cursor_set_match_limit(void *, uint32_t);
// __attribute__((weak)) extern bool ts_query_cursor_did_exceed_match_limit(const void *);
//
// static void bundlens_limit(void *cursor, uint32_t limit) { ts_query_cursor_set_match_limit(cursor, limit); }
// static bool bundlens_exceeded(void *cursor) { return ts_query_cursor_did_exceed_match_limit(cursor); }
import "C"

import (
	"context"
	"unsafe"

	sitter "github.com/smacker/go-tree-sitter"
)

// maxOpenMatches bounds the matches that are open at the same time. The matcher compares those that began at one place
// with one another at every node, so that their number decides what a node costs.
const maxOpenMatches = 512

// maxOpenOfUser is the same for a query of a user's, whose patterns may try many nodes with one another.
const maxOpenOfUser = 1 << 14

// Run calls visit for every match below root, whose tree was made from src. A match stands once per pattern and set of
// nodes. It says whether it saw all: false where more matches were open at the same time than are kept. It ends with
// the context's error between two matches.
func (q *Query) Run(ctx context.Context, root *sitter.Node, src []byte, visit func(Match)) (all bool, err error) {
	cursor := sitter.NewQueryCursor()
	defer cursor.Close()
	c := *(*unsafe.Pointer)(unsafe.Pointer(cursor)) // the binding's first field
	C.bundlens_limit(c, C.uint32_t(q.maxOpen))
	cursor.Exec(q.query, root)
	for {
		found, ok := cursor.NextMatch()
		if !ok {
			return !bool(C.bundlens_exceeded(c)), nil
		}
		if err := ctx.Err(); err != nil {
			return false, err
		}
		pattern := int(found.PatternIndex)
		if !q.holds(pattern, found.Captures, src) {
			continue
		}
		m := Match{Pattern: pattern, Captures: make([]Capture, len(found.Captures))}
		for i, c := range found.Captures {
			m.Captures[i] = Capture{q.captures[c.Index], c.Node.StartByte(), c.Node.EndByte(), c.Node.Symbol()}
		}
		visit(m)
	}
}
