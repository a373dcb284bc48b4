package queries

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	sitter "github.com/smacker/go-tree-sitter"
	"github.com/smacker/go-tree-sitter/javascript"
)

const header = "; fact: test\n; anchors: anchor\n; @a: something\n"

// run returns the matches of a query in a program, each as its pattern and its captures' names and texts.
func run(t *testing.T, q *Query, src string) (found []string) {
	t.Helper()
	parser := sitter.NewParser()
	defer parser.Close()
	parser.SetLanguage(javascript.GetLanguage())
	tree, err := parser.ParseCtx(context.Background(), nil, []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	all, err := q.Run(t.Context(), tree.RootNode(), []byte(src), func(m Match) {
		line := fmt.Sprint(m.Pattern)
		for _, c := range m.Captures {
			line += fmt.Sprintf(" @%s=%s", c.Name, src[c.Start:c.End])
		}
		found = append(found, line)
	})
	if err != nil || !all {
		t.Errorf("all: %v, error %v", all, err)
	}
	return found
}

func TestEmbedded(t *testing.T) {
	list, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range list {
		if q.Name != q.Fact {
			t.Errorf("%s.scm serves the fact %s: a file is named after its fact", q.Name, q.Fact)
		}
	}
	if !slices.ContainsFunc(list, func(q *Query) bool { return q.Fact == "tools" }) {
		t.Error("there is no query for tools")
	}
}

func TestRun(t *testing.T) {
	const object = "((object (pair key: (property_identifier) @a)) "
	for _, c := range []struct {
		name, patterns, src string
		want                []string
	}{
		{"no predicate", "(identifier) @a", "x;y", []string{"0 @a=x", "0 @a=y"}},
		{"eq", `((identifier) @a (#eq? @a "x"))`, "x;y", []string{"0 @a=x"}},
		{"not-eq", `((identifier) @a (#not-eq? @a "x"))`, "x;y", []string{"0 @a=y"}},
		{"eq of captures", `((binary_expression left: (_) @a right: (_) @_b) (#eq? @a @_b))`, "x+x;x+y", []string{"0 @a=x @_b=x"}},
		{"not-eq of captures", `((binary_expression left: (_) @a right: (_) @_b) (#not-eq? @a @_b))`, "x+x;x+y", []string{"0 @a=x @_b=y"}},
		{"match", `((identifier) @a (#match? @a "^x+$"))`, "x;xx;xy", []string{"0 @a=x", "0 @a=xx"}},
		{"not-match", `((identifier) @a (#not-match? @a "^x+$"))`, "x;xx;xy", []string{"0 @a=xy"}},
		{"any-of", `((identifier) @a (#any-of? @a "x" "z"))`, "x;y;z", []string{"0 @a=x", "0 @a=z"}},
		{"not-any-of", `((identifier) @a (#not-any-of? @a "x" "z"))`, "x;y;z", []string{"0 @a=y"}},
		{"two predicates", object + `(#match? @a "x") (#not-eq? @a "x"))`, "y={x:1,xy:2}", []string{"0 @a=xy"}},
		{"several nodes under one capture", `(program . (expression_statement)+ @a)`, "x;y;z;", []string{"0 @a=x; @a=y; @a=z;"}},
		{"all of several nodes", `((program . (expression_statement)+ @a) (#match? @a "x"))`, "x;xx;", []string{"0 @a=x; @a=xx;"}},
		{"not all of several nodes", `((program . (expression_statement)+ @a) (#match? @a "x"))`, "x;y;", nil},
		{"no node at all", `((return_statement (identifier)? @a) (#eq? @a "x"))`, "return;return x;return y", []string{"0", "0 @a=x"}},
		{"repeated group", "(program . ((comment)* . (expression_statement) @a)+)", "/**/x;/**//**/y;", []string{"0 @a=x; @a=y;"}},
		{"repeated node with options", "(array (object (pair)*)+ @a)", "[{}]", []string{"0 @a={}"}},
		{"one of many, then the next", "(array (number) @_n . (string) @a)", "[1,'x',2,'y']", []string{"0 @_n=1 @a='x'", "0 @_n=2 @a='y'"}},
		{"a string of one piece", "(string . (string_fragment) @a .)", `["x","x\ny","\nx",""]`, []string{"0 @a=x"}},
		{"the first piece of a string", "(string . (string_fragment) @a)", `["x","y\nz","\nx"]`, []string{"0 @a=x", "0 @a=y"}},
		{"a piece as a root", "((string_fragment) @a (#eq? @a \"x\"))", `["x","x\ny"]`, []string{"0 @a=x", "0 @a=x"}},
		{"patterns by number", "(identifier) @a (number) @a", "x;1", []string{"0 @a=x", "1 @a=1"}},
		{"predicate of the second pattern", `(number) @a ((identifier) @a (#eq? @a "x"))`, "x;1;y", []string{"1 @a=x", "0 @a=1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			q, err := Load("test.scm", header+c.patterns)
			if err != nil {
				t.Fatal(err)
			}
			if got := run(t, q, c.src); !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestLoadErrors(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "1:1: the header has no line '; fact: NAME'"},
		{"no fact", "; anchors: anchor\n(identifier)", "1:1: the header has no line '; fact"},
		{"no anchors", "; fact: test\n(identifier)", "1:1: the header has no line '; anchors"},
		{"empty anchors", "; fact: test\n; anchors:\n(identifier)", "2:1: an empty list"},
		{"short anchor", "; fact: test\n; anchors: abc\n(identifier)", `2:1: anchor "abc" has less than 4`},
		{"same anchor", "; fact: test\n; anchors: abcd\n; anchors: abcd\n(identifier)", `3:1: anchor "abcd" stands twice`},
		{"bad fact", "; fact: A b\n", `1:1: "A b" is no name`},
		{"second fact", "; fact: a\n; fact: b\n", "2:1: a second fact"},
		{"header after patterns", "(identifier)\n; fact: test\n; anchors: anchor\n", "1:1: the header has no line '; fact"},
		{"no pattern", "; fact: test\n; anchors: anchor\n", "3:1: there is no pattern"},
		{"undeclared capture", header + "(identifier) @a\n  (number) @b", "5:12: capture @b is not declared"},
		{"unused capture", header + "(identifier)", "3:1: capture @a is declared but not used"},
		{"capture in a comment", header + "(identifier) ; @a", "3:1: capture @a is declared but not used"},
		{"capture in a string", header + `((identifier) @_x (#eq? @_x "@a"))`, "3:1: capture @a is declared but not used"},
		{"twice declared", header + "; @a: again\n(identifier) @a", "4:1: capture @a is declared twice"},
		{"no meaning", "; fact: test\n; anchors: anchor\n; @a:\n(identifier) @a", "3:1: capture @a is declared without a meaning"},
		{"node type", header + "(identifier) @a\n (identifer)", `5:3: the grammar has no node type "identifer"`},
		{"field", header + "(pair\n  keys: (_) @a)", `5:3: the grammar has no field "keys"`},
		{"impossible", header + "(pair\n (program) @a)", "5:2: a pattern that no tree"},
		{"bracket", header + "(identifier @a", "4:1"},
		{"string", header + "(identifier) @a \"x", "4:17: a string has no end"},
		{"unknown predicate", header + "((identifier) @a\n (#bogus? @a \"x\"))", "5:3: unknown predicate #bogus?"},
		{"set", header + "((identifier) @a\n (#set! k \"x\"))", "5:3: unknown predicate #set!"},
		{"any-eq", header + "((identifier) @a\n (#any-eq? @a \"x\"))", "5:3: unknown predicate #any-eq?"},
		{"regexp", header + "((identifier) @a\n (#match? @a \"(\"))", "5:3: #match?: error parsing regexp"},
		{"second regexp", header + "((identifier) @a (#eq? @a \"x\"))\n((number) @a (#not-match? @a \"[\"))", "5:15: #not-match?: error parsing"},
		{"eq arguments", header + "((identifier) @a\n (#eq? @a))", "5:3: "},
		{"any-of arguments", header + "((identifier) @a\n (#any-of? @a))", "5:3: #any-of? has 1 arguments"},
		{"any-of capture", header + "((pair (_) @a . (_) @_b)\n (#any-of? @a \"x\" @_b))", "5:3: argument 3 of #any-of? must be a string"},
		{"any-of string", header + "((identifier) @a\n (#any-of? \"x\" \"y\"))", "5:3: the first argument of #any-of? must be a capture"},
		{"capture of another pattern", header + "(number) @_n ((identifier) @a\n (#eq? @_n \"x\"))", "5:3: #eq? is about @_n, which its pattern doesn't capture"},
		{"capture of none", header + "((identifier) @a (#eq? @_n \"x\"))", "no capture @_n stands before"},
		{"nested", header + strings.Repeat("(_ ", 200) + "@a" + strings.Repeat(")", 200), "more than 100 brackets"},
		{"predicate of a field", header + "((pair key: (#eq? @a \"x\")) @a)", "4:13: a field is followed by a predicate"},
		{"group of nothing but a predicate", header + "((#eq? @a \"x\"))? (identifier) @a", "4:15: a group without a node"},
		{"predicate of a field, behind a comment", header + "((pair key: ; x\n (#eq? @a \"x\")) @a)", "5:2: a field is followed by a predicate"},
		{"repeated option", header + "((identifier)?+ @a)", "4:15: + repeats what may match nothing"},
		{"repeated option in a group", header + "((identifier)?)+ @a", "4:16: + repeats"},
		{"repeated options", header + "((identifier)? . (number)*)* @a", "4:28: * repeats"},
		{"repeated option in a choice", header + "[(identifier) (number)?]+ @a", "4:25: + repeats"},
		{"repeated group of that", header + "([(identifier)? (number)])+ @a", "4:27: + repeats"},
		{"pieces of a string", header + "(string (string_fragment) @a)", "4:10: a string has as many pieces"},
		{"pieces of a string with a mark", header + "(pair value: (string (_) . (string_fragment)? (string_fragment) @a))", "4:47: what stands before"},
		{"pieces of a string in a choice", header + "(string [(escape_sequence) (string_fragment)] @a)", "4:29: a string has as many pieces"},
		{"pieces of a string in a group", header + "(string ((string_fragment) @a))", "4:11: a string has as many pieces"},
		{"two of many", header + "(object (pair) @a (pair))", "4:19: what stands before may be any of many"},
		{"two of many in a choice", header + "(object [(pair) (spread_element)] @a (pair))", "4:38: what stands before"},
		{"two roots", header + "((comment) (pair) @a)", "4:12: what stands before"},
		{"two with one between", header + "(object (pair) . (pair) @a . (pair) (pair))", "4:37: what stands before"},
		{"one of many, then its parent's neighbour", header + "(arguments . (array (string) @a) . (object))", "4:36: what stands before"},
		{"one of many, then a field", header + "(pair key: (computed_property_name (string)) value: (_) @a)", "4:53: what stands before"},
		{"one of many, then any", header + "(object (pair) _ @a)", "4:16: what stands before"},
		{"one of many, then a word", header + "(arguments (string) \")\" @a)", "4:21: what stands before"},
		{"closer", header + "(identifier) @a)", "4:16: a bracket closes"},
		{"zero byte", header + "(identifier) @a\x00", "4:16: a zero byte"},
		{"not UTF-8", header + "\xff", "1:1: not UTF-8"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Load("test.scm", c.text)
			if err == nil {
				t.Fatal("no error")
			}
			if want := "test.scm:" + c.want; !strings.HasPrefix(err.Error(), want) && !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %q, want %q", err, want)
			}
		})
	}
}

func TestHeader(t *testing.T) {
	q, err := Load("test.scm", "; What it is: prose.\n\n; fact: some-fact\n;; anchors: one1 \"two words\" a\"b\"\n; anchors: tail\n; @a.b: what: it is\n((identifier) @a.b)")
	if err != nil {
		t.Fatal(err)
	}
	if q.Name != "test" || q.Fact != "some-fact" || !slices.Equal(q.Anchors, []string{"one1", "two words", `a"b"`, "tail"}) ||
		!slices.Equal(q.Captures, []Declared{{"a.b", "what: it is"}}) {
		t.Errorf("%q %q %q %q", q.Name, q.Fact, q.Anchors, q.Captures)
	}
}

func TestNextAnchor(t *testing.T) {
	q, err := Load("test.scm", "; fact: test\n; anchors: inputSchema .tool( input_schema anchorage anchor\n; @a: x\n(identifier) @a")
	if err != nil {
		t.Fatal(err)
	}
	for _, src := range []string{"", "abc", ".tool(", "x.tool (", "inputSchem", "inputSchema", "xxinput_schema.tool(", "inputSchinputSchema", "....tool(", "anchorag anchor",
		strings.Repeat("input", 100) + "anchor" + strings.Repeat("Schema", 50)} {
		for from := range len(src) + 1 {
			want := -1
			for _, a := range q.Anchors {
				if i := strings.Index(src[from:], a); i >= 0 && (want < 0 || from+i < want) {
					want = from + i
				}
			}
			if got := q.NextAnchor([]byte(src), from); got != want {
				t.Errorf("NextAnchor(%q, %d) = %d, want %d", src, from, got, want)
			}
		}
	}
}

func TestTools(t *testing.T) {
	list, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	q := list[slices.IndexFunc(list, func(q *Query) bool { return q.Fact == "tools" })]
	for _, src := range []string{
		"x={name:'a',inputSchema:1}", "x={'input_schema':1}", "x={inputSchema}", "x={inputSchema(){}}", "x={get inputSchema(){}}",
		"class X{inputSchema=1}", "class X{get inputSchema(){}}", "s.registerTool('a',{})", "s.tool('a',()=>1)",
	} {
		if got := run(t, q, src); len(got) != 1 {
			t.Errorf("%s: matches %q, want one", src, got)
		}
		if q.NextAnchor([]byte(src), 0) < 0 {
			t.Errorf("%s holds no anchor", src)
		}
	}
	for _, src := range []string{"x={a:inputSchema}", "x={inputSchemas:1}", "inputSchema=1", "x.inputSchema", "tool(1)", "x.tools(1)", "'{inputSchema:1}'"} {
		if got := run(t, q, src); len(got) != 0 {
			t.Errorf("%s: matches %q, want none", src, got)
		}
	}
}

func FuzzLoad(f *testing.F) {
	names, _ := files.ReadDir(".")
	for _, n := range names {
		text, _ := files.ReadFile(n.Name())
		f.Add(string(text))
	}
	f.Add(header + `((identifier) @a (#match? @a "^x") (#not-any-of? @a "b" "c"))`)
	f.Add(header + "[(pair key: (_) . (_)* @a) \"x\"] (ERROR) (MISSING) _ !key")
	f.Fuzz(func(t *testing.T, text string) {
		q, err := Load("fuzz.scm", text)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "fuzz.scm:") {
				t.Errorf("an error without its place: %v", err)
			}
			return
		}
		defer q.query.Close()
		run(t, q, "x={inputSchema:1,'y':[z]};class A{b=1}")
	})
}

func BenchmarkNextAnchor(b *testing.B) {
	list, err := Embedded()
	if err != nil {
		b.Fatal(err)
	}
	src := []byte(strings.Repeat("var input={schema:a.tools(x),type:\"number\",b};function p(a){return a.inputs}", 10000))
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		if list[0].NextAnchor(src, 0) >= 0 {
			b.Fatal("found")
		}
	}
}
