package facts

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
	"github.com/bundlens/bundlens/internal/lazyregexp"
)

// What a function is passed from far away, from caller to caller, is found without running the program between. Members
// that are handed on keep their names in a minified program, so that what is passed for one is what the object literals
// have under its name that have other members, too, which are read beside it. (Static analysis calls this field-based:
// Feldthaus et al., "Efficient construction of approximate call graphs for JavaScript IDE services", 2013.)

// Bounds of the search.
const (
	maxAsked       = 24    // members, all in all
	maxPassedHops  = 3     // hands that a value goes through
	maxLiterals    = 24    // object literals that are evaluated for one
	maxLiteralSpan = 4_000 // bytes around a member in which the others of its object are looked for
	minShared      = 3     // members that an object literal has in common with those that are read, if so many are
	maxPassedSteps = 8_000 // of an evaluation of one candidate
)

// provenance finds what is passed for parameters.
type provenance struct {
	*finder
	asked map[string]bool // keys of what was looked for
}

// settle finds what is passed for a value that is a member of a parameter, makes it known, and tells whether it did.
func (p *provenance) settle(v eval.Value, hops int) bool {
	u, ok := (eval.World{}).Pick(v).(*eval.Unknown)
	return ok && hops > 0 && p.settleKey(u.Key, hops)
}

// settleKey is settle for what an evaluation knows by a key.
func (p *provenance) settleKey(key string, hops int) bool {
	if p.asked[key] || len(p.asked) >= maxAsked {
		return false
	}
	at, ok := p.pathOf(key)
	if !ok {
		return false
	}
	p.asked[key] = true
	literals := p.literals(at)
	// what needs no more looking for comes first
	passed := p.fullest(literals, 0)
	if passed == nil {
		passed = p.fullest(literals, hops-1)
	}
	if passed == nil {
		passed = p.list(at)
	}
	if passed == nil {
		return false
	}
	p.Machine.Suppose(key, passed)
	return true
}

// mentioned are the members of parameters that a value rests on, the shorter ones first.
func mentioned(v eval.Value) (keys []string) {
	add := func(key string) {
		for _, m := range mentionedPath.Get().FindAllStringSubmatch(key, -1) {
			if !slices.Contains(keys, m[1]) {
				keys = append(keys, m[1])
			}
		}
	}
	var visit func(v eval.Value)
	visit = func(v eval.Value) {
		switch v := v.(type) {
		case *eval.Unknown:
			add(v.Key)
		case *eval.Choice:
			v.Cond.Atoms(func(a *eval.Atom) { add(a.Key) })
			visit(v.Then)
			visit(v.Else)
		}
	}
	visit(v)
	return keys
}

// mentionedPath matches a member of a parameter in a key, if no method of that member is called.
var mentionedPath = lazyregexp.New(`(parameter \d+:\d+-\d+\.[A-Za-z_$][\w$]*)(?:[^\w$(]|$)`)

// fullest is what the object literals have, where it is known: of lists the one with most elements, because a shorter one
// stands for those that can't be had; of other objects the first; and anything else where none has another.
func (p *provenance) fullest(literals []literal, hops int) (passed eval.Value) {
	most := 0
	for _, l := range literals {
		v := p.known(l, hops)
		if v == nil {
			continue
		}
		o, isObject := (eval.World{}).Pick(v).(*eval.Object)
		switch n := fullness(o); {
		case isObject && o.Kind != eval.KindArray:
			return v
		case isObject:
			if n > most {
				passed, most = v, n
			}
		case passed != nil && eval.Default(passed) != eval.Default(v):
			return nil
		default:
			passed = v
		}
		if most > 0 && hops > 0 {
			break
		}
	}
	return passed
}

// list is the list with most elements that an object literal has, of those that have no other members than are read; where
// nothing else is read, of all, if they are few.
func (p *provenance) list(at path) (passed eval.Value) {
	alone, most := len(at.others) == 0, 0
	literals := p.literalsWith(at, min(1, len(at.others)))
	if alone && len(literals) == maxLiterals {
		return nil
	}
	for _, l := range literals {
		if !l.whole && !alone {
			continue
		}
		v := p.known(l, 0)
		if o, ok := (eval.World{}).Pick(v).(*eval.Object); ok && o.Kind == eval.KindArray && fullness(o) > most {
			passed, most = v, fullness(o)
		}
	}
	return passed
}

// maxListed bounds the elements of a list that count.
const maxListed = 1_000

// fullness tells how full a list is, where at least one of its elements is known: by the elements that it has by default,
// and then by all.
func fullness(list *eval.Object) (full int) {
	if list == nil || !slices.ContainsFunc(list.Elems, func(e eval.Elem) bool { return e.Each == "" }) {
		return 0
	}
	for _, e := range list.Elems {
		if e.When.ByDefault() {
			full += maxListed
		}
	}
	return full + min(len(list.Elems), maxListed)
}

// path is a member of a parameter.
type path struct {
	key     string // by which an evaluation knows it
	members []string
	others  []string // members that are read beside the last one
}

// parameterPath is the key of a member of what is passed for a parameter.
var parameterPath = lazyregexp.New(`^parameter (\d+):(\d+)-(\d+)((?:\.[A-Za-z_$][\w$]*)+)$`)

// pathOf is the member of a parameter that a key tells of.
func (p *provenance) pathOf(key string) (at path, ok bool) {
	m := parameterPath.Get().FindStringSubmatch(key)
	if m == nil {
		return at, false
	}
	at = path{key: key, members: strings.Split(m[4][1:], ".")}
	if n := len(at.members); n > 1 {
		at.others = p.readOf(at.members[n-2])
	} else if parameter := p.nodeOf(m[1], m[2], m[3]); parameter.Valid() {
		at.others = membersRead(parameter)
	}
	last := at.members[len(at.members)-1]
	at.others = slices.DeleteFunc(at.others, func(k string) bool { return k == last })
	return at, true
}

// nodeOf is the node at a place.
func (p *provenance) nodeOf(module, start, end string) (found js.Node) {
	id, _ := strconv.Atoi(module)
	from, _ := strconv.Atoi(start)
	to, _ := strconv.Atoi(end)
	m := p.Program.Modules[id]
	tree, _ := m.TreeAt(uint32(from))
	if tree == nil {
		return found
	}
	for n := nodeAt(tree, uint32(from)); n.Valid() && int(n.Start()) == from; n = n.Parent() {
		if int(n.End()) == to {
			return n
		}
	}
	return found
}

// membersRead are the members that a function reads of a parameter.
func membersRead(parameter js.Node) (keys []string) {
	name := parameter
	if parameter.Kind() == js.ObjectPattern {
		name = js.Node{}
		for c := parameter.FirstChild(); c.Valid(); c = c.Next() {
			switch c.Kind() {
			case js.PairPattern:
				keys = append(keys, nameOfKey(c.Child(js.FieldKey)))
			case js.ShorthandPropertyIdentifierPattern:
				keys = append(keys, c.Text())
			case js.ObjectAssignmentPattern:
				keys = append(keys, c.Child(js.FieldLeft).Text())
			case js.RestPattern:
				name = c.FirstChild()
			}
		}
	}
	if name.Kind() != js.Identifier {
		return keys
	}
	f := parameter.EnclosingFunction()
	for i := int(f.Index()); i < f.After(); i++ {
		n := f.Tree().At(i)
		if n.Kind() == js.MemberExpression && n.Child(js.FieldObject).Kind() == js.Identifier && n.Child(js.FieldObject).Text() == name.Text() {
			if key := n.Child(js.FieldProperty).Text(); !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
	}
	return keys
}

// readOf are the members that the program reads of members of a name, anywhere.
func (p *provenance) readOf(name string) (keys []string) {
	sign := []byte("." + name + ".")
	for _, m := range p.Program.Modules {
		for rest := m.Text; ; {
			i := bytes.Index(rest, sign)
			if i < 0 {
				break
			}
			rest = rest[i+len(sign):]
			if key := string(leadingName.Get().Find(rest)); key != "" && !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
	}
	return keys
}

var leadingName = lazyregexp.New(`^[A-Za-z_$][\w$]*`)

// literal is a member of an object literal.
type literal struct {
	module *scope.Module
	unit   int32
	value  js.Node
	shared int  // members that the object has of those that are read
	whole  bool // it has no others
}

// literals finds the object literals that have a member and others that are read beside it, those with the most first. One
// that has less than half of the others of the first is taken for something else. Where nothing else is read, none is found.
func (p *provenance) literals(at path) []literal {
	if len(at.others) == 0 {
		return nil
	}
	list := p.literalsWith(at, min(minShared, (len(at.others)+1)/2))
	for i, l := range list {
		if 2*l.shared < list[0].shared {
			return list[:i]
		}
	}
	return list
}

// literalsWith finds the object literals that have a member and so many of the others, those with the most first.
func (p *provenance) literalsWith(at path, want int) (list []literal) {
	key := at.members[len(at.members)-1]
	for _, m := range p.Program.Modules {
		for _, i := range memberPlaces(m, key, at.others, want) {
			if l, ok := literalAt(m, i, at.others); ok && l.shared >= want {
				list = append(list, l)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b literal) int { return cmp.Compare(b.shared, a.shared) })
	return list[:min(len(list), maxLiterals)]
}

// memberPlaces are where a member may stand in an object literal of a module that has enough of the others. Only what
// is left then is parsed.
func memberPlaces(m *scope.Module, key string, others []string, want int) (found []uint32) {
	var places []uint32
	for i := range js.Words(m.Text, key) {
		around := m.Text[max(0, i-maxLiteralSpan):min(len(m.Text), i+maxLiteralSpan)]
		if endsKey(m.Text, i+len(key)) && near(around, others, want) {
			places = append(places, uint32(i))
		}
	}
	for len(places) > 0 {
		unit, n := m.Index().UnitAt(places[0]), 1
		if unit >= 0 {
			for n < len(places) && places[n] < m.Index().Units[unit].End {
				n++
			}
			found = append(found, inLiterals(m, unit, places[:n], others, want)...)
		}
		places = places[n:]
	}
	return found
}

// inLiterals are those of some places in a unit that have enough of the others within the same braces.
func inLiterals(m *scope.Module, unit int32, places []uint32, others []string, want int) (found []uint32) {
	for i, text := range m.Beside(unit, places) {
		if near(text, others, want) {
			found = append(found, places[i])
		}
	}
	return found
}

// endsKey tells whether a word that ends at an offset may be the name of a member.
func endsKey(text []byte, end int) bool {
	return end < len(text) && (text[end] == ':' || text[end] == ',' || text[end] == '}')
}

// near tells whether enough of some words stand in a text, each where it may be the name of a member.
func near(text []byte, words []string, want int) bool {
	for _, w := range words {
		if want <= 0 {
			break
		}
		for i := range js.Words(text, w) {
			if endsKey(text, i+len(w)) {
				want--
				break
			}
		}
	}
	return want <= 0
}

// literalAt is the member of an object literal whose name begins at an offset.
func literalAt(m *scope.Module, at uint32, others []string) (l literal, ok bool) {
	tree, unit := m.TreeAt(at)
	if tree == nil {
		return l, false
	}
	n := nodeAt(tree, at)
	if n.Kind() == js.PropertyIdentifier {
		n = n.Parent()
	}
	value := n
	switch n.Kind() {
	case js.Pair:
		value = n.Child(js.FieldValue)
	case js.ShorthandPropertyIdentifier:
	default:
		return l, false
	}
	if n.Parent().Kind() != js.Object {
		return l, false
	}
	l = literal{module: m, unit: unit, value: value}
	for _, k := range others {
		if hasAny(n.Parent(), k) {
			l.shared++
		}
	}
	members := 0
	for c := n.Parent().FirstChild(); c.Valid(); c = c.Next() {
		members++
	}
	l.whole = members == l.shared+1
	return l, true
}

// known is what a member of an object literal is, where that is known: after what is passed for the parameter that it is.
func (p *provenance) known(l literal, hops int) eval.Value {
	for {
		v := p.Machine.RunWithin(maxPassedSteps, func() eval.Value {
			return p.Machine.Eval(l.value, p.Machine.Enclosing(l.module, l.unit, l.value))
		})
		if isGiven((eval.World{}).Pick(v)) {
			return v
		}
		if !p.settle(v, hops) {
			return nil
		}
	}
}

// isGiven tells a value that says something from one that stands for none.
func isGiven(v eval.Value) bool {
	switch v := v.(type) {
	case eval.String:
		return v != ""
	case eval.Bool, eval.Number, *eval.Text:
		return true
	case *eval.Object:
		return v.Kind == eval.KindObject || v.Kind == eval.KindArray && fullness(v) > 0
	}
	return false
}
