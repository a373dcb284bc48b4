package flow

import (
	"slices"
	"strconv"
	"strings"

	"github.com/bundlens/bundlens/analyzer/internal/js"
)

// callElement is the path element of a call.
func (t *Tracer) callElement(call js.Node, caller *Frame, callback bool) string {
	s := Site{call, caller, callback}
	id, ok := t.siteIDs[s]
	if !ok {
		id = len(t.sites)
		t.siteIDs[s] = id
		t.sites = append(t.sites, s)
	}
	return "()" + strconv.Itoa(id)
}

func (t *Tracer) siteOf(element string) (Site, bool) {
	id, ok := strings.CutPrefix(element, "()")
	if !ok {
		return Site{}, false
	}
	i, err := strconv.Atoi(id)
	if err != nil || i >= len(t.sites) {
		return Site{}, false
	}
	return t.sites[i], true
}

// same are methods whose result is made of the object's own elements or text.
var same = words("join trim trimEnd trimStart filter slice flat reverse sort toSorted toReversed replace replaceAll toString concat split substring substr catch finally find findLast at pop shift padEnd padStart repeat values entries normalize toLowerCase splice with next")

// keeping are methods of a list whose result has its elements as they are, all of them.
var keeping = words("flat concat slice then catch finally")

// mapping are methods whose result is made of what a callback returns.
var mapping = words("map flatMap reduce then reduceRight")

// visiting are methods that give their elements to a callback.
var visiting = words("map flatMap filter forEach find findLast some every then sort reduce findIndex")

func words(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(s) {
		m[w] = true
	}
	return m
}

// call adds what a call's result comes from.
func (t *Tracer) call(it item) {
	n := it.node
	callee, args := n.Child(js.FieldFunction), n.Child(js.FieldArguments)
	for callee.Kind() == js.ParenthesizedExpression {
		callee = callee.FirstChild()
	}
	if isRequire(n) || callee.Kind() == js.ImportKeyword {
		t.imported(it, callee, args)
		return
	}
	switch callee.Kind() {
	case js.MemberExpression:
		t.methodCall(it, callee, args)
		return
	case js.SequenceExpression: // (0, f)(...)
		for c := callee.FirstChild(); c.Valid(); c = c.Next() {
			callee = c
		}
	}
	if args.Kind() == js.TemplateString { // a tag of a template
		t.add(args, it.path, it.ctx)
		return
	}
	t.add(callee, join(t.callElement(n, it.ctx, false), it.path), it.ctx)
	if t.wraps(it.path) {
		t.functionsIn(args, it)
	}
}

// wraps tells whether a path begins with a call: what is called on is made by another call, as a wrapped function is.
func (t *Tracer) wraps(path string) bool { return strings.HasPrefix(path, "()") }

// functionsIn adds the functions among the arguments of a call whose result is called: it may wrap them.
func (t *Tracer) functionsIn(args js.Node, it item) {
	for a := args.FirstChild(); a.Valid(); a = a.Next() {
		if a.IsFunction() || a.Kind() == js.Identifier {
			t.add(a, it.path, it.ctx)
		}
	}
}

func (t *Tracer) methodCall(it item, callee, args js.Node) {
	object, name := callee.Child(js.FieldObject), callee.Child(js.FieldProperty).Text()
	switch {
	case name == "join":
		t.join = it.node
	case (same[name] || mapping[name]) && !keeping[name], isLibrary(object.Text()):
		t.join = js.Node{}
	}
	first := args.FirstChild()
	switch {
	case isHook(name):
	case mapping[name] && isCallback(first):
		path := it.path
		switch name {
		case "map":
			path = dropIndex(path)
		case "flatMap":
			path = anyIndex(path)
		}
		t.add(first, join(t.callElement(it.node, it.ctx, true), path), it.ctx)
	case name == "then" || name == "flatMap":
		t.add(object, it.path, it.ctx)
	case object.Kind() == js.Identifier && isLibrary(object.Text()):
		for _, path := range ofLibrary(name, it.path) {
			for a := first; a.Valid(); a = a.Next() {
				t.add(a, path, it.ctx)
			}
		}
	case name == "call" || name == "apply" || name == "bind":
		t.add(object, join(t.callElement(js.Node{}, it.ctx, false), it.path), it.ctx)
	case same[name]:
		path := it.path
		if name != "concat" {
			path = anyIndex(path)
		}
		t.add(object, path, it.ctx)
		switch name {
		case "concat", "replace", "replaceAll", "catch":
			last := first
			for a := first; a.Valid(); a = a.Next() {
				last = a
			}
			t.add(last, path, it.ctx)
		}
	default:
		element := t.callElement(it.node, it.ctx, false)
		t.add(object, join(memberKey(callee.Child(js.FieldProperty)), join(element, it.path)), it.ctx)
	}
}

// isHook tells a function that gives the state of an interface: what it holds is its user's.
func isHook(name string) bool {
	return len(name) > 3 && name[:3] == "use" && name[3] >= 'A' && name[3] <= 'Z'
}

func isCallback(n js.Node) bool { return n.IsFunction() || n.Kind() == js.Identifier }

// ofLibrary is what of an argument is wanted where a path is wanted of what a function of the language returns.
func ofLibrary(name, path string) []string {
	switch name {
	case "keys":
		return []string{everyKey}
	case "values":
		return []string{join(anyMember, dropIndex(path))}
	case "entries":
		return ofEntries(path)
	}
	return []string{path}
}

// ofEntries is what of an object is wanted where a path is wanted of its entries.
func ofEntries(path string) []string {
	if strings.HasPrefix(path, anyElement+"/") {
		_, path = cut(path)
	}
	switch head, rest := cut(path); {
	case head == "#0":
		return []string{everyKey}
	case head == "#1":
		return []string{join(anyMember, rest)}
	case path == "": // key and value in one text
		return []string{everyKey, anyMember}
	}
	return []string{join(anyMember, path)}
}

// isLibrary tells the language's own objects whose functions give back what they are given.
func isLibrary(name string) bool {
	switch name {
	case "Promise", "Object", "Array", "Set", "Map", "String", "JSON":
		return true
	}
	return false
}

// parameter adds what a function's parameter is given. i is its place, path what is taken of it.
func (t *Tracer) parameter(f js.Node, i int, path string, ctx *Frame) {
	for ; ctx != nil; ctx = ctx.outer {
		if ctx.Function == f {
			ctx.used = append(ctx.used, use{i, path})
			for _, s := range ctx.Sites {
				t.argument(s, i, path)
			}
			return
		}
	}
	t.unknownCallers(f, i, path)
}

// argument adds the argument at a place of a call, or what a callback is given by a method of an array.
func (t *Tracer) argument(s Site, i int, path string) {
	call, ctx := s.Call, s.Caller
	if !call.Valid() {
		return
	}
	if s.callback {
		t.join = js.Node{}
		callee := call.Child(js.FieldFunction)
		object, name := callee.Child(js.FieldObject), callee.Child(js.FieldProperty).Text()
		switch reduces := strings.HasPrefix(name, "reduce"); {
		case reduces && i == 0 || name == "then" && i == 0:
			t.add(object, path, ctx)
		case reduces || i == 0:
			t.add(object, ofElement(path), ctx)
		}
		return
	}
	a := call.Child(js.FieldArguments).FirstChild()
	for ; a.Valid() && i > 0 && a.Kind() != js.SpreadElement; a = a.Next() {
		i--
	}
	t.add(a, path, ctx)
}

// unknownCallers adds what all callers of a function pass.
func (t *Tracer) unknownCallers(f js.Node, i int, path string) {
	parent := f.Parent()
	if parent.Kind() == js.Arguments {
		call := parent.Parent()
		callee := call.Child(js.FieldFunction)
		if callee.Kind() == js.MemberExpression && visiting[callee.Child(js.FieldProperty).Text()] {
			t.argument(Site{call, nil, true}, i, path)
			return
		}
	}
	calls := t.callersOf(f)
	if t.tag&t.Members != 0 {
		calls = append(slices.Clip(calls), t.callsAsMember(f)...)
	}
	// what has one caller might as well stand there, and in another build it does
	if reach, bounded := t.Reach[t.tag]; bounded && len(calls) > 1 {
		if t.callersUp >= reach {
			return
		}
		t.callersUp++
		defer func() { t.callersUp-- }()
	}
	for _, call := range calls {
		t.argument(Site{call, nil, false}, i, path)
	}
}

// callersOf finds the calls of a function by the name that it has, itself or through a wrapper around it.
func (t *Tracer) callersOf(f js.Node) []js.Node {
	name := f.Child(js.FieldName)
	if f.Kind() == js.MethodDefinition {
		return t.callersOfMethod(f)
	}
	if call, ok := calledThere(f); ok {
		return []js.Node{call}
	}
	for p := f; !name.Valid() && p.Valid(); p = p.Parent() {
		switch q := p.Parent(); q.Kind() {
		case js.VariableDeclarator:
			name = q.Child(js.FieldName)
		case js.AssignmentExpression:
			name = q.Child(js.FieldLeft)
		case js.Arguments, js.CallExpression, js.ParenthesizedExpression:
		default:
			return nil
		}
	}
	if name.Kind() != js.Identifier {
		return nil
	}
	return t.callsOf(name)
}
