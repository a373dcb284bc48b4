package eval

import (
	"slices"

	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
)

// What a module puts into a list, a map or a table when it begins is there for good: `register(x)`, where the function
// pushes to the list, or `names.forEach(n => list.push(n))`. Statements that do so are run as those are that name the list.

// maxEffectSteps bounds such a statement. One that takes longer is the program's run, and not what prepares it.
const maxEffectSteps = 4_000

// maxEffects bounds how many statements are run so for one name.
const maxEffects = 256

// collectionWrites are the methods that change a list, a set or a map.
var collectionWrites = map[string]bool{"add": true, "set": true, "delete": true, "clear": true}

func writesCollection(method []byte) bool {
	return collectionWrites[string(method)] || writesArrays[string(method)]
}

// withEffects are the definitions of a name, in their order, with the statements by whose calls its object may change.
func withEffects(b scope.Binding) []js.Def {
	units := b.Module.Index().Units
	if len(b.Defs) == 0 || b.Defs[0].How != js.Declares {
		return b.Defs
	}
	if kind := units[b.Defs[0].Unit].Kind; kind != js.UnitVar && kind != js.UnitClass {
		return b.Defs
	}
	effects := b.Module.Effects(b.Name, writesCollection)
	if len(effects) == 0 || len(effects) > maxEffects {
		return b.Defs
	}
	defs := slices.Clone(b.Defs)
	for _, unit := range effects {
		if unit > b.Defs[0].Unit && !slices.ContainsFunc(b.Defs, func(d js.Def) bool { return d.Unit == unit }) {
			defs = append(defs, js.Def{Name: b.Name, Unit: unit, How: js.Affects})
		}
	}
	slices.SortStableFunc(defs, func(a, b js.Def) int { return int(a.Unit) - int(b.Unit) })
	return defs
}

// isCollection tells an object that a program fills, a class among them, and nothing of the runtime.
func (o *Object) isCollection() bool {
	return o.Kind != KindHost && (o.Func == nil || o.Func.class != nil) && o.Host == nil && o.proxy == nil && len(o.open) == 0
}

// beingFilled is why an object is not known that a statement which runs already goes on to fill.
const beingFilled = "filled by the statement that asks for it"

// isBeingFilled tells whether a statement that runs for another name is one by which a cell's object came to be what it is:
// when that statement begins it is not yet.
func (m *Machine) isBeingFilled(c *Cell) bool {
	return slices.ContainsFunc(m.filledBy[c], func(k unitKey) bool { _, runs := m.running[k]; return runs })
}

// does runs a statement; of a declaration, what gives its value.
func (m *Machine) does(statement js.Node, env *Env) {
	if d := statement.ChildOfKind(js.VariableDeclarator); d.Valid() {
		m.Eval(d.Child(js.FieldValue), env)
		return
	}
	m.statement(statement, env)
}

// unitKey tells a module's statement.
type unitKey struct {
	module int
	unit   int32
}

// affect runs a statement for what it does to the object of a name, all of it or nothing. It is false where that statement
// runs already, for another name: what it has done by now to this one's object is not known.
func (m *Machine) affect(c *Cell, module *scope.Module, unit int32) bool {
	k := unitKey{module.ID, unit}
	if !slices.Contains(m.filledBy[c], k) {
		m.filledBy[c] = append(m.filledBy[c], k)
	}
	if rank, runs := m.running[k]; runs {
		m.cycle = min(m.cycle, rank)
		return false
	}
	tree, env, ok := m.unit(module, unit)
	if !ok {
		return true
	}
	m.running[k] = m.forced
	defer delete(m.running, k)
	limit, exhausted, affecting := m.limit, m.exhausted, m.affecting
	m.affecting = true
	m.limit = min(limit, m.steps+maxEffectSteps)
	_, w, threw := m.branch(always, true, func() Value { m.does(tree.Root().FirstChild(), env); return nil })
	if m.steps <= m.limit && threw == nil {
		m.apply(w)
	}
	m.forget(w)
	m.limit, m.exhausted, m.affecting = limit, exhausted, affecting
	return true
}
