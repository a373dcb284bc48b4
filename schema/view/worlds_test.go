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
			{When: when, Parts: []schema.Part{{Lit: fmt.Sprintf("%d yes\n", i)}}}, {When: formula(random, len(d.Questions), 1), Parts: []schema.Part{{Lit: fmt.Sprintf("%d other\n", i)}}}}})
	}
	return d
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

// sent is a text in a world, by package schema.
func sent(parts []schema.Part, answers *schema.Answers) string {
	var b strings.Builder
	for _, p := range parts {
		if p.Hole != nil {
			b.WriteString("${" + p.Hole.Name + "}")
		}
		b.WriteString(p.Lit)
		for i := range p.Choice {
			if holds, _ := answers.Holds(&p.Choice[i].When); holds {
				b.WriteString(sent(p.Choice[i].Parts, answers))
				break
			}
		}
	}
	return b.String()
}

// TestWorlds has the page and package schema decide the same conditions in many worlds.
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
		want := sent(d.Prompts[0].Text.Parts, schema.NewAnswers(d, world))
		v.until(`new Promise((r) => setTimeout(() => r(true), 30))`)
		if got := v.get(`[...document.querySelectorAll('.sent > span')].map((e) => e.textContent).join('')`); got != want {
			t.Fatalf("%s: the page sends\n%s\npackage schema\n%s", query.Encode(), got, want)
		}
	}
}
