package view

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/internal/tokens"
	"github.com/bundlens/bundlens/schema/render"
)

// asking is a Document whose prompt is a line for each of many conditions, made of questions of every kind and test.
func asking(random *rand.Rand) *schema.Document {
	d := tern("1.0.0")
	for _, kind := range []string{schema.KindEnv, schema.KindFlag, schema.KindSetting, schema.KindArgument, schema.KindPlatform, schema.KindModel, schema.KindTool, schema.KindOther} {
		for _, test := range []string{schema.TestHolds, schema.TestEquals, schema.TestUndefined, schema.TestNullish, schema.TestOn, schema.TestOff, schema.TestOther} {
			q := schema.Question{Kind: kind, Subject: "x." + kind, Test: test, Expr: kind + " " + test, Decided: random.IntN(2) == 0}
			switch {
			case kind == schema.KindPlatform:
				q.Subject = "process.platform"
			case kind == schema.KindTool:
				q.Subject = []string{"Look", "Leap", "Gone"}[random.IntN(3)]
			}
			if test == schema.TestEquals {
				q.Values = []json.RawMessage{json.RawMessage(`"one"`), json.RawMessage(`1`), json.RawMessage(`null`)}
			}
			for _, answer := range []**bool{&q.Answers.Interactive, &q.Answers.Print} {
				if n := random.IntN(3); n < 2 {
					yes := n == 1
					*answer = &yes
				}
			}
			if random.IntN(6) == 0 {
				means := formula(random, len(d.Questions), 2)
				q.Means = &means
			}
			d.Questions = append(d.Questions, q)
		}
	}
	whole := &d.Prompts[0].Text
	for i := range 150 {
		when := formula(random, len(d.Questions), 3)
		whole.Parts = append(whole.Parts, schema.Part{Choice: []schema.Branch{
			{When: when, Parts: piece(random, i, "yes")}, {When: formula(random, len(d.Questions), 1), Parts: piece(random, i, "other")}}})
	}
	look := &d.Tools[1]
	for i := range 4 {
		look.DescriptionVariants = append(look.DescriptionVariants, schema.DescriptionVariant{When: formula(random, len(d.Questions), i), Description: schema.Literal(strings.Repeat("other words ", i+1))})
		look.SchemaVariants = append(look.SchemaVariants, schema.SchemaVariant{When: formula(random, len(d.Questions), i), InputSchema: json.RawMessage(`{"type":"object","title":"` + strings.Repeat("another ", i+2) + `"}`)})
	}
	return d
}

// piece is a part of a prompt, of one of all kinds.
func piece(random *rand.Rand, i int, what string) []schema.Part {
	hole := &schema.Hole{Name: fmt.Sprintf("HOLE_%d", i)}
	switch random.IntN(6) {
	case 0:
		return nil
	case 1:
		return []schema.Part{{Hole: hole}}
	case 2:
		hole.Default, hole.Value = "by default", &schema.Subject{Kind: schema.KindFlag, Name: "x.flag"}
		return []schema.Part{{Hole: hole}, {Lit: "\n"}}
	case 3:
		return []schema.Part{{Lit: fmt.Sprintf("%d %s", i, what)}}
	case 4:
		return []schema.Part{{Each: &schema.Each{Name: "LIST", Over: "list", Parts: []schema.Part{{Lit: what}}}}, {Lit: "\n"}}
	}
	return []schema.Part{{Lit: fmt.Sprintf("%d %s\n", i, what)}}
}

// formula is a condition over the first n questions.
func formula(random *rand.Rand, n, depth int) schema.Cond {
	if depth == 0 || random.IntN(4) == 0 {
		return schema.Asks(random.IntN(n))
	}
	if random.IntN(4) == 0 {
		return schema.Negated(formula(random, n, depth-1))
	}
	list := []schema.Cond{}
	for range random.IntN(4) {
		list = append(list, formula(random, n, depth-1))
	}
	if random.IntN(2) == 0 {
		return schema.Cond{All: list}
	}
	return schema.Cond{Any: list}
}

// TestWorlds has the page and package render give the same prompt and tools in many worlds.
func TestWorlds(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	d := asking(random)
	v := openFile(t, pageBytes(t, d), "#/prompt")
	values := []string{"one", "1", "0", "", "true", "no", "undefined", "null", "On"}
	for range 40 {
		world := schema.World{Set: map[string]string{}, Answers: map[int]bool{}}
		query := url.Values{}
		if random.IntN(2) == 0 {
			world.Mode = schema.ModePrint
			query.Add("w", "mode~print")
		}
		for _, key := range []string{"env.x.env", "flag.x.flag", "setting.x.setting", "argument.x.argument", "platform", "model", "tool.Look", "tool.Leap", "tool.Gone", "other.x.other"} {
			if random.IntN(3) == 0 {
				world.Set[key] = values[random.IntN(len(values))]
				query.Add("w", key+"~"+world.Set[key])
			}
		}
		if id := 2 + random.IntN(len(d.Questions)-2); random.IntN(2) == 0 {
			world.Answers[id] = true
			query.Add("w", fmt.Sprintf("q.%d~true", id))
		}
		v.run(chromedp.Evaluate(fmt.Sprintf("location.hash = '#/prompt?' + %q", query.Encode()), nil))
		v.until(fmt.Sprintf("new URLSearchParams(location.hash.split('?')[1]).toString() === new URLSearchParams(%q).toString()", query.Encode()))
		r := render.New(d, world)
		main, _ := r.Main()
		want := main.Text
		definitions := 0
		for _, t := range r.Tools() {
			definitions += tokens.OfDefinition(t.Name, t.Description, t.InputSchema)
		}
		v.until(`new Promise((r) => setTimeout(() => r(true), 30))`)
		if got := v.get(`[...document.querySelectorAll('.sent > span')].map((e) => e.textContent).join('')`); strings.Trim(got, "\n") != want {
			t.Fatalf("%s: the page sends\n%s\npackage render\n%s", query.Encode(), got, want)
		}
		for figure, want := range map[string]int{"tools": len(r.Tools()), "tool-tokens": definitions} {
			if got := v.get(fmt.Sprintf(`document.querySelector('[data-figure=%q]').firstChild.textContent`, figure)); got != fmt.Sprint(want) {
				t.Errorf("%s: the page has %s as %s, want %d", query.Encode(), got, figure, want)
			}
		}
	}
}
