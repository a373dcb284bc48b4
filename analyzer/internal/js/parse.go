package js

// #include <stdlib.h>
// #include "flatten.h"
import "C"

import (
	"context"
	"errors"
	"fmt"
	"unsafe"

	sitter "github.com/smacker/go-tree-sitter"
)

// Parser parses pieces of modules. It is for one goroutine; Close frees it.
type Parser struct {
	sitter *sitter.Parser
	// visit, in ParseMatching, sees each tree and says whether it is wanted.
	visit func(root *sitter.Node, piece []byte) (bool, error)
}

// maxPiece is how much is parsed at once, in bytes: the parser takes some thirty times that in memory.
const maxPiece = 24 << 20

// ErrTooLarge says that a piece is longer than what is parsed at once.
var ErrTooLarge = errors.New("longer than what is parsed at once")

// NewParser returns a parser for JavaScript.
func NewParser() *Parser {
	p := sitter.NewParser()
	p.SetLanguage(javascriptGrammar.language)
	return &Parser{sitter: p}
}

// Close frees the parser's memory.
func (p *Parser) Close() { p.sitter.Close() }

// Parse parses src[start:end] with prefix put before it, so that a piece that is no statement by itself becomes
// one ("var " before a declarator). Offsets of the tree's nodes are offsets in src.
func (p *Parser) Parse(ctx context.Context, src []byte, start, end uint32, prefix string) (*Tree, error) {
	if start > end || int(end) > len(src) {
		return nil, fmt.Errorf("parse bytes %d to %d of %d: out of range", start, end, len(src))
	}
	if end-start > maxPiece {
		return nil, fmt.Errorf("parse bytes %d to %d: %w", start, end, ErrTooLarge)
	}
	piece := src[start:end:end]
	if repaired := Repair(piece, false); repaired != nil {
		piece = repaired
	}
	tree, err := p.parse(ctx, src, start, piece, prefix)
	if err != nil || !tree.HasError {
		return tree, err
	}
	if repaired := Repair(src[start:end:end], true); repaired != nil {
		again, err := p.parse(ctx, src, start, repaired, prefix)
		if err != nil || !again.HasError {
			return again, err
		}
	}
	return tree, nil
}

func (p *Parser) parse(ctx context.Context, src []byte, start uint32, piece []byte, prefix string) (*Tree, error) {
	if prefix != "" {
		piece = append([]byte(prefix), piece...)
	}
	parsed, err := p.parsed(ctx, piece)
	if err != nil {
		return nil, fmt.Errorf("parse bytes from %d: %w", start, err)
	}
	defer parsed.Close()
	t := &Tree{Src: src}
	if p.visit != nil {
		wanted, err := p.visit(parsed.RootNode(), piece)
		if err != nil {
			return nil, fmt.Errorf("search bytes from %d: %w", start, err)
		}
		if !wanted {
			t.HasError = parsed.RootNode().HasError()
			return t, nil
		}
	}
	if err := t.flatten(parsed.RootNode(), int64(start)-int64(len(prefix))); err != nil {
		return nil, fmt.Errorf("parse bytes from %d: %w", start, err)
	}
	return t, nil
}

// parsed parses a piece until it or the context is done. The binding looks at its context beside the parse, and where that
// is done just then, it may end the next parse in its place: so it gets a context of its own, which is only done in the
// middle of a parse, and a parser that was ended is not used again.
func (p *Parser) parsed(ctx context.Context, piece []byte) (*sitter.Tree, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	own, end := context.WithCancel(context.Background())
	stop := context.AfterFunc(ctx, end)
	tree, err := p.sitter.ParseCtx(own, nil, piece)
	if stop() {
		return tree, err // own is never done
	}
	p.sitter = NewParser().sitter
	if err != nil {
		err = ctx.Err()
	}
	return tree, err
}

// flatten copies the tree below root into t.nodes; base is added to every offset, and what lies before the
// module's first byte is taken as empty.
func (t *Tree) flatten(root *sitter.Node, base int64) error {
	g := javascriptGrammar
	var flat C.bundlens_tree
	defer func() { C.free(unsafe.Pointer(flat.nodes)) }()
	// The node is a C structure inside a Go one that holds Go pointers: C gets a copy of its 32 bytes.
	node := *(*[4]uint64)(unsafe.Pointer(root))
	if C.bundlens_flatten(unsafe.Pointer(&node), (*C.uint8_t)(&g.keep[0]), C.uint32_t(len(g.keep)), &flat) != 0 {
		return errors.New("out of memory")
	}
	t.nodes = make([]record, int(flat.len))
	for i, n := range unsafe.Slice(flat.nodes, int(flat.len)) {
		kind := Error
		if int(n.symbol) < len(g.kinds) {
			kind = g.kinds[n.symbol]
		}
		t.nodes[i] = record{
			start: shift(uint32(n.start), base), end: shift(uint32(n.end), base),
			parent: uint32(n.parent), next: uint32(n.next),
			kind: kind, field: g.fields[n.field],
		}
		t.HasError = t.HasError || n.flags != 0
	}
	return nil
}

func shift(offset uint32, base int64) uint32 { return uint32(max(0, int64(offset)+base)) }

// text reads bytes that don't change as a string without a copy.
func text(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
