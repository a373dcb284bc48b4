package eval

import (
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
)

// Env is a scope at run time: the names of a block, function or module and their cells.
type Env struct {
	outer *Env
	cells table[*Cell]
	// of a module's or thunk's root scope
	module *scope.Module
	thunk  int32
	// of a function's scope
	function bool // not an arrow: has a this of its own
	this     Value
	callee   *Object
	called   bool               // it is being called, not looked into
	quiet    bool               // it is looked into; see Enclosing
	yield    func(Value) signal // of a generator's scope: gives a value to its caller, and tells how that goes on
}

// looksInto tells a scope inside a function that is not called but looked into.
func (e *Env) looksInto() bool {
	for ; e != nil && !e.called; e = e.outer {
		if e.quiet {
			return true
		}
	}
	return false
}

// isCalled tells a scope inside a function that is being called.
func (e *Env) isCalled() bool {
	for ; e != nil; e = e.outer {
		if e.called {
			return true
		}
	}
	return false
}

// Cell holds the value of a name. init, when not nil, finds it on first use.
type Cell struct {
	value Value
	init  func() Value
	birth uint64
	run   uint64
	noted uint64  // the journal that noted it last, by its birth
	found *partly // nil for a cell that was never looked into in part
	at    int32   // where it is in a journal that is being merged
	rank  int16   // depth of forcing at which it is being found; 0 when it is not
	local bool    // of a function's scope: finding it takes from the budget of who asks
	fixed bool    // declared as a constant
	// passing says that its value is what it holds at a point of its module's run.
	passing bool
}

// partly is what was found of a cell that is still to be found as a whole. It does not change.
type partly struct {
	spent  int    // a budget that was too small to find it
	rough  Value  // what was found with it
	sole   Value  // what it is in soleIn, a world that is evaluated alone
	soleIn *World // nil for none
	circle circle
}

// circle is what was found of a cell in a circle of names that wait for one another: it counts until the first of them is
// found. Each of many names that wait for many others would else be found anew for every way around.
type circle struct {
	first int    // the rank of the first of them
	turn  uint64 // and which finding of it that was
	times int    // how often the cell was found meanwhile
	value Value
}

// maxAround is how often a name is found in one circle.
const maxAround = 3

// inPart is what was found of the cell in part.
func (c *Cell) inPart() partly {
	if c.found == nil {
		return partly{}
	}
	return *c.found
}

func newEnv(outer *Env) *Env { return &Env{outer: outer} }

func (m *Machine) declare(e *Env, name string, v Value) {
	m.clock++
	e.cells.set(name, &Cell{value: v, birth: m.clock, run: m.run})
}

func (m *Machine) declareLazy(e *Env, name string, init func() Value) {
	m.declare(e, name, nil)
	c := e.cells.get(name)
	c.init, c.local = init, true
}

// Root returns the root scope of a module, or of a lazy-module thunk's body in it.
func (m *Machine) Root(module *scope.Module, thunk int32) *Env {
	k := rootKey{module.ID, thunk}
	if e := m.roots[k]; e != nil {
		return e
	}
	e := &Env{module: module, thunk: thunk}
	m.roots[k] = e
	return e
}

// root returns the root scope that e lies in.
func (e *Env) root() *Env {
	for e.outer != nil {
		e = e.outer
	}
	return e
}

// varCell is the cell that a name has among the vars of the function around, nil where a block between has it.
func (e *Env) varCell(name string) *Cell {
	for e = e.outer; e != nil; e = e.outer {
		if c := e.cells.get(name); c != nil {
			if !e.called {
				return nil
			}
			return c
		}
		if e.called {
			return nil
		}
	}
	return nil
}

// frame returns the scope of the nearest function that has a this of its own, or the root.
func (e *Env) frame() *Env {
	for e.outer != nil && !e.function {
		e = e.outer
	}
	return e
}

// cell finds the cell of a name, or nil where nothing declares it.
func (m *Machine) cell(e *Env, name string) *Cell {
	for ; e.outer != nil; e = e.outer {
		if c := e.cells.get(name); c != nil {
			return c
		}
	}
	if c := e.cells.get(name); c != nil {
		return c
	}
	return m.global(e.module, e.thunk, name)
}

// global finds the cell of a module-level name, or nil.
func (m *Machine) global(module *scope.Module, thunk int32, name string) *Cell {
	k := globalName{module.ID, thunk, name}
	if c, ok := m.globals[k]; ok {
		return c
	}
	b, ok := module.Lookup(thunk, name)
	var c *Cell
	if ok {
		c = m.bindingCell(b)
	} else {
		c = m.loaderName(module, name)
	}
	m.globals[k] = c
	return c
}

// bindingCell returns the one cell of what a name was found to be.
func (m *Machine) bindingCell(b scope.Binding) *Cell {
	switch {
	case b.Missing != "":
		return &Cell{value: m.missing(b.Missing, b.Imported)}
	case b.Star != nil:
		return &Cell{value: m.Namespace(b.Star)}
	case b.External != "":
		return &Cell{value: m.external(b.Importer, b.External, b.Imported)}
	case b.Required != nil:
		return &Cell{init: func() Value { return m.required(b) }}
	}
	k := globalName{b.Module.ID, b.Thunk, b.Name}
	if c := m.globals[k]; c != nil {
		return c
	}
	c := &Cell{}
	c.init = func() Value { return m.initial(c, b) }
	m.globals[k] = c
	return c
}

// force returns a cell's value, and finds it first where that has not been done.
func (m *Machine) force(c *Cell) Value {
	if c.passing {
		m.cycle = min(m.cycle, int(c.rank))
	}
	if c.init == nil {
		if c.value == nil {
			return Undefined
		}
		if m.affecting && m.isBeingFilled(c) {
			return m.unknown(beingFilled, "list")
		}
		return c.value
	}
	if c.rank > 0 {
		m.cycle = min(m.cycle, int(c.rank))
		if c.value != nil {
			return c.value
		}
		return m.unknown("refers to itself", "circular")
	}
	part := c.inPart()
	if m.only != nil && part.soleIn == m.only {
		return part.sole
	}
	if v := part.circle.value; v != nil && m.turns[part.circle.first] == part.circle.turn && part.circle.times >= maxAround {
		m.cycle = min(m.cycle, part.circle.first)
		return v
	}
	if c.local && part.rough != nil && m.limit-m.steps <= part.spent {
		m.steps += min(part.spent, m.limit-m.steps) / memoDiscount
		return part.rough
	}
	if m.forced >= maxForced {
		return m.overBudget("nested names")
	}
	outer := m.cycle
	m.forced++
	rank := m.forced
	m.turned++
	m.turns[rank] = m.turned
	c.rank, m.cycle = int16(rank), maxForced+1
	init, deep, exhausted := c.init, m.tooDeep, m.exhausted
	budget := maxSteps
	if c.local {
		budget = max(0, min(m.limit-m.steps, maxSteps))
	}
	only := m.only
	if !c.local {
		m.only = nil
	}
	v, used := m.within(budget, init)
	if c.local {
		m.steps += min(used, budget)
	}
	m.only = only
	met := m.cycle
	c.rank, m.turns[rank] = 0, 0
	m.forced--
	m.cycle = outer
	part = c.inPart()
	switch {
	case m.over():
		c.value = nil
		m.cycle = min(outer, met)
		return v
	case !c.local:
	case only != nil:
		if used <= budget && met >= rank {
			part.sole, part.soleIn = v, only
			c.found = &part
		}
		m.cycle = min(outer, met)
		return v
	case used > budget:
		part.spent, part.rough = budget, v // another evaluation may have more to spend on it
		c.found = &part
		return v
	case m.exhausted > exhausted:
		part.spent, part.rough = 2*budget, v // something in it ran out, and is found with much more
		c.found = &part
		return v
	}
	if m.tooDeep > deep {
		m.cycle = min(outer, met)
		return v // an evaluation that fewer wait for may go deeper
	}
	if met < rank {
		// v rests on a name that is still being found: it is not kept, so that the order of finding can't matter
		m.cycle = min(outer, met)
		c.value = nil
		m.goAround(c, met, v)
		return v
	}
	c.value, c.init = v, nil
	return v
}

// goAround notes what was found of a cell in the circle of the name that is being found at a rank.
func (m *Machine) goAround(c *Cell, first int, v Value) {
	turn := m.turns[first]
	if turn == 0 {
		return // it is no name that the others wait for
	}
	part := c.inPart()
	if part.circle.turn != turn {
		part.circle = circle{first: first, turn: turn}
	}
	part.circle.times++
	part.circle.value = v
	c.found = &part
}

// hoist is what is declared for a whole function before it runs.
type hoist struct {
	vars     []string
	assigned map[string]bool // names that are assigned to, "arguments" for its elements too
}

// reassigns tells that a function assigns to one of its parameters, or to what it was given.
func (h *hoist) reassigns(f js.Node) (is bool) {
	is = h.assigned["arguments"]
	for p := f.Child(js.FieldParameters).FirstChild(); p.Valid(); p = p.Next() {
		p.PatternNames(func(name js.Node) { is = is || h.assigned[name.Text()] })
	}
	return is
}

// hoistOf finds the var names of a function's body.
func (m *Machine) hoistOf(body js.Node) *hoist {
	k := nodeKey{body.Tree(), body.Index()}
	if h := m.hoisted[k]; h != nil {
		return h
	}
	h := &hoist{assigned: map[string]bool{}}
	seen := map[string]bool{}
	t := body.Tree()
	for i := int(body.Index()) + 1; i < body.After(); {
		n := t.At(i)
		switch n.Kind() {
		case js.FunctionDeclaration, js.FunctionExpression, js.ArrowFunction, js.MethodDefinition, js.GeneratorFunction,
			js.GeneratorFunctionDeclaration, js.Class, js.ClassDeclaration, js.Object:
			if n.Kind() == js.FunctionDeclaration && inBlock(n) && !isStrict(n) {
				if s := n.Child(js.FieldName).Text(); !seen[s] {
					seen[s] = true
					h.vars = append(h.vars, s)
				}
			}
			if n.Kind() == js.Object {
				break
			}
			i = n.After()
			continue
		case js.AssignmentExpression, js.AugmentedAssignment, js.UpdateExpression:
			left := n.Child(js.FieldLeft)
			if n.Kind() == js.UpdateExpression {
				left = n.Child(js.FieldArgument)
			}
			if left.Kind() == js.SubscriptExpression && left.Child(js.FieldObject).Text() == "arguments" {
				h.assigned["arguments"] = true
			}
			left.PatternNames(func(name js.Node) { h.assigned[name.Text()] = true })
		case js.VariableDeclarator:
			if n.Parent().Kind() == js.VariableDeclaration {
				n.Child(js.FieldName).PatternNames(func(name js.Node) {
					if s := name.Text(); !seen[s] {
						seen[s] = true
						h.vars = append(h.vars, s)
					}
				})
			}
		case js.ForInStatement:
			if k := n.Child(js.FieldKind); k.Valid() && k.Text() == "var" {
				n.Child(js.FieldLeft).PatternNames(func(name js.Node) {
					if s := name.Text(); !seen[s] {
						seen[s] = true
						h.vars = append(h.vars, s)
					}
				})
			}
		}
		i++
	}
	m.hoisted[k] = h
	return h
}

// inBlock tells a function that is declared in a block within its function: sloppy code has its name outside too.
func inBlock(n js.Node) bool {
	p := n.Parent()
	if p.Kind() != js.StatementBlock {
		return p.Kind() == js.IfStatement || p.Kind() == js.ElseClause
	}
	switch p.Parent().Kind() {
	case js.FunctionDeclaration, js.FunctionExpression, js.ArrowFunction, js.MethodDefinition, js.GeneratorFunction,
		js.GeneratorFunctionDeclaration, js.ClassStaticBlock:
		return false
	}
	return true
}
