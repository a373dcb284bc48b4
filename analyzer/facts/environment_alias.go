package facts

import (
	"slices"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
	"github.com/bundlens/bundlens/schema"
)

// A program may read its environment by way of an object of its own: one with a member for each variable. What such an
// object is only shows when one of its members is evaluated.

// minAliased is how many members with names like those of variables make an object worth a look.
const minAliased = 3

// member is a place where a member with a name like that of a variable is read.
type memberRead struct {
	module *scope.Module
	start  uint32 // of the object
	name   string // of the member
}

// alias is what a name was found to be, and the members that are read of it.
type alias struct {
	module int
	name   string
	reads  []memberRead
}

// aliased notes the variables that are read by way of another object.
func aliased(p *analyzer.Pass, variables map[string]*schema.Variable) {
	f := &finder{Pass: p}
	for _, a := range aliases(p) {
		known := map[string]bool{} // whether a member is a variable
		misses := 0
		for _, r := range a.reads {
			is, seen := known[r.name]
			if !seen {
				if misses >= minAliased && len(known) == misses {
					break // none of them is one
				}
				if is = f.readsVariable(r); !is {
					misses++
				}
				known[r.name] = is
			}
			if !is {
				continue
			}
			v := variables[r.name]
			if v == nil {
				v = &schema.Variable{Name: r.name}
				variables[r.name] = v
			}
			v.Origins = append(v.Origins, schema.Origin{Module: r.module.Name, Start: int(r.start), End: int(r.start) + len(a.name) + 1 + len(r.name)})
		}
	}
}

// readsVariable evaluates a member where it is read.
func (f *finder) readsVariable(r memberRead) bool {
	tree, unit := r.module.TreeAt(r.start)
	if tree == nil {
		return false
	}
	n := nodeAt(tree, r.start)
	if n.Kind() != js.Identifier || n.Parent().Kind() != js.MemberExpression || written(n.Parent()) {
		return false
	}
	v := f.Machine.RunWithin(stepsOfPiece, func() eval.Value {
		return f.Machine.Eval(n.Parent(), f.Machine.Enclosing(r.module, unit, n))
	})
	reads := false
	eval.EachSubject(v, func(s *eval.Subject) { reads = reads || s.Kind == schema.KindEnv && s.Name == r.name })
	return reads
}

// aliases are the names with several members, named like variables, that are read, in the order of the modules.
func aliases(p *analyzer.Pass) []alias {
	type key struct {
		module int
		name   string
	}
	at := map[key]int{}
	var list []alias
	for _, m := range p.Program.Modules {
		local := map[string]int{} // by name in this module: its alias, or -1
		for object, member := range memberReads(m.Text) {
			name := string(m.Text[object[0]:object[1]])
			i, seen := local[name]
			if !seen {
				i = -1
				if b, ok := m.Lookup(-1, name); ok && b.Module != nil {
					k := key{b.Module.ID, b.Name}
					if i, ok = at[k]; !ok {
						i = len(list)
						at[k] = i
						list = append(list, alias{module: k.module, name: name})
					}
				}
				local[name] = i
			}
			if i >= 0 {
				list[i].reads = append(list[i].reads, memberRead{m, uint32(object[0]), string(m.Text[member[0]:member[1]])})
			}
		}
	}
	return slices.DeleteFunc(list, func(a alias) bool {
		names := map[string]bool{}
		for _, r := range a.reads {
			names[r.name] = true
		}
		return len(names) < minAliased
	})
}

// memberReads goes through the places in a source where a member in capitals and with an underscore is read of a name.
func memberReads(text []byte) func(yield func(object, member [2]int) bool) {
	return func(yield func(object, member [2]int) bool) {
		for i := 1; i < len(text)-2; i++ {
			if text[i] != '.' || text[i+1] < 'A' || text[i+1] > 'Z' {
				continue
			}
			end, underscore := i+1, false
			for end < len(text) && isCapital(text[end]) {
				underscore = underscore || text[end] == '_'
				end++
			}
			start := i
			for start > 0 && isWord(text[start-1]) {
				start--
			}
			if !underscore || end < len(text) && isWord(text[end]) || start == i || start > 0 && text[start-1] == '.' || text[start] >= '0' && text[start] <= '9' {
				continue
			}
			if !yield([2]int{start, i}, [2]int{i + 1, end}) {
				return
			}
			i = end - 1
		}
	}
}

func isCapital(c byte) bool { return c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' }

func isWord(c byte) bool { return isCapital(c) || c >= 'a' && c <= 'z' || c == '$' }
