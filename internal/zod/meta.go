package zod

// metadata returns what the global registry gives for an instance: its own
// record over that of the instances it was cloned from, whose id it doesn't
// inherit. It is nil when nothing is registered.
func (d *Def) metadata() []Prop { return d.metadataIn("") }

// metadataIn is metadata for a registry of the program's own; "" is the global one.
func (d *Def) metadataIn(registry string) []Prop {
	var chain []*Def
	for at := d; at != nil && len(chain) < 10000; at = at.Parent {
		chain = append(chain, at)
	}
	var props []Prop
	for i := len(chain) - 1; i >= 0; i-- {
		at := chain[i]
		props = removeProp(props, "id")
		own := at.recordIn(registry)
		if own == nil {
			continue
		}
		for j := range own.Props {
			p := &own.Props[j]
			props = setProp(props, p.Key, p.read())
		}
	}
	return props
}

// Registered returns what a registry gives for the instance, "" being the global one; undefined for nothing.
func (d *Def) Registered(registry string) Arg {
	if props := d.metadataIn(registry); len(props) > 0 {
		return ObjectArg(props...)
	}
	return Undefined()
}

// recordIn is what a registry holds for this very instance, nil for nothing.
func (d *Def) recordIn(registry string) *Metadata {
	if registry == "" {
		return d.Meta
	}
	return d.Others[registry]
}

// metaID returns the id that a registry has for the instance, or an empty string.
func (d *Def) metaID(registry string) string {
	own := d.recordIn(registry)
	if own == nil {
		return ""
	}
	for i := range own.Props {
		if p := &own.Props[i]; p.Key == "id" {
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
