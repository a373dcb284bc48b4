package zod

import "strings"

// These follow the library's own internals: whether a key may be absent (optin
// and optout), which values a schema has, and whether it transforms.

// optionality is the rung of optin and optout.
type optionality uint8

const (
	requiredKey optionality = iota
	optionalKey
	defaultedKey
)

// walk guards a recursive question about a definition.
type walk map[*Def]bool

// enter tells whether d wasn't asked about yet.
func (w walk) enter(d *Def) bool {
	if w[d] || len(w) > 10000 {
		return false
	}
	w[d] = true
	return true
}

// optin tells whether the input may lack the key. unknown is set when it
// can't be told.
func (d *Def) optin(w walk, unknown *bool) optionality {
	if d == nil || !w.enter(d) {
		return requiredKey
	}
	defer delete(w, d)
	v := d.Dialect
	switch d.Kind {
	case KindOptional:
		if v.since(5, 0) && d.Inner.Def().optin(w, unknown) == defaultedKey {
			return defaultedKey
		}
		return optionalKey
	case KindDefault, KindPrefault:
		return rung(v, defaultedKey)
	case KindCatch:
		return d.catchOptin(w, unknown)
	case KindUndefined:
		return atMost(!v.since(4, 0))
	case KindTransform:
		return atMost(v.since(4, 3))
	case KindNullable, KindReadonly, KindLazy:
		return d.Inner.Def().optin(w, unknown)
	case KindPipe:
		if v.since(4, 2) && !v.since(4, 3) && strings.Contains(d.Class, "Preprocess") { // that release alone
			return d.Out.Def().optin(w, unknown)
		}
		return d.In.Def().optin(w, unknown)
	case KindUnion:
		return d.unionOptin(w, unknown)
	case KindUnresolved:
		*unknown = true
	}
	return requiredKey
}

func (d *Def) catchOptin(w walk, unknown *bool) optionality {
	v := d.Dialect
	inner := func() optionality { return d.Inner.Def().optin(w, unknown) }
	switch {
	case v.since(5, 0):
		return max(optionalKey, inner())
	case v.since(4, 3) || !v.since(0, 6):
		return optionalKey
	}
	return inner()
}

func (d *Def) unionOptin(w walk, unknown *bool) optionality {
	best := requiredKey
	for _, o := range d.Options {
		best = max(best, o.Def().optin(w, unknown))
	}
	return best
}

func rung(v Dialect, o optionality) optionality {
	if !v.since(5, 0) {
		return optionalKey
	}
	return o
}

func atMost(optional bool) optionality {
	if optional {
		return optionalKey
	}
	return requiredKey
}

// inputOptin looks past a preprocess and a catch since 4.5: what they are
// declared to take counts, not what the parser lets through.
func (d *Def) inputOptin(unknown *bool) optionality {
	for n := 0; d.Dialect.since(5, 0) && n < 1000; n++ {
		switch {
		case d.Kind == KindPipe && d.In.Def().Kind == KindTransform:
			d = d.Out.Def()
			continue
		case d.Kind == KindCatch:
			d = d.Inner.Def()
			continue
		}
		break
	}
	return d.optin(walk{}, unknown)
}

// optout tells whether the output may lack the key.
func (d *Def) optout(w walk, unknown *bool) bool {
	if d == nil || !w.enter(d) {
		return false
	}
	defer delete(w, d)
	switch d.Kind {
	case KindOptional:
		return true
	case KindUndefined:
		return !d.Dialect.since(4, 0)
	case KindNullable, KindReadonly, KindCatch, KindLazy:
		return d.Inner.Def().optout(w, unknown)
	case KindPipe:
		return d.Out.Def().optout(w, unknown)
	case KindUnion:
		for _, o := range d.Options {
			if o.Def().optout(w, unknown) {
				return true
			}
		}
	case KindUnresolved:
		*unknown = true
	}
	return false
}

// values returns the finite set of values of a schema, or nil.
func (d *Def) values(w walk) *valueSet {
	if d == nil || d.NoValues || !w.enter(d) {
		return nil
	}
	defer delete(w, d)
	switch d.Kind {
	case KindUndefined:
		return newValueSet(Undefined())
	case KindNull:
		return newValueSet(Null())
	case KindEnum:
		return newValueSet(d.enumValues()...)
	case KindLiteral:
		return newValueSet(d.Values...)
	case KindOptional:
		if d.Exact {
			return d.Inner.Def().values(w)
		}
		return d.Inner.Def().values(w).with(Undefined())
	case KindNullable:
		return d.Inner.Def().values(w).with(Null())
	case KindDefault, KindPrefault, KindCatch, KindReadonly:
		return d.Inner.Def().values(w)
	case KindNonOptional:
		return d.Inner.Def().values(w).without(Undefined())
	case KindPipe:
		return d.In.Def().values(w)
	case KindUnion:
		return d.unionValues(w)
	}
	return nil
}

func (s *valueSet) without(a Arg) *valueSet {
	if s == nil {
		return nil
	}
	out := &valueSet{}
	for _, b := range s.list {
		if !sameValue(a, b) {
			out.list = append(out.list, b)
		}
	}
	return out
}

func (d *Def) unionValues(w walk) *valueSet {
	all := &valueSet{}
	for _, o := range d.Options {
		s := o.Def().values(w)
		if s == nil {
			return nil
		}
		for _, a := range s.list {
			all.add(a)
		}
	}
	return all
}

// enumValues returns the values of an enum, without the reverse mapping that a
// numeric TypeScript enum has.
func (d *Def) enumValues() []Arg {
	numeric := map[string]bool{}
	for _, e := range d.Entries {
		if e.Value.Kind == ArgNumber {
			numeric[e.Value.text()] = true
		}
	}
	list := []Arg{}
	for _, e := range d.Entries {
		if !numeric[e.Key] {
			list = append(list, e.Value)
		}
	}
	return list
}

// transforms tells whether a schema holds a transformation.
func (d *Def) transforms(w walk) bool {
	if d == nil || w[d] || len(w) > 1_000_000 {
		return false
	}
	w[d] = true
	v := d.Dialect
	switch d.Kind {
	case KindTransform:
		return true
	case KindPipe:
		if d.Codec && v.since(4, 2) {
			return true
		}
		return d.In.Def().transforms(w) || d.Out.Def().transforms(w)
	case KindCatch:
		return v.since(4, 0) && d.Inner.Def().transforms(w)
	case KindArray, KindLazy, KindPromise, KindOptional, KindNonOptional, KindNullable, KindReadonly, KindDefault, KindPrefault, KindSet:
		return d.Inner.Def().transforms(w)
	case KindIntersection:
		return d.Left.Def().transforms(w) || d.Right.Def().transforms(w)
	case KindRecord, KindMap:
		return d.Key.Def().transforms(w) || d.Value.Def().transforms(w)
	case KindObject:
		for _, f := range d.Shape.List() {
			if f.Schema.Def().transforms(w) {
				return true
			}
		}
	case KindUnion:
		return anyTransforms(d.Options, w)
	case KindTuple:
		return anyTransforms(d.Items, w) || d.Rest != nil && d.Rest.Def().transforms(w)
	}
	return false
}

func anyTransforms(list []*Ref, w walk) bool {
	for _, r := range list {
		if r.Def().transforms(w) {
			return true
		}
	}
	return false
}
