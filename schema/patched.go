package schema

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/bundlens/bundlens/internal/ordered"
)

// The schemas of a tool in other worlds are mostly its schema with a property or a text more or less. A written Document
// has of such a one the difference alone, as a JSON merge patch (RFC 7386).

// writtenVariants are tools whose schemas are patches of one another where that is shorter.
func writtenVariants(tools []Tool) []Tool {
	out := make([]Tool, len(tools))
	for i, t := range tools {
		if len(t.SchemaVariants) > 0 {
			t.SchemaVariants = patched(t.InputSchema, t.SchemaVariants)
		}
		out[i] = t
	}
	return out
}

func patched(inputSchema json.RawMessage, variants []SchemaVariant) []SchemaVariant {
	out := make([]SchemaVariant, len(variants))
	bases := []any{parsedSchema(inputSchema)} // before each variant the schemas that it may be a patch of
	for i, v := range variants {
		schema := parsedSchema(v.InputSchema)
		var whole bytes.Buffer
		if json.Compact(&whole, v.InputSchema) != nil {
			whole.Reset()
		}
		shortest := whole.Len()
		for at, base := range bases {
			patch, err := ordered.Marshal(mergePatch(base, schema))
			if err != nil || len(patch) >= shortest || !gives(base, patch, whole.Bytes()) {
				continue
			}
			shortest = len(patch)
			v.InputSchema, v.Patch, v.Of = nil, patch, nil
			if at > 0 {
				of := at - 1
				v.Of = &of
			}
		}
		out[i] = v
		bases = append(bases, schema)
	}
	return out
}

func parsedSchema(raw json.RawMessage) any {
	v, err := ordered.Parse(raw)
	if err != nil {
		return nil
	}
	return v
}

// gives says whether a patch makes exactly a schema, in the order of its keys and in its form of writing.
func gives(base any, patch, want []byte) bool {
	got, err := ordered.Marshal(merged(base, parsedSchema(patch)))
	return err == nil && bytes.Equal(got, want)
}

// mergePatch is what makes of one value another, as far as a patch can.
func mergePatch(from, to any) any {
	a, isObject := from.(*ordered.Map)
	b, both := to.(*ordered.Map)
	if !isObject || !both {
		return to
	}
	patch := ordered.New()
	for _, key := range a.Keys() {
		if !b.Has(key) {
			patch.Set(key, nil)
		}
	}
	for _, key := range b.Keys() {
		value := b.Value(key)
		if before, known := a.Get(key); !known {
			patch.Set(key, value)
		} else if !ordered.Equal(before, value) {
			patch.Set(key, mergePatch(before, value))
		}
	}
	return patch
}

// merged is a value with a patch applied to it. Neither is changed.
func merged(value, patch any) any {
	p, ok := patch.(*ordered.Map)
	if !ok {
		return patch
	}
	out := ordered.New()
	if object, ok := value.(*ordered.Map); ok {
		out = object.Clone()
	}
	for _, key := range p.Keys() {
		if change := p.Value(key); change == nil {
			out.Delete(key)
		} else {
			out.Set(key, merged(out.Value(key), change))
		}
	}
	return out
}

// linkVariants puts the schemas in the places of their patches.
func linkVariants(tools []Tool) error {
	room := maxLinkedBytes
	for i := range tools {
		t := &tools[i]
		known := map[int]any{} // schemas that patches are of, by the place of the variant; -1 is the tool's own
		for j := range t.SchemaVariants {
			v := &t.SchemaVariants[j]
			if v.Patch == nil {
				continue
			}
			of, base := -1, t.InputSchema
			if v.Of != nil {
				if of = *v.Of; of < 0 || of >= j {
					return fmt.Errorf("a schema of tool %d is a patch of variant %d, which does not stand before it", i, of)
				}
				base = t.SchemaVariants[of].InputSchema
			}
			if _, ok := known[of]; !ok {
				known[of] = parsedSchema(base)
			}
			schema, err := ordered.Marshal(merged(known[of], parsedSchema(v.Patch)))
			if err != nil {
				return err
			}
			if room -= len(schema); room < 0 {
				return fmt.Errorf("the patches of schemas stand for more than %d bytes", maxLinkedBytes)
			}
			v.InputSchema, v.Patch, v.Of = schema, nil, nil
		}
	}
	return nil
}
