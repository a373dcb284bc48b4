package facts

import (
	"bytes"
	"strings"

	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
	"github.com/bundlens/bundlens/internal/lazyregexp"
)

// tagAtStart is a tag that is set around a text, not one that a text speaks of.
var tagAtStart = lazyregexp.New(`(^|\n)\s*</?system-reminder>`)

// openingTag and closingTag are the tags around a reminder.
const (
	openingTag = "<system-reminder>"
	closingTag = "</system-reminder>"
)

// tagged are the texts that a literal with a tag makes reminders: itself, where the tag begins it or a line of it; of a
// constant that is nothing but the tag, the texts that begin with its name.
func (w *promptWriter) tagged(n js.Node) []js.Node {
	if compared(n) {
		return nil
	}
	if n.Kind() == js.String {
		s := nameOfKey(n)
		if strings.TrimSpace(s) == openingTag {
			return append(w.beginningWith(n.Parent()), n)
		}
		if !tagAtStart.Get().MatchString(s) {
			return nil
		}
		return []js.Node{n}
	}
	found := false
	eachChunk(n, func(s string) { found = found || tagAtStart.Get().MatchString(s) })
	if !found {
		return nil
	}
	return []js.Node{n}
}

// beginningWith are the texts that begin with the constant that a declarator declares, in all modules.
func (w *promptWriter) beginningWith(declarator js.Node) (texts []js.Node) {
	name := declarator.Child(js.FieldName).Text()
	if declarator.Kind() == js.AssignmentExpression {
		name = declarator.Child(js.FieldLeft).Text()
	}
	if name == "" {
		return nil
	}
	m, _ := w.place(declarator)
	texts = w.textsIn(nil, m, name)
	for _, i := range m.Importers(name) {
		texts = w.textsIn(texts, i.Module, i.Local)
	}
	return texts
}

// textsIn adds the texts of a module that begin with a name of it.
func (w *promptWriter) textsIn(texts []js.Node, m *scope.Module, name string) []js.Node {
	for at := range js.Words(m.Text, name) {
		end := at + len(name)
		if !bytes.HasPrefix(m.Text[end:], []byte("}")) && !bytes.HasPrefix(bytes.TrimLeft(m.Text[end:], " "), []byte("+")) {
			continue
		}
		tree, _ := m.TreeAt(uint32(at))
		if tree == nil {
			continue
		}
		n := identifierAt(tree, uint32(at))
		if text := textBegunBy(n); text.Valid() && !compared(text) && !w.Machine.Shadowed(n, name) {
			texts = append(texts, text)
		}
	}
	return texts
}

// identifierAt is the name that begins at an offset.
func identifierAt(tree *js.Tree, at uint32) js.Node {
	for i := range tree.Len() {
		if n := tree.At(i); n.Start() == at && n.Kind() == js.Identifier {
			return n
		}
	}
	return js.Node{}
}

// textBegunBy is the text that an expression begins, or a line of it.
func textBegunBy(n js.Node) js.Node {
	switch p := n.Parent(); p.Kind() {
	case js.TemplateSubstitution:
		t := p.Parent()
		before := strings.TrimRight(string(t.Tree().Src[t.Start()+1:p.Start()]), " \t")
		if before == "" || strings.HasSuffix(before, "\n") || strings.HasSuffix(before, `\n`) {
			return t
		}
	case js.BinaryExpression:
		if p.Child(js.FieldOperator).Text() == "+" && n.Field() == js.FieldLeft {
			for q := p.Parent(); q.Kind() == js.BinaryExpression && p.Field() == js.FieldLeft; q = p.Parent() {
				p = q
			}
			return p
		}
	}
	return js.Node{}
}

// compared tells whether a literal serves to recognise a text, not to make one.
func compared(n js.Node) bool {
	p := n.Parent()
	switch p.Kind() {
	case js.BinaryExpression:
		return p.Child(js.FieldOperator).Text() != "+"
	case js.SwitchCase, js.SubscriptExpression:
		return true
	case js.Arguments:
		switch p.Parent().Child(js.FieldFunction).Child(js.FieldProperty).Text() {
		case "startsWith", "endsWith", "includes", "indexOf", "lastIndexOf", "split", "match", "test", "replace", "replaceAll", "search":
			return true
		}
		return p.Parent().Kind() == js.NewExpression
	}
	return false
}
