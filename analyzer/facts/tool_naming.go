package facts

import (
	"slices"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/internal/lazyregexp"
)

// A program may keep the names of its tools under a member of its own. What it sends tells which: an object with a
// schema, whose name is that member of what a function is given.

// naming is what is known of tools whose name is another member.
type naming struct {
	members    []string // under which names are kept, in the order in which they are asked for
	candidates []candidate
}

// candidate is where a described object without a name is made.
type candidate struct {
	match analyzer.Match
	node  js.Node
}

var memberOfParameter = lazyregexp.New(`^parameter [^.()]*\.(\w+)$`)

// noteNaming keeps what an object literal that is no tool says of the names of tools, and the literal where it may be
// a tool itself.
func (f *finder) noteNaming(m analyzer.Match, n js.Node, v eval.Value, key string) {
	o, ok := (eval.World{}).Pick(v).(*eval.Object)
	switch {
	case !ok || o.Kind != eval.KindObject || o.Lookup("description") == nil:
	case o.Lookup("name") == nil:
		f.naming.candidates = append(f.naming.candidates, candidate{m, n})
	case slices.Contains(senderKeys, key):
		for _, member := range membersIn(f.member(o, "name")) {
			if member != "name" && !slices.Contains(f.naming.members, member) {
				f.naming.members = append(f.naming.members, member)
			}
		}
	}
}

// membersIn lists the members of a parameter that a value is one of.
func membersIn(v eval.Value) (members []string) {
	switch v := v.(type) {
	case *eval.Choice:
		return append(membersIn(v.Then), membersIn(v.Else)...)
	case *eval.Unknown:
		if g := memberOfParameter.Get().FindStringSubmatch(v.Key); g != nil {
			return g[1:]
		}
	}
	return nil
}

// renamed reads the candidates that have a name under one of the members that the program takes names from.
func (f *finder) renamed() {
	if len(f.naming.members) == 0 {
		return
	}
	for _, c := range f.naming.candidates {
		o, ok := (eval.World{}).Pick(f.eval(c.match, c.node)).(*eval.Object)
		if !ok {
			continue
		}
		name := f.otherName(o)
		if name == "" {
			continue
		}
		if d := f.readAs(o, name); d != nil {
			// the program hands on what it has of this form, but a list of such may be one of what others have
			d.call = d.call || c.node.Parent().Kind() != js.Array
			f.keep(c.node, d)
		}
	}
}

// otherName is the name that an object has under the first of the members that holds one.
func (f *finder) otherName(o *eval.Object) string {
	for _, member := range f.naming.members {
		if s, ok := (eval.World{}).Pick(f.member(o, member)).(eval.String); ok && isToolName(string(s)) {
			return string(s)
		}
	}
	return ""
}
