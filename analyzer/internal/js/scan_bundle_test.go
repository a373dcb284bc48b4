package js

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// span is the range of a statement, without the semicolon that ends it.
type span struct{ start, end uint32 }

// TestScanBundles compares the units and definitions of real bundles with what the parser finds. Put bundles in a
// directory and name it in BUNDLENS_TEST_BUNDLES.
func TestScanBundles(t *testing.T) {
	dir := os.Getenv("BUNDLENS_TEST_BUNDLES")
	if dir == "" {
		t.Skip("BUNDLENS_TEST_BUNDLES names no directory of bundles to compare with the parser")
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.js"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no *.js in %s: %v", dir, err)
	}
	parser := NewParser()
	defer parser.Close()
	var total, agree, size int
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		units, same := compareWithParser(t, parser, filepath.Base(file), src)
		total, agree, size = total+units, agree+same, size+len(src)
	}
	t.Logf("%d files, %d bytes: %d of %d statements as the parser has them", len(files), size, agree, total)
}

// compareWithParser returns how many statements the parser finds at the levels that the scanner divides into
// units, and how many of them are units.
func compareWithParser(t *testing.T, parser *Parser, name string, src []byte) (total, agree int) {
	t.Helper()
	index := Scan(src)
	if !index.Balanced {
		t.Errorf("%s: not balanced", name)
		return 0, 0
	}
	tree, err := parser.Parse(context.Background(), src, 0, uint32(len(src)), "")
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return 0, 0
	}
	compareDefinitions(t, name, src, index, tree)
	blocks := map[uint32]Node{}
	for i := range tree.Len() {
		if n := tree.At(i); n.Kind() == StatementBlock {
			blocks[n.Start()] = n
		}
	}
	level := func(thunk int32) (spans []span) {
		for _, u := range index.Units {
			if u.Thunk == thunk {
				spans = append(spans, trim(src, u.Start, u.End))
			}
		}
		return spans
	}
	check := func(where string, parent Node, got []span) {
		want := parsedSpans(src, parent)
		total += len(want)
		missing := 0
		for _, w := range want {
			at, found := slices.BinarySearchFunc(got, w, compareSpans)
			if !found && at > 0 && got[at-1].start == w.start && isComment(src[got[at-1].end:w.end]) {
				found = true // the parser takes a comment after a declaration for part of it
			}
			if found {
				agree++
			} else if missing++; missing <= 3 {
				t.Errorf("%s%s: the parser's statement at %d to %d is no unit: %.80q", name, where, w.start, w.end, src[w.start:w.end])
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s%s: %d units, %d statements parsed", name, where, len(got), len(want))
		}
	}
	root := tree.Root()
	if index.Wrapper[1] > 0 {
		root = blocks[index.Wrapper[0]-1]
	}
	check("", root, level(-1))
	for i, thunk := range index.Thunks {
		if thunk.Kind == ThunkESM {
			check(" in "+thunk.Name, blocks[thunk.BodyStart-1], level(int32(i)))
		}
	}
	return total, agree
}

func isComment(text []byte) bool {
	text = bytes.TrimSpace(text)
	return bytes.HasPrefix(text, []byte("//")) || bytes.HasPrefix(text, []byte("/*"))
}

func compareSpans(a, b span) int {
	if a.start != b.start {
		return int(a.start) - int(b.start)
	}
	return int(a.end) - int(b.end)
}

// parsedSpans returns the ranges of a parsed body's statements, cut as the scanner cuts them.
func parsedSpans(src []byte, body Node) (spans []span) {
	for n := body.FirstChild(); n.Valid(); n = n.Next() {
		statement := n
		if n.Kind() == ExportStatement {
			for d := n.FirstChild(); d.Valid(); d = d.Next() {
				switch d.Kind() {
				case VariableDeclaration, LexicalDeclaration, FunctionDeclaration, GeneratorFunctionDeclaration, ClassDeclaration:
					statement = d
				}
			}
		}
		switch statement.Kind() {
		case EmptyStatement, Comment:
		case VariableDeclaration, LexicalDeclaration:
			for d := statement.FirstChild(); d.Valid(); d = d.Next() {
				if d.Kind() == VariableDeclarator {
					spans = append(spans, trim(src, d.Start(), d.End()))
				}
			}
		default:
			spans = append(spans, trim(src, statement.Start(), statement.End()))
		}
	}
	return spans
}

// trim takes off a statement's semicolon and the white space before it.
func trim(src []byte, start, end uint32) span {
	for end > start {
		switch src[end-1] {
		case ';', ' ', '\n', '\r', '\t':
			end--
			continue
		}
		break
	}
	return span{start, end}
}
