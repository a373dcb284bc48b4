package eval

// completion is how a statement ends. Where that depends on an open condition, it is a fork of two completions. Where
// more statements ran after some of its outcomes, it is a fork whose else side has those outcomes left out.
type completion struct {
	kind      completionKind
	kinds     kindSet // of itself, or of all the outcomes of a fork
	value     Value   // of return and throw
	label     string  // of break and continue
	cond      *Cond   // of a fork
	then, els *completion
	left      outcomes // of a fork: the outcomes of els that then stands for
}

type completionKind uint8

const (
	normal completionKind = iota
	returns
	breaks
	continues
	throws
	forks
)

type kindSet uint8

// outcomes tells which completions are meant: those of a kind, for breaks and continues with no label or this one.
type outcomes struct {
	kinds kindSet
	label string
}

func of(kind completionKind) outcomes { return outcomes{kinds: 1 << kind} }

func (o outcomes) has(c *completion) bool {
	return o.kinds&(1<<c.kind) != 0 && (c.label == "" || c.label == o.label)
}

func leaf(kind completionKind, value Value, label string) *completion {
	return &completion{kind: kind, kinds: 1 << kind, value: value, label: label}
}

var ended = leaf(normal, nil, "")

// when returns the condition under which c ends in one of the outcomes; those in without are not c's any more.
func (c *completion) when(o outcomes, without []outcomes) *Cond {
	if c.kinds&o.kinds == 0 {
		return never
	}
	if c.kind == forks {
		then := c.then.when(o, without)
		if c.left.kinds != 0 {
			without = append(without[:len(without):len(without)], c.left)
		}
		return ite(c.cond, then, c.els.when(o, without))
	}
	for _, w := range without {
		if w.has(c) {
			return never
		}
	}
	return constant(o.has(c))
}

// replace puts next in the place of the outcomes that o tells.
func (c *completion) replace(o outcomes, next *completion) *completion {
	if c.kinds&o.kinds == 0 {
		return c
	}
	cond := c.when(o, nil)
	switch {
	case cond.isFalse():
		return c
	case cond.isTrue():
		return next
	}
	rest := c.kinds &^ o.kinds
	if o.label != "" || c.kind == forks && o.kinds&(1<<normal) == 0 {
		rest = c.kinds // others of the same kind may stay, with another label
	}
	return &completion{kind: forks, kinds: next.kinds | rest, cond: cond, then: next, els: c, left: o}
}

func forked(cond *Cond, a, b *completion) *completion {
	if a == b || a.kind == b.kind && a.kind != forks && a.kind != returns && a.kind != throws && a.label == b.label {
		return a
	}
	return &completion{kind: forks, kinds: a.kinds | b.kinds, cond: cond, then: a, els: b}
}

// outcome is what a function gives whose body ends in c. Where it throws for certain and nothing around would notice,
// that is something unknown: what a program refuses before it has started is no reason to see nothing of it.
func (m *Machine) outcome(fn *Func, c *completion) Value {
	v, threw := m.fold(c, nil)
	switch {
	case v != nil:
		return v
	case threw != nil && fn.async:
		return m.rejected(threw)
	case m.guards > 0:
		panic(thrown{threw})
	case threw == nil:
		return outOfBudget
	}
	return &Unknown{Key: throwsKey + place(fn.Node), Expr: "function(...)", Why: "throws " + m.Describe(threw)}
}

// orThrown is what stands for one of two outcomes where that throws. A try statement around would go on in another way: that
// is not followed, and the value is unknown. Without one the program ends, and the other outcome is what there is.
func (m *Machine) orThrown(v Value, threw Value) Value {
	if v != nil || m.catching == 0 || threw == nil {
		return v
	}
	return m.unknown("an exception that is caught", "throw")
}

// fold returns the value that c returns, nil where it always throws. Outcomes in without are not c's any more.
func (m *Machine) fold(c *completion, without []outcomes) (v, threw Value) {
	if c.kind == forks {
		a, ta := m.fold(c.then, without)
		if c.left.kinds != 0 {
			without = append(without[:len(without):len(without)], c.left)
		}
		b, tb := m.fold(c.els, without)
		if a == nil && b == nil {
			if ta == nil {
				ta = tb
			}
			return nil, ta
		}
		return m.choose(c.cond, m.orThrown(a, ta), m.orThrown(b, tb)), nil
	}
	for _, w := range without {
		if w.has(c) {
			return nil, nil
		}
	}
	switch c.kind {
	case returns:
		return c.value, nil
	case throws:
		return nil, c.value
	}
	return Undefined, nil
}
