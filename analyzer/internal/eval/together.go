package eval

import (
	"slices"

	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
)

// part is what of a unit is evaluated by itself: a declarator, or one expression of a sequence.
type part struct {
	node  js.Node
	names []string // that it declares or assigns when it runs, outside of functions; as often as it does
	plain bool     // it gives one name its value, and does nothing else to names
}

// division is how a unit's statement divides into parts.
type division struct {
	parts []part
	of    map[string][]int // the parts that give a name its value, as often as they do
	// what was found for names that are found together
	found map[string]Value
}

// divide divides a unit's statement; one of another kind has no parts.
func (m *Machine) divide(statement js.Node) *division {
	k := nodeKey{statement.Tree(), statement.Index()}
	if d := m.units[k]; d != nil {
		return d
	}
	d := &division{of: map[string][]int{}, found: map[string]Value{}}
	switch statement.Kind() {
	case js.VariableDeclaration, js.LexicalDeclaration:
		d.parts = []part{declarator(statement.ChildOfKind(js.VariableDeclarator))}
	case js.ExpressionStatement:
		d.parts = sequence(nil, statement.FirstChild())
	}
	for i, p := range d.parts {
		for _, name := range p.names {
			d.of[name] = append(d.of[name], i)
		}
	}
	m.units[k] = d
	return d
}

func declarator(n js.Node) part {
	name := n.Child(js.FieldName)
	p := part{node: n}
	name.PatternNames(func(n js.Node) { p.names = append(p.names, n.Text()) })
	p.names = append(p.names, assignedIn(n.Child(js.FieldValue))...)
	p.plain = len(p.names) == 1 && name.Kind() == js.Identifier
	return p
}

func sequence(parts []part, n js.Node) []part {
	switch n.Kind() {
	case js.SequenceExpression:
		for c := n.FirstChild(); c.Valid(); c = c.Next() {
			parts = sequence(parts, c)
		}
		return parts
	case js.ParenthesizedExpression:
		return sequence(parts, n.FirstChild())
	}
	p := part{node: n, names: assignedIn(n)}
	p.plain = len(p.names) == 1 && n.Kind() == js.AssignmentExpression && n.Child(js.FieldLeft).Kind() == js.Identifier
	return append(parts, p)
}

// assignedIn returns the names that an expression assigns, outside of the functions in it.
func assignedIn(n js.Node) (names []string) {
	if !n.Valid() {
		return nil
	}
	add := func(n js.Node) { names = append(names, n.Text()) }
	t := n.Tree()
	for i := int(n.Index()); i < n.After(); {
		n := t.At(i)
		i++
		switch n.Kind() {
		case js.FunctionExpression, js.ArrowFunction, js.MethodDefinition, js.GeneratorFunction, js.Class, js.ClassBody:
			i = n.After()
		case js.AssignmentExpression, js.AugmentedAssignment:
			if left := n.Child(js.FieldLeft); left.Kind() != js.MemberExpression && left.Kind() != js.SubscriptExpression {
				left.PatternNames(add)
			}
		case js.UpdateExpression:
			if argument := n.Child(js.FieldArgument); argument.Kind() == js.Identifier {
				add(argument)
			}
		}
	}
	return names
}

// last returns the last part that gives a name its value and does nothing else.
func (d *division) last(name string) (p part, ok bool) {
	if of := d.of[name]; len(of) > 0 {
		p = d.parts[of[len(of)-1]]
	}
	return p, p.plain
}

// together returns the names that parts of a unit assign along with a name, that name first, and the parts which do:
// one run of these finds them all, since what one name holds may be what another one holds. It returns none for a
// name that is only given values by itself.
func (d *division) together(name string) (names []string, run []part) {
	if !slices.ContainsFunc(d.of[name], func(i int) bool { return !d.parts[i].plain }) {
		return nil, nil
	}
	names = []string{name}
	in := map[string]bool{name: true}
	runs := make([]bool, len(d.parts))
	for i := 0; i < len(names); i++ {
		for _, at := range d.of[names[i]] {
			runs[at] = true
			for _, s := range d.parts[at].names {
				if !in[s] {
					in[s] = true
					names = append(names, s)
				}
			}
		}
	}
	for i, p := range d.parts {
		if runs[i] || slices.ContainsFunc(touched(p.node), func(s string) bool { return in[s] }) {
			run = append(run, p)
		}
	}
	return names, run
}

// together evaluates the parts of a unit that give several names their values, and returns what they give one of
// them, nil for nothing; ok is false where the name's value is found by itself.
func (m *Machine) together(c *Cell, module *scope.Module, def js.Def) (v Value, ok bool) {
	tree, env, ok := m.unit(module, def.Unit)
	if !ok {
		return nil, false
	}
	d := m.divide(tree.Root().FirstChild())
	if v, ok := d.found[def.Name]; ok {
		return v, true
	}
	names, run := d.together(def.Name)
	if names == nil {
		return nil, false
	}
	values, kept := m.runTogether(c, def.Unit, env, names, run)
	if kept {
		for i, s := range names {
			d.found[s] = values[i]
		}
	}
	return values[0], true
}

// assignedOnce is what a part of a unit assigns to a module-level name, where that was found together with other names:
// it happens once, whoever evaluates the part, and what it gives is one object for all.
func (m *Machine) assignedOnce(n js.Node, env *Env) (Value, bool) {
	left := n.Child(js.FieldLeft)
	if env.outer != nil || left.Kind() != js.Identifier {
		return nil, false
	}
	c := m.cell(env, left.Text())
	if c == nil || c.rank > 0 {
		return nil, false
	}
	m.force(c)
	d := m.divide(n.Tree().Root().FirstChild())
	v := d.found[left.Text()]
	return v, v != nil && len(d.of[left.Text()]) == 1
}

// runTogether runs parts of a unit on behalf of c, which is being found, and returns what they leave in names; kept
// is false where that rests on something that is not known yet.
func (m *Machine) runTogether(c *Cell, unit int32, env *Env, names []string, run []part) (values []Value, kept bool) {
	return m.anew(c, unit, env, names, func() {
		outer := m.journal
		m.journal = m.newJournal(outer)
		for _, p := range run {
			m.attemptQuietly(func() { m.runPart(p, env) })
		}
		m.forget(m.endJournal())
		m.journal = outer
	})
}

// anew runs part of a unit on behalf of c, with names as they are before it, and returns what it leaves in them. The names
// count as born in this run: others that are found meanwhile see what they hold by then.
func (m *Machine) anew(c *Cell, unit int32, env *Env, names []string, run func()) (values []Value, kept bool) {
	cells := make([]*Cell, len(names))
	before := make([]Cell, len(names))
	root := env.root()
	for i, s := range names {
		b, ok := root.module.Lookup(root.thunk, s)
		if !ok {
			continue
		}
		x := m.bindingCell(b)
		cells[i], before[i] = x, *x
		if x != c {
			x.rank, x.value = c.rank, nil
			x.value = m.initialBefore(x, b, unit)
		}
		x.init = unassigned
	}
	deep := m.tooDeep
	m.clock++
	for _, x := range cells {
		if x != nil {
			x.birth, x.run = m.clock+1, m.run
		}
	}
	run()
	values = make([]Value, len(names))
	for i, x := range cells {
		if x == nil {
			continue
		}
		if x.init == nil {
			values[i] = x.value
		}
		*x = before[i]
	}
	return values, m.cycle >= int(c.rank) && m.tooDeep == deep && m.steps <= m.limit
}

// unassigned is the init of a cell that no assignment has reached yet.
func unassigned() Value { return Undefined }

func (m *Machine) runPart(p part, env *Env) {
	if p.node.Kind() != js.VariableDeclarator {
		m.Eval(p.node, env)
		return
	}
	name, value := p.node.Child(js.FieldName), p.node.Child(js.FieldValue)
	if !value.Valid() {
		return
	}
	v := m.Eval(value, env)
	m.nameFunction(v, name)
	m.bind(name, v, env, func(n js.Node, v Value) {
		if c := m.cell(env, n.Text()); c != nil {
			m.assign(c, v)
		}
	})
}
