package facts

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/schema"
)

// maxProfile bounds a profile with all its conditions, in bytes of JSON.
const maxProfile = 32 << 10

// profile reads a text as the profile of a sandbox, with all that the function around it joins to it; where that grows
// too large, with what the function itself holds.
func (c *capabilities) profile(m analyzer.Match, n js.Node) {
	f := functionAround(n)
	if f.Valid() && c.functions[f] {
		return
	}
	whole := n
	tries := []*schema.Text{c.said(n)}
	if f.Valid() {
		c.functions[f] = true
		whole = f
		tries = []*schema.Text{c.Text(c.writer.result(f)), c.lines(f)}
	}
	for _, text := range tries {
		if text == nil || !isProfile(text) {
			continue
		}
		if size, err := json.Marshal(text); err != nil || len(size) > maxProfile {
			continue
		}
		c.add(m, whole, schema.Capability{Name: "profile", Kind: schema.CapabilitySandbox, Detail: text})
		return
	}
}

// isProfile tells whether a text has rules in it, not only one that speaks of them.
func isProfile(t *schema.Text) bool {
	s := literalsIn(t)
	return strings.Count(s, "(allow ")+strings.Count(s, "(deny ") >= 2
}

// functionAround is the function that an expression is part of.
func functionAround(n js.Node) js.Node {
	for p := n.Parent(); p.Valid(); p = p.Parent() {
		switch p.Kind() {
		case js.ArrowFunction, js.FunctionExpression, js.FunctionDeclaration:
			return p
		}
	}
	return js.Node{}
}

// maxLines bounds how many literals of one function make up a text.
const maxLines = 1000

// lines are the rules that a function holds, one to a line, in the order of the source; what stands in them is a hole.
func (c *capabilities) lines(f js.Node) *schema.Text {
	var parts []schema.Part
	tree := f.Tree()
	for i, n := int(f.Index()), 0; i < f.After() && n < maxLines; i++ {
		e := tree.At(i)
		if e.Kind() != js.String && e.Kind() != js.TemplateString || compared(e) {
			continue
		}
		piece := c.written(e)
		if s := strings.TrimSpace(literalsIn(&schema.Text{Parts: piece})); strings.HasPrefix(s, "(") || strings.HasPrefix(s, ";") || s == ")" {
			n++
			parts = schema.Join(parts, piece, []schema.Part{{Lit: "\n"}})
		}
		i = e.After() - 1
	}
	return textOfParts(parts)
}

// written is a literal, with what is put into it as far as that is known.
func (c *capabilities) written(n js.Node) []schema.Part {
	if n.Kind() == js.String {
		return []schema.Part{{Lit: nameOfKey(n)}}
	}
	var parts []schema.Part
	at := n.Start() + 1
	chunk := func(to uint32) {
		s, _ := js.DecodeTemplate(string(n.Tree().Src[at:max(at, to)]))
		parts = append(parts, schema.Part{Lit: s})
	}
	for s := n.FirstChild(); s.Valid(); s = s.Next() {
		if s.Kind() == js.TemplateSubstitution {
			chunk(s.Start())
			parts = append(parts, c.put(s.FirstChild()))
			at = s.End()
		}
	}
	chunk(n.End() - 1)
	return schema.Join(parts)
}

// stepsOfName is what it takes to follow a name to a constant.
const stepsOfName = 200

// maxHoleText bounds the expression of what is put into one.
const maxHoleText = 300

// put is what is put into a text: a constant, or a hole.
func (c *capabilities) put(n js.Node) schema.Part {
	expr := "value" // its source has names that are others in each build
	switch v := c.writer.evalWithin(n, stepsOfName).(type) {
	case eval.String:
		return schema.Part{Lit: string(v)}
	case *eval.Unknown:
		expr = shorten(v.Expr, maxHoleText)
	}
	return schema.Part{Hole: &schema.Hole{Name: eval.HoleName(expr), Expr: expr, Why: "put in when it runs"}}
}

// said is a text as it is written down, or what a name of one stands for; nil for what is neither.
func (c *capabilities) said(n js.Node) *schema.Text {
	switch n.Kind() {
	case js.String, js.TemplateString:
		return textOfParts(c.written(n))
	case js.Identifier, js.MemberExpression, js.BinaryExpression, js.TernaryExpression:
		return c.Text(c.writer.evalWithin(n, stepsOfName))
	}
	return nil
}

// textOfParts is a text of parts, with holes by their names.
func textOfParts(parts []schema.Part) *schema.Text {
	var b strings.Builder
	for _, p := range parts {
		if p.Hole != nil {
			b.WriteString("${" + p.Hole.Name + "}")
		}
		b.WriteString(p.Lit)
	}
	return &schema.Text{Text: b.String(), Parts: parts}
}

// arguments reads the arguments that a function puts together for a program that makes a sandbox.
func (c *capabilities) arguments(m analyzer.Match, n js.Node) {
	f := functionAround(n)
	if !f.Valid() || c.functions[f] {
		return
	}
	c.functions[f] = true
	var lines []string
	tree := f.Tree()
	for i := int(f.Index()); i < f.After() && len(lines) < maxLines; i++ {
		list := tree.At(i)
		if k := list.Kind(); k != js.Array && k != js.Arguments || !startsOption(list.FirstChild()) {
			continue
		}
		line := c.argumentLine(list)
		if !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	if len(lines) > 1 {
		t := schema.Literal(strings.Join(lines, "\n"))
		c.add(m, f, schema.Capability{Name: "arguments", Kind: schema.CapabilitySandbox, Detail: &t})
	}
}

// startsOption tells whether an element is an option of a command.
func startsOption(n js.Node) bool {
	return n.Kind() == js.String && strings.HasPrefix(nameOfKey(n), "--")
}

// argumentLine is a list of arguments on a line.
func (c *capabilities) argumentLine(list js.Node) string {
	var words []string
	for e := list.FirstChild(); e.Valid(); e = e.Next() {
		if e.Kind() == js.String {
			words = append(words, nameOfKey(e))
			continue
		}
		words = append(words, textOfParts([]schema.Part{c.put(e)}).Text)
	}
	return strings.Join(words, " ")
}
