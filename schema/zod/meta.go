package zod

// metadata returns what the global registry gives for an instance: its own
// record over that of the instances it was cloned from, whose id it doesn't
// inherit. It is nil when nothing is registered.
func (d *Def) metadata() []Prop {
	var chain []*Def
	for at := d; at != nil && len(chain) < 10000; at = at.Parent {
		chain = append(chain, at)
	}
	var props []Prop
	for i := len(chain) - 1; i >= 0; i-- {
		at := chain[i]
		props = removeProp(props, "id")
		if at.Meta == nil {
			continue
		}
		for j := range at.Meta.Props {
			p := &at.Meta.Props[j]
			props = setProp(props, p.Key, p.read())
		}
	}
	return props
}

// metaID returns the registered id, or an empty string.
func (d *Def) metaID() string {
	if d.Meta == nil {
		return ""
	}
	for i := range d.Meta.Props {
		if p := &d.Meta.Props[i]; p.Key == "id" {
			return p.read().Str
		}
	}
	return ""
}

func setProp(props []Prop, key string, v Arg) []Prop {
	for i := range props {
		if props[i].Key == key {
			props[i] = Prop{Key: key, Value: v}
			return props
		}
	}
	return append(props, Prop{Key: key, Value: v})
}

func removeProp(props []Prop, key string) []Prop {
	out := props[:0:0]
	for _, p := range props {
		if p.Key != key {
			out = append(out, p)
		}
	}
	return out
}
