package diff

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode"

	"github.com/bundlens/bundlens/schema"
)

func TestSchemas(t *testing.T) {
	object := func(members string) string { return `{"type":"object",` + members + `}` }
	prop := func(s string) string { return object(`"properties":{"a":` + s + `}`) }
	for _, c := range []struct {
		a, b string
		want string // path kind, with ! where it breaks
	}{
		{prop(`{}`), prop(`{}`), ""},
		{`{"b":1,"a":2}`, `{"a":2,"b":1}`, ""},
		{object(`"properties":{}`), prop(`{"type":"string"}`), "a property-added"},
		{object(`"properties":{}`), object(`"properties":{"a":{}},"required":["a"]`), "a required-property-added!"},
		{prop(`{}`), object(`"properties":{}`), "a property-removed!"},
		{prop(`{}`), object(`"properties":{"a":{}},"required":["a"]`), "a property-required!"},
		{object(`"properties":{"a":{}},"required":["a"]`), prop(`{}`), "a property-optional"},
		{prop(`{"type":"string"}`), prop(`{"type":"number"}`), "a type-changed!"},
		{prop(`{"type":"integer"}`), prop(`{"type":"number"}`), "a type-changed"},
		{prop(`{"type":"number"}`), prop(`{"type":"integer"}`), "a type-changed!"},
		{prop(`{"type":"string"}`), prop(`{"type":["string","null"]}`), "a type-changed"},
		{prop(`{}`), prop(`{"type":"string"}`), "a type-changed!"},
		{prop(`{"enum":["x","y"]}`), prop(`{"enum":["x"]}`), "a enum-narrowed!"},
		{prop(`{"enum":["x"]}`), prop(`{"enum":["x","y"]}`), "a enum-widened"},
		{prop(`{"const":"x"}`), prop(`{"enum":["x"]}`), ""},
		{prop(`{"minimum":1}`), prop(`{"minimum":2}`), "a limit-changed!"},
		{prop(`{"minimum":2}`), prop(`{"minimum":1}`), "a limit-changed"},
		{prop(`{"maximum":2}`), prop(`{"maximum":1}`), "a limit-changed!"},
		{prop(`{}`), prop(`{"maxLength":5}`), "a limit-changed!"},
		{prop(`{"pattern":"x"}`), prop(`{}`), "a pattern-changed"},
		{prop(`{"description":"x"}`), prop(`{"description":"y"}`), "a description-changed"},
		{prop(`{"default":1}`), prop(`{"default":2}`), "a default-changed"},
		{prop(`{"items":{"type":"string"}}`), prop(`{"items":{"type":"number"}}`), "a[] type-changed!"},
		{prop(`{"anyOf":[{"type":"string"},{"type":"number"}]}`), prop(`{"anyOf":[{"type":"number"}]}`), "a anyOf-branch-removed!"},
		{prop(`{"anyOf":[{"type":"number"}]}`), prop(`{"anyOf":[{"type":"string"},{"type":"number"}]}`), "a anyOf-branch-added"},
		{object(`"additionalProperties":false`), object(`"title":"x"`), " object-opened, title-changed"},
		{object(`"title":"x"`), object(`"title":"x","additionalProperties":false`), " object-closed!"},
		{object(`"additionalProperties":{}`), object(`"a":1`), " keyword-changed!"},
		{object(`"$defs":{"d":{"type":"string"}},"properties":{"a":{"$ref":"#/$defs/d"}}`),
			object(`"$defs":{"d":{"type":"number"}},"properties":{"a":{"$ref":"#/$defs/d"}}`), "a type-changed!"},
		{object(`"properties":{"a":{"$ref":"#"}}`), object(`"properties":{"a":{"$ref":"#"}},"minProperties":1`), " limit-changed!"},
		{`{}`, `false`, " schema-changed!"},
		{`null`, `{}`, " schema-known"},
		{`{}`, ``, " schema-unknown"},
	} {
		var got []string
		for _, x := range compareSchemas("", []byte(c.a), []byte(c.b), false) {
			s := x.Path + " " + x.Kind
			if x.Breaking {
				s += "!"
			}
			got = append(got, s)
		}
		if g := strings.Join(got, ", "); strings.ReplaceAll(g, ",  ", ", ") != c.want {
			t.Errorf("%s\n%s\ngot  %q\nwant %q", c.a, c.b, g, c.want)
		}
	}
	if c := compareSchemas("output", []byte(prop(`{"enum":["x"]}`)), []byte(prop(`{"enum":["x","y"]}`)), true); !c[0].Breaking {
		t.Error("a reader of an output is not told of a new value")
	}
}

const sentence = "Looks at one place after the other until it has found what was asked for, and then says where it was. "

func textPart(s string) *schema.Text {
	t := schema.Literal(s)
	return &t
}

func doc(tools ...schema.Tool) *schema.Document {
	return &schema.Document{SchemaVersion: schema.Version, Health: schema.Health{Complete: true}, Tools: tools}
}

// asked makes questions of conditions that have a text only: of a word one for a variable, of all else an expression.
func asked(d *schema.Document) {
	ids := map[string]int{}
	for c := range d.Conditions() {
		if c.Text == "" || c.Q != nil || c.Not != nil || len(c.All)+len(c.Any) > 0 {
			continue
		}
		id, ok := ids[c.Text]
		if !ok {
			id = len(d.Questions)
			ids[c.Text] = id
			q := schema.Question{Kind: schema.KindOther, Test: schema.TestOther, Expr: c.Text, Answers: schema.Same(false)}
			if strings.IndexFunc(c.Text, func(r rune) bool { return !unicode.IsLetter(r) && r != '_' }) < 0 {
				q = schema.Question{Kind: schema.KindEnv, Subject: c.Text, Test: schema.TestHolds, Answers: schema.Same(false), Decided: true}
			}
			d.Questions = append(d.Questions, q)
		}
		c.Q = &id
	}
}

func compare(t *testing.T, a, b *schema.Document) *Result {
	t.Helper()
	asked(a)
	asked(b)
	r, err := Compare(a, b, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// summary is what changed in a section, in short.
func summary(r *Result, kind string) string {
	var out []string
	for _, s := range r.Sections {
		for _, x := range s.Records {
			if s.Kind == kind {
				out = append(out, strings.TrimPrefix(x.OldName+">"+x.Name, ">")+" "+x.Change)
			}
		}
	}
	return strings.Join(out, ", ")
}

func TestRenamed(t *testing.T) {
	input := json.RawMessage(`{"type":"object","properties":{"place":{"type":"string"},"deep":{"type":"boolean"}}}`)
	other := json.RawMessage(`{"type":"object","properties":{"far":{"type":"number"}}}`)
	look := schema.Tool{Name: "Look", InputSchema: input, Description: textPart("Look: " + sentence)}
	for _, c := range []struct {
		name string
		b    schema.Tool
		want string
	}{
		{"by schema and text", schema.Tool{Name: "Seek", InputSchema: input, Description: textPart("Seek: " + sentence)}, "Look>Seek renamed"},
		{"by alias", schema.Tool{Name: "Seek", Aliases: []string{"Look"}, InputSchema: other}, "Look>Seek renamed"},
		{"another tool", schema.Tool{Name: "Leap", InputSchema: other, Description: textPart("Leaps over what lies in the way of whoever runs")}, "Leap added, Look removed"},
		{"the same schema, another text", schema.Tool{Name: "Leap", InputSchema: input, Description: textPart("Leaps over what lies in the way of whoever runs")}, "Leap added, Look removed"},
		{"the same", look, ""},
	} {
		r := compare(t, doc(look), doc(c.b))
		if got := summary(r, "tools"); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
		if r.Differs != (c.want != "") {
			t.Errorf("%s: differs is %v", c.name, r.Differs)
		}
	}
}

// TestOtherBuild compares documents that differ in what a minifier chooses.
func TestOtherBuild(t *testing.T) {
	build := func(name string, at int) *schema.Document {
		text := schema.Text{Text: "Look in ${" + strings.ToUpper(name) + "}", Parts: []schema.Part{{Lit: "Look in "}, {Hole: &schema.Hole{Name: strings.ToUpper(name), Expr: name}},
			{Choice: []schema.Branch{{When: schema.Cond{Text: name + `.deep && !` + name + `("` + "x" + `")`}, Parts: []schema.Part{{Lit: "deep"}}}}}}}
		d := doc(schema.Tool{Name: "Look", EnabledWhen: &schema.Cond{Text: name + "() > 1"}, Description: &text, Origin: schema.Origin{Symbol: name, Start: at}},
			schema.Tool{Name: "Twice", Summary: textPart("one")}, schema.Tool{Name: "Twice", Summary: textPart("two")})
		d.Prompts = []schema.Prompt{{ID: "p", Text: text, Guards: []schema.Cond{{Text: name + ".a"}}, Origin: schema.Origin{Symbol: name}}}
		d.Environment = []schema.Variable{{Name: "A_B", Origins: []schema.Origin{{Start: at}}}}
		return d
	}
	if r := compare(t, build("q7", 1), build("$b", 99)); r.Differs {
		var b bytes.Buffer
		r.WriteText(&b, nil, Full)
		t.Error(b.String())
	}
}

func TestTexts(t *testing.T) {
	const moved = "This is a whole line that stands somewhere else now.\n"
	a, b := doc(), doc()
	prompt := func(id, text string) schema.Prompt { return schema.Prompt{ID: id, Text: schema.Literal(text)} }
	a.Prompts = []schema.Prompt{prompt("one", "# One\n"+moved+"The quick brown fox jumps.\nLast line of it.\n"), prompt("two", "# Two\nOnly the second.\n")}
	b.Prompts = []schema.Prompt{prompt("one", "# One\nThe quick red fox jumps.\nLast line of it.\n"), prompt("two", "# Two\nOnly the second.\n"+moved)}
	r := compare(t, a, b)
	var out bytes.Buffer
	r.WriteText(&out, nil, Full)
	for _, want := range []string{"[<to prompt two: " + strings.TrimSpace(moved) + ">]", "The quick [-brown-]{+red+} fox jumps.",
		"{>from prompt one: " + strings.TrimSpace(moved) + "<}", " 1: ", "prompts 2 changed"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, &out)
		}
	}
	out.Reset()
	r.WriteMarkdown(&out, Full)
	if !strings.Contains(out.String(), "## Prompts\n\n### one: -12 tokens\n\n- `1: ") {
		t.Error(out.String())
	}
}

// TestVariants has a tool with several forms. Those under one condition are paired by what they say, and a change that
// all have is said once.
func TestVariants(t *testing.T) {
	tool := func(word string, whens ...string) schema.Tool {
		text := func(end string) *schema.Text {
			return textPart("Looks at " + word + " things.\n" + sentence + "\n" + end)
		}
		tool := schema.Tool{Name: "Look", Description: text("The default."), InputSchema: json.RawMessage(`{}`)}
		for _, w := range whens {
			when, end, _ := strings.Cut(w, "=")
			tool.DescriptionVariants = append(tool.DescriptionVariants, schema.DescriptionVariant{When: schema.Cond{Text: when}, Description: *text(strings.Repeat(end+" ", 30))})
		}
		return tool
	}
	changes := func(a, b schema.Tool) string {
		var out []string
		for _, r := range compare(t, doc(a), doc(b)).Sections[0].Records {
			for _, f := range r.Fields {
				out = append(out, f.Field+": "+f.From+" -> "+f.To)
			}
			for _, x := range r.Texts {
				out = append(out, fmt.Sprintf("%s: %d hunks", x.Field, len(x.Hunks)))
			}
		}
		return strings.Join(out, "; ")
	}
	for _, c := range []struct {
		name string
		a, b schema.Tool
		want string
	}{
		{"in another order", tool("all", "farther=one", "farther=two"), tool("all", "farther=two", "farther=one"), ""},
		{"the same change in all", tool("all", "farther=one", "farther=two", "deeper=three"), tool("many", "deeper=three", "farther=two", "farther=one"), "description: 1 hunks"},
		{"one more", tool("all", "farther=one"), tool("all", "farther=one", "deeper=one more"), "description variant:  -> when process.env.deeper"},
		{"one less", tool("all", "farther=one", "farther=two"), tool("all", "farther=two"), "description variant: when process.env.farther -> "},
		{"under another condition", tool("all", "farther=one"), tool("all", "deeper=one"), "description variant: when process.env.farther -> when process.env.deeper"},
		{"changed by itself", tool("all", "farther=one"), tool("all", "farther=two"), "description when process.env.farther: 1 hunks"},
	} {
		if got := changes(c.a, c.b); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// TestOwnVersion has texts and values that hold the program's own version.
func TestOwnVersion(t *testing.T) {
	side := func(version, text, fallback string) *schema.Document {
		d := doc(schema.Tool{Name: "Look", Description: textPart(text)})
		d.Source.Version = version
		d.Environment = []schema.Variable{{Name: "V", Defaults: []json.RawMessage{json.RawMessage(fallback)}}}
		return d
	}
	if r := compare(t, side("1.2.3", "This is 1.2.3.", `"1.2.3"`), side("1.2.4", "This is 1.2.4.", `"1.2.4"`)); r.Differs {
		t.Errorf("a version of its own differs: %+v", r.Sections)
	}
	r := compare(t, side("1.2.3", "Needs 1.2.3 of it.", `"1.2.3"`), side("1.2.4", "Needs 1.2.5 of it.", `"1.2.9"`))
	if summary(r, "tools") == "" || summary(r, "environment") == "" {
		t.Errorf("another version is not seen: %+v", r.Sections)
	}
}

// TestGuards has guards of which some are not told: those are not taken for gone.
func TestGuards(t *testing.T) {
	const more = "more"
	guarded := func(list string) (p schema.Prompt) {
		p.ID = "p"
		for g := range strings.SplitSeq(list, "|") {
			if g == more {
				p.GuardsLeftOut = true
			} else {
				p.Guards = append(p.Guards, schema.Cond{Text: g})
			}
		}
		return p
	}
	for _, c := range []struct{ a, b, want string }{
		{"A|B", "B|A", ""},
		{"A|B", "B|C", "process.env.A -> process.env.C"},
		{"A|B", "B|" + more, ""},
		{more, "A", ""},
		{"A", "A|B|" + more, " -> process.env.B"},
	} {
		a, b := doc(), doc()
		a.Prompts = []schema.Prompt{guarded(c.a)}
		b.Prompts = []schema.Prompt{guarded(c.b)}
		got := ""
		for _, r := range compare(t, a, b).Sections[1].Records {
			got = r.Fields[0].From + " -> " + r.Fields[0].To
		}
		if got != c.want {
			t.Errorf("%s, %s: got %q, want %q", c.a, c.b, got, c.want)
		}
	}
}

// TestEditsRebuild makes both texts of the edits again, for texts that share little and much.
func TestEditsRebuild(t *testing.T) {
	for i, c := range [][2]string{
		{"", "x"}, {"x\ny", "y\nx"}, {"a b c d e", "a c b d e f"}, {strings.Repeat(sentence, 9), strings.Repeat(sentence, 8) + "Änderung ⟦if x⟧ ${HOLE}"},
		{"one line that is long enough to have moved\nx\n", "x\none line that is long enough to have moved\n"},
	} {
		from, to := schema.Literal(c[0]), schema.Literal(c[1])
		p := newTextPair("t", "text", &from, &to, ownVersions{}, wordings{})
		m := newMoves()
		m.note(p)
		var old, now string
		for _, e := range p.edits(m) {
			if e.Op != Insert && e.Op != MovedIn {
				old += e.Text
			}
			if e.Op != Delete && e.Op != MovedTo {
				now += e.Text
			}
		}
		if old != c[0] || now != c[1] {
			t.Errorf("%d: got %q and %q", i, old, now)
		}
	}
}

func TestOtherSections(t *testing.T) {
	yes, no := true, false
	a, b := doc(schema.Tool{Name: "Look", Enabled: &yes, InputSchema: json.RawMessage(`{}`)}), doc(schema.Tool{Name: "Look", Enabled: &no, InputSchema: json.RawMessage(`{}`)})
	a.Environment = []schema.Variable{{Name: "OLD"}}
	b.Environment = []schema.Variable{{Name: "NEW"}}
	a.Flags = []schema.Flag{{Key: "f", Fallback: json.RawMessage(`false`)}}
	b.Flags = []schema.Flag{{Key: "f", Fallback: json.RawMessage(`true`)}}
	a.Agents = []schema.Agent{{Name: "x", Model: "small"}}
	b.Agents = []schema.Agent{{Name: "x", Model: "large"}}
	a.Commands = []schema.Command{{Name: "go"}}
	a.Environment = append(a.Environment, schema.Variable{Name: "KEPT", Defaults: []json.RawMessage{json.RawMessage(`1`)}})
	b.Environment = append(b.Environment, schema.Variable{Name: "KEPT", Defaults: []json.RawMessage{json.RawMessage(`2`)}})
	says := func(s string) *schema.Text { text := schema.Literal(s); return &text }
	a.Capabilities = []schema.Capability{{Name: "deny", Kind: "decision", Detail: says("Not here")}, {Name: "mode", Kind: "permission-mode", Values: []string{"ask"}},
		{Name: "deny", Kind: "decision", Detail: says("Not now")}}
	b.Capabilities = []schema.Capability{{Name: "deny", Kind: "decision", Detail: says("Never")}, {Name: "deny", Kind: "decision", Detail: says("Not now")},
		{Name: "mode", Kind: "permission-mode", Values: []string{"ask", "plan"}}}
	r := compare(t, a, b)
	got := fmt.Sprint(summary(r, "tools"), "; ", summary(r, "environment"), "; ", summary(r, "flags"), "; ", summary(r, "agents"), "; ", summary(r, "commands"), "; ", summary(r, "capabilities"))
	if want := "Look changed; KEPT changed, NEW added, OLD removed; f changed; x changed; go removed; decision deny removed, decision deny added, permission-mode mode changed"; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if r.Breaking != 1 {
		t.Errorf("%d breaking changes, want the tool that is off now", r.Breaking)
	}
	b.SchemaVersion++
	if _, err := Compare(a, b, Options{}); err == nil || !strings.Contains(err.Error(), "schemaVersion") {
		t.Error(err)
	}
}

func TestHoleName(t *testing.T) {
	for _, c := range []struct{ name, expr, want string }{
		{"Q", "Q", "${...}"}, {"A7", "[object][a7]", "${...}"}, {"HERE", "process.cwd()", "${HERE}"}, {"NAME", "q.name", "${NAME}"}, {"PR", "....pr", "${PR}"},
	} {
		if got := holeName(&schema.Hole{Name: c.name, Expr: c.expr}); got != c.want {
			t.Errorf("%s: got %s, want %s", c.expr, got, c.want)
		}
	}
}

func TestCondition(t *testing.T) {
	for in, want := range map[string]string{
		`a1() && b2.deep || a1("q7")`:                                       `v1() && v2.deep || v1("q7")`,
		`process.env.X === "1"`:                                             `process.env.X === "1"`,
		`flag("k", false) && new Map()`:                                     `flag("k", false) && new Map()`,
		`process.env.A && process.env.B_OF_SOME_LENGTH && (q.x || zz.y...)`: `process.env.A...`,
		`... === "x" && ....model`:                                          `... === "x" && ....model`,
		`x.y === Symbol(@@parsed#12)`:                                       `v1.y === Symbol(@@parsed)`,
	} {
		if got := condition(in); got != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
	}
}

// many is a document with texts of which none is like those of another of these, but for one.
func many(name string, count int) *schema.Document {
	d := doc()
	for i := range count {
		var text strings.Builder
		for j := range 60 {
			fmt.Fprintf(&text, "%s%d-%d ", name, i, j)
		}
		d.Prompts = append(d.Prompts, schema.Prompt{ID: fmt.Sprint(name, i), Text: schema.Literal(text.String())})
	}
	d.Prompts = append(d.Prompts, schema.Prompt{ID: name + "-same", Text: schema.Literal(sentence + sentence)})
	return d
}

// BenchmarkManyRecords has thousands of texts on both sides, of which few are alike.
func BenchmarkManyRecords(b *testing.B) {
	from, to := many("old", 3000), many("new", 3000)
	for b.Loop() {
		if _, err := Compare(from, to, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

// TestManyRecords makes sure that texts are not held against each other one by one: only those are that have words in
// common.
func TestManyRecords(t *testing.T) {
	from, to := many("old", 300), many("new", 300)
	scored := 0
	like := byText(func(x *schema.Prompt) string { return wording(&x.Text) })
	score := like.score
	like.score = func(x, y *schema.Prompt) float64 {
		scored++
		return score(x, y)
	}
	key := func(x *schema.Prompt) string { return x.ID }
	match(from.Prompts, to.Prompts, key, nil, &like)
	if scored != 1 {
		t.Errorf("%d pairs were looked at", scored)
	}
	r := compare(t, from, to)
	if got := summary(r, "prompts"); !strings.Contains(got, "old-same>new-same renamed") || !strings.Contains(got, "new7 added") {
		t.Error("the one that is alike was not found")
	}
}
