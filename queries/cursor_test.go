package queries

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	sitter "github.com/smacker/go-tree-sitter"
	"github.com/smacker/go-tree-sitter/javascript"
)

func parse(tb testing.TB, src string) *sitter.Tree {
	tb.Helper()
	parser := sitter.NewParser()
	defer parser.Close()
	parser.SetLanguage(javascript.GetLanguage())
	tree, err := parser.ParseCtx(context.Background(), nil, []byte(src))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(tree.Close)
	return tree
}

// TestRunEnds ends between two matches when its context does, and says where more matches are open than it keeps.
func TestRunEnds(t *testing.T) {
	q, err := Load("test.scm", header+"(array . (array)* . (number) @a)")
	if err != nil {
		t.Fatal(err)
	}
	src := "[" + strings.Repeat("1,", 100) + "]"
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if all, err := q.Run(ctx, parse(t, src).RootNode(), []byte(src), func(Match) {}); all || !errors.Is(err, context.Canceled) {
		t.Errorf("all: %v, error %v", all, err)
	}
	if q, err = Load("test.scm", header+"(array (array) @a . (number))"); err != nil {
		t.Fatal(err)
	}
	src = strings.Repeat("[", 2*maxOpenMatches) + strings.Repeat("]", 2*maxOpenMatches)
	if all, err := q.Run(t.Context(), parse(t, src).RootNode(), []byte(src), func(Match) {}); all || err != nil {
		t.Errorf("all: %v, error %v", all, err)
	}
}

// BenchmarkEscapes runs all queries over strings with many escapes, in the places that they look at: each pattern must
// take a time in proportion.
func BenchmarkEscapes(b *testing.B) {
	list, err := Embedded()
	if err != nil {
		b.Fatal(err)
	}
	for _, n := range []int{250, 500, 1000, 2000} {
		text := `"--permission` + strings.Repeat(`\n .`, n) + `"`
		src := []byte(fmt.Sprintf(`f(%s, %[1]s); x = [%[1]s, {type: %[1]s, %[1]s: 1, content: %[1]s}, process.env[%[1]s]]`, text))
		root := parse(b, string(src)).RootNode()
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.SetBytes(int64(len(src)))
			for b.Loop() {
				for _, q := range list {
					if _, err := q.Run(b.Context(), root, src, func(Match) {}); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}
