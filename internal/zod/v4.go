package zod

import (
	"slices"
	"strconv"
	"strings"

	"github.com/bundlens/bundlens/internal/ordered"
)

// The targets of version 4.
const (
	draft2020 = "draft-2020-12"
	draft07   = "draft-07"
	draft04   = "draft-04"
	openAPI30 = "openapi-3.0"
)

// list is a JSON array with an identity, as several schemas may share one.
type list struct{ items []any }

// ListItems returns the items of an array that a keyword holds by reference, for Options.Override, which may change
// them in place; nil for any other value.
func ListItems(v any) *[]any {
	if l, ok := v.(*list); ok {
		return &l.items
	}
	return nil
}

// seenSchema is what is known of one instance during a conversion.
type seenSchema struct {
	schema    *ordered.Map // what places hold; a $ref once it is extracted
	def       *ordered.Map // the body once it is extracted
	defID     string
	count     int
	cycle     bool
	ref       *Def // the instance whose keywords are inherited
	flattened bool
	isParent  bool
	path      []string
}

// trail is the chain of instances from the root to the one at hand.
type trail struct {
	up    *trail
	def   *Def
	depth int
}

func (t *trail) has(d *Def) bool {
	for ; t != nil; t = t.up {
		if t.def == d {
			return true
		}
	}
	return false
}

// place says where in the schema and in the chain of instances one stands.
type place struct {
	path  []string
	trail *trail
}

func (p place) at(steps ...string) place {
	p.path = append(slices.Clip(slices.Clone(p.path)), steps...)
	return p
}

// v4 converts as version 4's toJSONSchema does: it processes every instance
// once, extracts those that are referred to, and flattens inheritance.
type v4 struct {
	losses
	opts          Options
	d             Dialect
	target        string
	seen          map[*Def]*seenSchema
	order         []*Def
	counter       int
	intersections []*list
	records       []*Def
	throws        string
}

func convertV4(d *Def, opts Options) Result {
	c := &v4{opts: opts, d: dialectOf(d, opts), target: targetV4(opts.Target), seen: map[*Def]*seenSchema{}}
	c.limit(opts)
	c.process(d, place{})
	c.extract(d)
	r := c.result(c.finish(d), c.throws)
	r.Instances = c.order
	return r
}

// dialectOf returns the dialect to convert by: the options' if it is given,
// else the definition's own.
func dialectOf(d *Def, opts Options) Dialect {
	if opts.Dialect != (Dialect{}) || d == nil {
		return opts.Dialect
	}
	return d.Dialect
}

func targetV4(t string) string {
	switch t {
	case "":
		return draft2020
	case "draft-7", "jsonSchema7":
		return draft07
	case "draft-4":
		return draft04
	}
	return t
}

func (c *v4) input() bool { return c.opts.IO == Input }

// old tells whether the target can't have keywords beside a $ref.
func (c *v4) old() bool {
	return c.target == draft07 || c.target == draft04 || c.target == openAPI30
}

// fail notes the message of the first error that the library would throw.
func (c *v4) fail(message string) {
	if c.throws == "" {
		c.throws = message
	}
}

// process returns the schema of an instance, making it on the first visit.
func (c *v4) process(d *Def, p place) *ordered.Map {
	if s, ok := c.seen[d]; ok {
		s.count++
		s.cycle = s.cycle || p.trail.has(d)
		return s.schema
	}
	s := &seenSchema{schema: &ordered.Map{}, count: 1, path: p.path}
	if !c.take(p.trail, p.path, string(d.Kind)) {
		return s.schema
	}
	c.seen[d] = s
	c.order = append(c.order, d)
	in := place{path: p.path, trail: &trail{up: p.trail, def: d, depth: p.trail.level() + 1}}
	if d.Parent != nil && !c.d.since(3, 0) {
		c.inherit(d.Parent, s, in)
	} else {
		c.write(d, s.schema, in)
		if d.Parent != nil {
			c.inherit(d.Parent, s, in)
		}
	}
	c.annotate(d, s, in)
	return s.schema
}

func (t *trail) level() int {
	if t == nil {
		return 0
	}
	return t.depth
}

func (c *v4) inherit(parent *Def, s *seenSchema, p place) {
	if s.ref == nil {
		s.ref = parent
	}
	c.process(parent, p)
	if ps := c.seen[parent]; ps != nil {
		ps.isParent = true
	}
}

// annotate writes the metadata of an instance over its schema.
func (c *v4) annotate(d *Def, s *seenSchema, p place) {
	for _, prop := range d.metadataIn(c.opts.Registry) {
		c.setMeta(s.schema, prop, p)
	}
	if !c.input() {
		s.schema.Delete("_prefault")
		return
	}
	if d.transforms(walk{}) {
		s.schema.Delete("examples")
		s.schema.Delete("default")
	}
	pre, ok := s.schema.Get("_prefault")
	if ok && (c.d.since(4, 0) || truthyJSON(pre)) && s.schema.Value("default") == nil {
		s.schema.Set("default", pre)
	}
	s.schema.Delete("_prefault")
}

func (c *v4) setMeta(schema *ordered.Map, prop Prop, p place) {
	v, big, why := prop.Value.json()
	switch {
	case why != "":
		c.lose(p.path, "metadata "+prop.Key, why, LossUnknown)
		return
	case big:
		c.fail("Error converting schema to JSON.")
		return
	case prop.Value.Why != "":
		c.lose(p.path, prop.Key, prop.Value.Why, LossText)
	}
	schema.Set(prop.Key, v)
}

func truthyJSON(v any) bool {
	switch v := v.(type) {
	case nil, undef:
		return false
	case bool:
		return v
	case float64:
		return v != 0
	case string:
		return v != ""
	}
	return true
}

// ------------------------------------------------------------ definitions

// extract moves what is referred to into definitions.
func (c *v4) extract(root *Def) {
	c.checkIDs()
	if c.opts.Cycles == "throw" {
		for _, d := range c.order {
			if s := c.seen[d]; s.cycle {
				c.fail("Cycle detected: #/" + strings.Join(s.path, "/") + "/<root>")
			}
		}
	}
	for _, d := range c.order {
		s := c.seen[d]
		switch {
		case d == root, c.idOf(d) != "", s.cycle, s.count > 1 && c.opts.Reused == "ref":
			c.toDef(s, d == root)
		}
	}
}

// idOf returns the id that the registry gives an instance.
func (c *v4) idOf(d *Def) string { return d.metaID(c.opts.Registry) }

func (c *v4) checkIDs() {
	if !c.d.since(3, 0) {
		return
	}
	ids := map[string]*Def{}
	for _, d := range c.order {
		id := c.idOf(d)
		if id == "" {
			continue
		}
		if ids[id] != nil && ids[id] != d {
			c.fail(`Duplicate schema id "` + id + `" detected during JSON Schema conversion.`)
		}
		ids[id] = d
	}
}

// toDef keeps the body of a schema apart and leaves a $ref in its place.
func (c *v4) toDef(s *seenSchema, root bool) {
	if truthyJSON(s.schema.Value("$ref")) {
		return
	}
	ref := "#"
	id := s.schema.Value("id")
	if !root || c.d.since(5, 0) && truthyJSON(id) {
		s.defID, _ = id.(string)
		if id == nil || id == (undef{}) {
			s.defID = "__schema" + strconv.Itoa(c.counter)
			c.counter++
		}
		ref = "#/" + c.defsKeyword() + "/" + c.pointerStep(s.defID)
	}
	s.def = s.schema.Clone()
	s.schema.Clear()
	s.schema.Set("$ref", ref)
}

func (c *v4) defsKeyword() string {
	if c.target == draft2020 {
		return "$defs"
	}
	return "definitions"
}

func (c *v4) pointerStep(s string) string {
	if !c.d.since(5, 0) {
		return s
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "~", "~0"), "/", "~1")
}

// ------------------------------------------------------------ flattening

func (c *v4) flatten(d *Def) {
	s := c.seen[d]
	if s == nil || s.flattened {
		return
	}
	s.flattened = true
	schema := s.body()
	cached := schema.Clone()
	if s.ref != nil && c.seen[s.ref] != nil {
		c.flatten(s.ref)
		c.mergeRef(d, s, schema, cached)
	}
	if parent := d.Parent; parent != nil && parent != s.ref && c.seen[parent] != nil {
		c.followParent(parent, schema)
	}
	if c.opts.Override != nil && (c.d.since(3, 0) || !s.isParent) {
		c.opts.Override(d, schema, s.path)
	}
}

// body returns the schema itself, wherever it is kept.
func (s *seenSchema) body() *ordered.Map {
	if s.def != nil {
		return s.def
	}
	return s.schema
}

// mergeRef adds the keywords of the schema that d inherits.
func (c *v4) mergeRef(d *Def, s *seenSchema, schema, cached *ordered.Map) {
	from := c.seen[s.ref]
	isRef := truthyJSON(from.schema.Value("$ref"))
	if isRef && c.old() {
		all, _ := schema.Value("allOf").(*list)
		if all == nil {
			all = &list{}
			schema.Set("allOf", all)
		}
		all.items = append(all.items, from.schema)
	} else {
		schema.Assign(from.schema)
	}
	schema.Assign(cached)
	if !c.d.since(3, 0) {
		return
	}
	if d.Parent == s.ref {
		removeKeys(schema, func(k string, _ any) bool { return !cached.Has(k) })
	}
	switch {
	case isRef && from.def != nil:
		removeSame(schema, from.def)
	case isRef && !c.d.since(3, 6): // the library's own slip
		c.fail("Cannot use 'in' operator to search for a keyword in undefined")
	}
}

// followParent takes over the $ref of a parent that was extracted.
func (c *v4) followParent(parent *Def, schema *ordered.Map) {
	if !c.d.since(3, 0) {
		return
	}
	c.flatten(parent)
	ps := c.seen[parent]
	if ref := ps.schema.Value("$ref"); truthyJSON(ref) {
		schema.Set("$ref", ref)
		if ps.def != nil {
			removeSame(schema, ps.def)
		}
	}
}

func removeKeys(m *ordered.Map, drop func(string, any) bool) {
	for _, k := range m.Keys() {
		if k != "$ref" && k != "allOf" && drop(k, m.Value(k)) {
			m.Delete(k)
		}
	}
}

func removeSame(m, other *ordered.Map) {
	removeKeys(m, func(k string, v any) bool {
		o, ok := other.Get(k)
		return ok && sameText(v, o)
	})
}

// finish flattens, rewrites and returns the document.
func (c *v4) finish(root *Def) *ordered.Map {
	for _, d := range slices.Backward(c.order) {
		c.flatten(d)
	}
	c.rewrite()
	result := &ordered.Map{}
	if uri := schemaURI[c.target]; uri != "" && !c.opts.OmitSchemaURI {
		result.Set("$schema", uri)
	}
	s := c.seen[root]
	if s == nil {
		return result
	}
	switch {
	case s.defID != "":
		result.Assign(s.schema)
	case s.def != nil:
		result.Assign(s.def)
	case c.d.since(5, 0):
		result.Assign(s.schema)
	}
	if id := c.idOf(root); id != "" && c.d.since(4, 0) && result.Value("id") == any(id) {
		result.Delete("id")
	}
	c.addDefs(result)
	return c.plain(result)
}

var schemaURI = map[string]string{
	draft2020: "https://json-schema.org/draft/2020-12/schema",
	draft07:   "http://json-schema.org/draft-07/schema#",
	draft04:   "http://json-schema.org/draft-04/schema#",
}

func (c *v4) addDefs(result *ordered.Map) {
	defs := &ordered.Map{}
	for _, d := range c.order {
		s := c.seen[d]
		if s.def == nil || s.defID == "" {
			continue
		}
		if c.d.since(4, 0) && s.def.Value("id") == any(s.defID) {
			s.def.Delete("id")
		}
		defs.Set(s.defID, s.def)
	}
	if defs.Len() > 0 {
		result.Set(c.defsKeyword(), defs)
	}
}
