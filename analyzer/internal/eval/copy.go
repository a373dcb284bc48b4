package eval

// maxCopied bounds how many objects a value may hold that is copied.
const maxCopied = 64

// copier copies the objects that one evaluation made into another one.
type copier struct {
	m        *Machine
	from, to uint64
	copies   map[*Object]*Object
	failed   bool
}

// copied is a value with the objects in it that the evaluation from made, made anew for the evaluation to. failed says
// that it can't be copied: it holds functions, which share names with one another, or too much.
func (m *Machine) copied(v Value, from, to uint64) (copy Value, failed bool) {
	c := &copier{m: m, from: from, to: to, copies: map[*Object]*Object{}}
	copy = c.value(v)
	if c.failed {
		return v, true
	}
	return copy, false
}

func (c *copier) value(v Value) Value {
	switch v := v.(type) {
	case *Choice:
		return &Choice{v.Cond, c.value(v.Then), c.value(v.Else)}
	case *Object:
		return c.object(v)
	}
	return v
}

func (c *copier) made(o *Object) bool { return o != nil && o.run == c.from }

func (c *copier) object(o *Object) *Object {
	if !c.made(o) || c.failed {
		return o
	}
	if done := c.copies[o]; done != nil {
		return done
	}
	c.failed = o.Func != nil || o.Host != nil || o.proxy != nil || c.made(o.Proto) || len(c.copies) >= maxCopied
	n := c.m.newObject(o.Kind)
	n.run, n.Proto, n.bare, n.Site, n.open, n.fixed = c.to, o.Proto, o.bare, o.Site, o.open, o.fixed
	c.copies[o] = n
	for _, e := range o.props.entries {
		p := *e.value
		if c.failed = c.failed || c.made(p.Get) || c.made(p.Set); p.Value != nil {
			p.Value = c.value(p.Value)
		}
		n.set(e.name, &p)
	}
	for _, e := range o.Elems {
		n.Elems = append(n.Elems, Elem{Value: c.value(e.Value), When: e.When, Each: e.Each, Hole: e.Hole})
	}
	return n
}
