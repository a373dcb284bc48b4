package flow

import (
	"strconv"
	"strings"

	"github.com/bundlens/bundlens/analyzer/internal/js"
)

// step adds what the value of an expression comes from.
func (t *Tracer) step(it item) {
	n := it.node
	switch n.Kind() {
	case js.ParenthesizedExpression, js.AwaitExpression, js.SpreadElement, js.TemplateSubstitution:
		t.add(n.FirstChild(), it.path, it.ctx)
	case js.SequenceExpression:
		last := n.FirstChild()
		for c := last; c.Valid(); c = c.Next() {
			last = c
		}
		t.add(last, it.path, it.ctx)
	case js.TernaryExpression:
		t.add(n.Child(js.FieldConsequence), it.path, it.ctx)
		t.add(n.Child(js.FieldAlternative), it.path, it.ctx)
	case js.BinaryExpression:
		t.binary(it)
	case js.AssignmentExpression:
		t.add(n.Child(js.FieldRight), it.path, it.ctx)
	case js.Array:
		t.array(it)
	case js.Object:
		t.object(it)
	case js.String:
		if it.path == "" {
			t.source(it)
		}
	case js.TemplateString:
		t.template(it)
	case js.Identifier, js.ShorthandPropertyIdentifier:
		t.name(it)
	case js.CallExpression:
		t.call(it)
	case js.MemberExpression, js.SubscriptExpression:
		t.member(it)
	case js.This, js.Super:
		t.this(it)
	case js.NewExpression:
		if isMap(n.Child(js.FieldConstructor)) {
			t.newMap(it)
			return
		}
		t.add(n.Child(js.FieldConstructor), join(ofInstance, it.path), it.ctx)
	case js.Class, js.ClassDeclaration:
		t.class(it)
	case js.ArrowFunction, js.FunctionExpression, js.FunctionDeclaration, js.MethodDefinition, js.GeneratorFunction, js.GeneratorFunctionDeclaration:
		t.function(it)
	}
}

func (t *Tracer) binary(it item) {
	left, right := it.node.Child(js.FieldLeft), it.node.Child(js.FieldRight)
	switch it.node.Child(js.FieldOperator).Text() {
	case "||", "??":
		t.add(left, it.path, it.ctx)
		t.add(right, it.path, it.ctx)
	case "&&":
		t.add(right, it.path, it.ctx)
	case "+":
		if it.path != "" {
			return
		}
		t.source(it)
		t.inText(left, it.ctx)
		t.inText(right, it.ctx)
	}
}

// inText follows a piece of a text, unless the text's own value holds it.
func (t *Tracer) inText(n js.Node, ctx *Frame) {
	for n.Kind() == js.ParenthesizedExpression {
		n = n.FirstChild()
	}
	t.join = js.Node{}
	switch n.Kind() {
	case js.String:
		return
	case js.TemplateString:
		t.substitutions(n, ctx)
		return
	case js.BinaryExpression:
		if n.Child(js.FieldOperator).Text() == "+" {
			t.inText(n.Child(js.FieldLeft), ctx)
			t.inText(n.Child(js.FieldRight), ctx)
			return
		}
	}
	if t.Known != nil && t.Known(n) {
		return
	}
	if n.Kind() != js.MemberExpression { // that would be a piece of data
		t.add(n, "", ctx)
	}
}

func (t *Tracer) template(it item) {
	if it.path != "" {
		return
	}
	t.source(it)
	t.substitutions(it.node, it.ctx)
}

func (t *Tracer) substitutions(n js.Node, ctx *Frame) {
	for c := n.FirstChild(); c.Valid(); c = c.Next() {
		if c.Kind() == js.TemplateSubstitution {
			t.inText(c.FirstChild(), ctx)
		}
	}
}

func (t *Tracer) array(it item) {
	head, rest := cut(it.path)
	index, isIndex := strings.CutPrefix(head, "#")
	want, _ := strconv.Atoi(index)
	if isIndex {
		t.join = js.Node{}
	}
	i := 0
	for c := it.node.FirstChild(); c.Valid(); c = c.Next() {
		t.within = listOf(it, c)
		switch {
		case c.Kind() == js.SpreadElement:
			t.add(c.FirstChild(), it.path, it.ctx)
		case !isIndex:
			t.add(c, it.path, it.ctx)
		case head == anyElement || i == want:
			t.add(c, rest, it.ctx)
		}
		i++
	}
}

func (t *Tracer) object(it item) {
	if t.Ends != nil && t.Ends(it.node) {
		return
	}
	if it.path == "" {
		t.objects = append(t.objects, it.node)
	}
	path := dropIndex(it.path)
	key, rest := cut(path)
	if key == "" {
		key = "text" // a block of text stands for its text
	}
	for c := it.node.FirstChild(); c.Valid(); c = c.Next() {
		if c.Kind() == js.SpreadElement {
			t.add(c.FirstChild(), path, it.ctx)
			continue
		}
		name, value := memberOf(c)
		switch {
		case key == everyKey:
			t.key(name, it.ctx)
		case c.Kind() == js.MethodDefinition && c.ChildOfKind(js.KeywordGet).Valid():
			if keyText(name) == key {
				t.add(value, join(t.callElement(js.Node{}, nil, false), rest), it.ctx)
			}
		case key == anyMember && c.Kind() != js.MethodDefinition, name.Kind() == js.ComputedPropertyName, keyText(name) == key:
			t.add(value, rest, it.ctx)
			if isNothing(value) && keyText(name) == key {
				t.givenLater(key, rest)
			}
		}
	}
	if key != everyKey {
		t.table(it.node, path, it.ctx)
	}
}

// memberOf is the name of a member of an object, as it is written, and what it is.
func memberOf(c js.Node) (name, value js.Node) {
	switch c.Kind() {
	case js.Pair:
		return c.Child(js.FieldKey), c.Child(js.FieldValue)
	case js.MethodDefinition:
		return c.Child(js.FieldName), c
	}
	return c, c
}

// key adds a key of an object as a text: as it is written, or what makes it.
func (t *Tracer) key(n js.Node, ctx *Frame) {
	switch n.Kind() {
	case js.PropertyIdentifier, js.ShorthandPropertyIdentifier:
		t.source(item{n, "", ctx, t.tag, t.within, js.Node{}})
	case js.ComputedPropertyName:
		t.add(n.FirstChild(), "", ctx)
	default:
		t.add(n, "", ctx)
	}
}

// Path elements for all members of an object: what they are, or the keys that they have.
const (
	anyMember = "*"
	everyKey  = "@"
)

// table looks for a member one level down: in an object that is a table of such objects.
func (t *Tracer) table(object js.Node, path string, ctx *Frame) {
	for c := object.FirstChild(); c.Valid(); c = c.Next() {
		if v := c.Child(js.FieldValue); c.Kind() == js.Pair && v.Kind() == js.Object {
			t.add(v, path, ctx)
		}
	}
}

// keyText is a property's name.
func keyText(k js.Node) string {
	if k.Kind() == js.String {
		s, err := js.DecodeString(k.Text())
		if err != nil {
			return ""
		}
		return s
	}
	return k.Text()
}

func (t *Tracer) member(it item) {
	object := it.node.Child(js.FieldObject)
	if it.node.Kind() == js.SubscriptExpression {
		index := it.node.Child(js.FieldIndex)
		switch index.Kind() {
		case js.Number:
			t.add(object, join("#"+index.Text(), it.path), it.ctx)
		case js.String:
			t.add(object, join(keyText(index), it.path), it.ctx)
		default:
			t.add(object, ofElement(it.path), it.ctx) // an element, or a member by a key that is not known
		}
		return
	}
	t.add(object, join(memberKey(it.node.Child(js.FieldProperty)), it.path), it.ctx)
}

// function enters a function whose result is wanted.
func (t *Tracer) function(it item) {
	head, rest := cut(dropIndex(it.path))
	s, ok := t.siteOf(head)
	if !ok {
		return
	}
	k := frameKey{it.node, it.ctx, rest, it.tag}
	f := t.frames[k]
	if f != nil {
		t.enter(f, s)
		return
	}
	f = &Frame{number: uint32(len(t.frames)), Function: it.node, Sites: []Site{s}, outer: it.ctx, depth: t.depth(it.ctx, rest), within: t.within}
	if f.depth > maxDepth {
		return
	}
	t.frames[k] = f
	if r := (resultKey{it.node, it.tag}); t.results[r] == nil {
		t.results[r] = f
	}
	body := it.node.Child(js.FieldBody)
	if body.Kind() != js.StatementBlock {
		t.add(body, rest, f)
		return
	}
	for n := range results(body) {
		t.add(n.FirstChild(), rest, f)
	}
}

// depth is how deep a frame is within others: one more than the frame around it, and those of the calls whose results
// are called in what is wanted of it. Each round of a recursion is within the one before.
func (t *Tracer) depth(outer *Frame, path string) int {
	deepest := 0
	if outer != nil {
		deepest = outer.depth
	}
	for path != "" {
		var head string
		head, path = cut(path)
		if s, ok := t.siteOf(head); ok && s.Caller != nil {
			deepest = max(deepest, s.Caller.depth)
		}
	}
	return deepest + 1
}

// enter adds a call to a frame: what the frame's result rests on, the call passes.
func (t *Tracer) enter(f *Frame, s Site) {
	for _, have := range f.Sites {
		if have == s {
			return
		}
	}
	f.Sites = append(f.Sites, s)
	for _, u := range f.used {
		t.argument(s, u.index, u.path)
	}
}

// results goes through the return and yield nodes of a function's body, those of functions inside it left out.
func results(body js.Node) func(yield func(js.Node) bool) {
	return func(yield func(js.Node) bool) {
		tree := body.Tree()
		for i := int(body.Index()) + 1; i < body.After(); i++ {
			n := tree.At(i)
			switch {
			case n.IsFunction() || n.Kind() == js.ClassDeclaration || n.Kind() == js.Class:
				i = n.After() - 1
			case n.Kind() == js.ReturnStatement || n.Kind() == js.YieldExpression:
				if !yield(n) {
					return
				}
			}
		}
	}
}
