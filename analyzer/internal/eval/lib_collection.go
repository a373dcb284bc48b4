package eval

import "slices"

// The elements of a Set are its values, those of a Map arrays of a key and its value.

var setMethods, mapMethods map[string]Native

func init() {
	both := map[string]Native{"has": collectionHas, "delete": collectionDelete, "clear": collectionClear, "forEach": collectionForEach}
	setMethods = map[string]Native{
		"add": setAdd, "values": iteratorOf(elements), "keys": iteratorOf(elements), symbolIterator: iteratorOf(elements),
		"entries": iteratorOf(func(m *Machine, o *Object) *Object {
			out := m.newArray(nil)
			for _, e := range o.Elems {
				out.Elems = append(out.Elems, Elem{Value: m.NewArray(e.Value, e.Value), When: e.When, Each: e.Each})
			}
			return out
		}),
	}
	mapMethods = map[string]Native{
		"get": mapGet, "set": mapSet, "entries": iteratorOf(pairs), symbolIterator: iteratorOf(pairs),
		"keys":   iteratorOf(func(m *Machine, o *Object) *Object { return m.column(o, 0) }),
		"values": iteratorOf(func(m *Machine, o *Object) *Object { return m.column(o, 1) }),
	}
	for name, f := range both {
		setMethods[name], mapMethods[name] = f, f
	}
	for _, name := range []string{"union", "intersection", "difference", "symmetricDifference", "isSubsetOf", "isSupersetOf", "isDisjointFrom"} {
		setMethods[name] = unknownOf("a method of sets that not every runtime has")
	}
	onCollections(setMethods, "Set", KindSet)
	onCollections(mapMethods, "Map", KindMap)
}

// onCollections guards methods that need a collection of a kind as this.
func onCollections(methods map[string]Native, class string, kind ObjectKind) {
	for name, f := range methods {
		methods[name] = func(m *Machine, this Value, args []Value) Value {
			return m.lift(this, func(this Value) Value {
				switch o, ok := this.(*Object); {
				case ok && o.Kind == kind:
					return f(m, o, args)
				case isUnknown(this) || ok && (o.Kind == KindHost || len(o.open) > 0):
					return m.unknown("a method called on something else", m.Describe(this)+"."+name+"(...)")
				}
				return m.raise("TypeError", "Method "+class+".prototype."+name+" called on incompatible receiver "+m.Describe(this))
			})
		}
	}
}

func pairs(m *Machine, o *Object) *Object {
	out := m.newArray(nil)
	for _, e := range o.Elems {
		out.Elems = append(out.Elems, Elem{Value: m.NewArray(m.nth(e.Value, 0), m.nth(e.Value, 1)), When: e.When, Each: e.Each})
	}
	return out
}

func (m *Machine) column(o *Object, i int) *Object {
	out := m.newArray(nil)
	for _, e := range o.Elems {
		out.Elems = append(out.Elems, Elem{Value: m.nth(e.Value, i), When: e.When, Each: e.Each})
	}
	return out
}

// collection makes a collection of a kind of what its constructor is given.
func collection(kind ObjectKind, class string) Native {
	return func(m *Machine, this Value, args []Value) Value {
		if this != Value(constructing) {
			return m.raise("TypeError", "Constructor "+class+" requires 'new'")
		}
		if class[0] == 'W' {
			return m.newWeakly(kind, class, m.iterated(argument(args, 0)))
		}
		o := m.newObject(kind)
		for _, e := range m.iterated(argument(args, 0)) {
			switch {
			case m.spent():
				o.Elems = append(o.Elems, Elem{Value: outOfBudget, Each: "..."})
				return o
			case kind == KindSet:
				m.addTo(o, e)
			case e.When == nil && e.Each == "":
				m.put(o, m.nth(e.Value, 0), m.nth(e.Value, 1))
			default:
				o.Elems = append(o.Elems, e)
			}
		}
		return o
	}
}

func (m *Machine) addTo(o *Object, e Elem) {
	for _, old := range o.Elems {
		if sameKnown(old.Value, e.Value) && old.When == nil && old.Each == "" {
			return
		}
	}
	if e.Value == Value(Number(0)) {
		e.Value = Number(0) // there is one zero
	}
	e.Hole = false
	m.add(o, e)
}

// sameKnown tells that two values are one key of a collection for certain.
func sameKnown(a, b Value) bool {
	_, number := a.(Number)
	return number && sameZero(a, b) || !number && same(a, b)
}

func setAdd(m *Machine, this Value, args []Value) Value {
	v := argument(args, 0)
	m.addTo(this.(*Object), elemOf(v))
	return this
}

func mapSet(m *Machine, this Value, args []Value) Value {
	o := this.(*Object)
	m.put(o, argument(args, 0), argument(args, 1))
	return o
}

func (m *Machine) put(o *Object, key, v Value) {
	if key == Value(Number(0)) {
		key = Number(0)
	}
	m.change(o)
	pair := Elem{Value: m.NewArray(key, v)}
	for i, e := range o.Elems {
		if sameKnown(m.nth(e.Value, 0), key) && e.Each == "" {
			elems := append([]Elem(nil), o.Elems...)
			elems[i] = pair
			o.Elems = elems
			return
		}
	}
	m.add(o, pair)
}

func mapGet(m *Machine, this Value, args []Value) Value {
	o := this.(*Object)
	return m.lift(argument(args, 0), func(key Value) Value {
		for _, e := range o.Elems {
			if e.Each == "" && sameKnown(m.nth(e.Value, 0), key) {
				return m.present(Elem{Value: m.nth(e.Value, 1), When: e.When})
			}
		}
		if isUnknown(key) && len(o.Elems) > 0 || len(o.open) > 0 {
			return m.callUnknown(m.unknown("looked up by an unknown key", "map.get"), []Value{key})
		}
		for _, e := range o.Elems {
			if e.Each != "" {
				return m.unknown("looked up in an unknown list", e.Each)
			}
			if k := m.nth(e.Value, 0); isUnknown(k) || isText(k) {
				return m.callUnknown(m.unknown("looked up among unknown keys", "map.get"), []Value{key})
			}
		}
		if s, ok := key.(String); ok {
			m.miss(o, string(s))
		}
		return Undefined
	})
}

// keys is the list of what a collection has by its keys.
func (m *Machine) keysIn(o *Object) *Object {
	if o.Kind == KindMap {
		keys := m.column(o, 0)
		keys.open = o.open
		return keys
	}
	return o
}

func collectionHas(m *Machine, this Value, args []Value) Value {
	o := this.(*Object)
	if s, ok := argument(args, 0).(String); ok {
		m.miss(o, string(s))
	}
	return arrayIncludes(m, m.keysIn(o), []Value{argument(args, 0)})
}

// collectionDelete takes a key out. Where it may be one of several, each of those may be gone.
func collectionDelete(m *Machine, this Value, args []Value) Value {
	o := this.(*Object)
	return m.lift(argument(args, 0), func(key Value) Value {
		keys := m.keysIn(o).Elems
		was := never
		var left []Elem
		for i, e := range o.Elems {
			hit := and(orTrue(e.When), m.sameKey(keys[i].Value, key))
			if e.Each != "" {
				hit = never // it is one of many, the others stay
				was = or(was, Truth(m.resultOf(m.unknown("taken out of an unknown list", "delete"), []Value{key})))
			}
			if was = or(was, hit); hit.isTrue() {
				continue
			}
			if !hit.isFalse() {
				e.When = whenOf(and(orTrue(e.When), not(hit)))
			}
			left = append(left, e)
		}
		if !was.isFalse() {
			m.change(o)
			o.Elems = left
		}
		return truthValue(or(was, m.mayHold(o, key)))
	})
}

func collectionClear(m *Machine, this Value, _ []Value) Value {
	o := this.(*Object)
	m.change(o)
	o.Elems, o.open = nil, nil
	return Undefined
}

func collectionForEach(m *Machine, this Value, args []Value) Value {
	o := this.(*Object)
	f := argument(args, 0)
	if isNoFunction(f) {
		return m.raise("TypeError", m.Describe(f)+" is not a function")
	}
	for s := m.stepsOf(o); ; {
		e, ok := s.next()
		if !ok {
			return Undefined
		}
		if m.spent() {
			return outOfBudget
		}
		key, v := e.Value, e.Value
		if o.Kind == KindMap {
			key, v = m.nth(e.Value, 0), m.nth(e.Value, 1)
		}
		run := func() Value { return m.Call(f, argument(args, 1), []Value{v, key, o}) }
		if cond := m.presence(e); cond.isTrue() {
			run()
		} else {
			m.fork(cond, run, func() Value { return Undefined })
		}
	}
}

// collectionSize is the number of elements of a collection.
func collectionSize(m *Machine, this Value, _ []Value) Value {
	return m.lift(this, func(this Value) Value {
		o, ok := this.(*Object)
		switch {
		case !ok || o.Kind != KindMap && o.Kind != KindSet:
			return m.unknown("size of something else", "size")
		case len(o.open) > 0 || slices.ContainsFunc(o.Elems, func(e Elem) bool { return e.Each != "" || isText(e.Value) }):
			return m.resultOf(m.unknown("size of a collection that is not known whole", "size"), []Value{o})
		}
		keys := m.keysIn(o).Elems
		for i, e := range keys {
			if isUnknown(e.Value) && len(keys) > 1 && i >= 0 {
				return m.resultOf(m.unknown("size of a collection with unknown keys", "size"), []Value{o})
			}
		}
		return m.arrayLength(o)
	})
}
