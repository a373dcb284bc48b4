package eval

import "strconv"

// A WeakMap's entry is kept with its key, and not in the map: it lasts as long as the key does. What a program notes of an
// object while it makes it, such as a schema's description in a registry, is then known wherever the object is, whichever
// evaluation made it. A WeakSet is a WeakMap whose values are true.

// weakMethods are those of WeakMap.prototype, or of WeakSet.prototype.
func weakMethods(class string) map[string]Native {
	methods := map[string]Native{"has": weakHas, "delete": weakDelete}
	if class == "WeakMap" {
		methods["get"], methods["set"] = weakGet, weakSet
		onCollections(methods, class, KindMap)
	} else {
		methods["add"] = weakAdd
		onCollections(methods, class, KindSet)
	}
	return methods
}

// entry is the name of the member of its keys under which a weak collection keeps their entries. It is private, as a
// class's own members are.
func (o *Object) entry() string { return "#weak " + strconv.FormatUint(o.birth, 36) }

// newWeakly makes a weak collection of the pairs, or elements, that its constructor is given.
func (m *Machine) newWeakly(kind ObjectKind, class string, elems []Elem) *Object {
	m.clock++ // its entries are known by when it was made
	o := m.newObject(kind)
	o.Proto = m.prototypeOf(class)
	for _, e := range elems {
		key, v := e.Value, Value(Bool(true))
		if o.Kind == KindMap {
			key, v = m.nth(e.Value, 0), m.nth(e.Value, 1)
		}
		if k, ok := key.(*Object); ok && e.Each == "" && e.When == nil {
			m.putWeakly(o, k, v)
		} else {
			o.open = append(o.open, m.unknown("a weak collection made of what is not known", "weak"))
		}
	}
	return o
}

func (m *Machine) putWeakly(o, key *Object, v Value) {
	m.change(key)
	key.set(o.entry(), &Prop{Value: v, Hidden: true})
}

func weakSet(m *Machine, this Value, args []Value) Value {
	return m.addWeakly(this.(*Object), argument(args, 0), argument(args, 1), "Invalid value used as weak map key")
}

func weakAdd(m *Machine, this Value, args []Value) Value {
	return m.addWeakly(this.(*Object), argument(args, 0), Bool(true), "Invalid value used in weak set")
}

func (m *Machine) addWeakly(o *Object, key, v Value, why string) Value {
	if isPrimitive(key) {
		return m.raise("TypeError", why)
	}
	m.lift(key, func(key Value) Value {
		if k, ok := key.(*Object); ok {
			m.putWeakly(o, k, v)
		}
		return Undefined // an entry of what is not known is asked for by what is not known
	})
	return o
}

func weakGet(m *Machine, this Value, args []Value) Value {
	o := this.(*Object)
	return m.lift(argument(args, 0), func(key Value) Value {
		p, unknown := m.weakEntry(o, key)
		switch {
		case unknown:
			return m.callUnknown(m.unknown("looked up by an unknown key", "map.get"), []Value{key})
		case p == nil:
			return Undefined
		}
		return m.choose(orTrue(p.When), p.Value, Undefined)
	})
}

func weakHas(m *Machine, this Value, args []Value) Value {
	o := this.(*Object)
	return m.lift(argument(args, 0), func(key Value) Value {
		p, unknown := m.weakEntry(o, key)
		switch {
		case unknown:
			return m.resultOf(m.unknown("looked up by an unknown key", "has"), []Value{key})
		case p == nil:
			return Bool(false)
		}
		return truthValue(orTrue(p.When))
	})
}

func weakDelete(m *Machine, this Value, args []Value) Value {
	o := this.(*Object)
	was := weakHas(m, o, args)
	m.lift(argument(args, 0), func(key Value) Value {
		if p, _ := m.weakEntry(o, key); p != nil {
			k := key.(*Object)
			m.change(k)
			k.props.remove(o.entry())
		}
		return Undefined
	})
	return was
}

// weakEntry is the entry of a key; unknown says that nobody knows whether there is one.
func (m *Machine) weakEntry(o *Object, key Value) (p *Prop, unknown bool) {
	k, ok := key.(*Object)
	if !ok {
		return nil, isUnknown(key)
	}
	p = k.own(o.entry())
	return p, p == nil && len(o.open) > 0
}
