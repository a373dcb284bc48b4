package zod

import (
	"slices"
	"strconv"
	"strings"

	"github.com/bundlens/bundlens/internal/ordered"
)

// The targets of zod-to-json-schema.
const (
	jsonSchema7    = "jsonSchema7"
	jsonSchema2019 = "jsonSchema2019-09"
	openAPI3       = "openApi3"
	openAI         = "openAi"
)

const openAIAny = "OpenAiAnyType"

// v3 converts as zod-to-json-schema does: it walks the definitions and, by its
// strategy, refers to the first place of one that it meets again.
type v3 struct {
	losses
	opts    Options
	target  string
	seen    map[*Def][]string // the path of an instance's latest visit
	anyUsed bool              // the target's definition of any is referred to
}

// where is the place in the schema, and the property it belongs to.
type where struct {
	path, property []string
	depth          int
}

func (w where) at(steps ...string) where {
	w.path = append(slices.Clip(slices.Clone(w.path)), steps...)
	w.depth++
	return w
}

func convertV3(d *Def, opts Options) Result {
	c := &v3{opts: opts, target: or(opts.Target, jsonSchema7), seen: map[*Def][]string{}}
	if opts.BasePath == nil {
		c.opts.BasePath = []string{"#"}
	}
	c.opts.DefinitionPath = or(opts.DefinitionPath, "definitions")
	c.limit(opts)
	return c.result(c.document(d), "")
}

func or(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}

// document returns the whole schema, with its definitions.
func (c *v3) document(d *Def) *ordered.Map {
	base := where{path: c.opts.BasePath}
	for _, f := range c.opts.Definitions {
		c.seen[f.Schema.Def()] = c.definition(f.Name)
	}
	definitions := &ordered.Map{}
	for _, f := range c.opts.Definitions {
		definitions.Set(f.Name, c.orAny(c.parse(f.Schema.Def(), where{path: c.definition(f.Name)}, true)))
	}
	name := c.opts.Name
	if c.opts.NameStrategy == "title" {
		name = ""
	}
	if c.opts.Name != "" {
		base.path = c.definition(c.opts.Name)
	}
	body := c.orAny(c.parse(d, base, false))
	if name != c.opts.Name {
		body.Set("title", c.opts.Name)
	}
	if c.anyUsed && !definitions.Has(openAIAny) {
		definitions.Set(openAIAny, c.openAIAnyType())
	}
	out := c.combine(body, definitions, name)
	c.setURI(out)
	w := &writer{busy: map[any]bool{}}
	plain, _ := w.copy(out).(*ordered.Map)
	return plain
}

func (c *v3) definition(name string) []string {
	return append(slices.Clone(c.opts.BasePath), c.opts.DefinitionPath, name)
}

func (c *v3) combine(body, definitions *ordered.Map, name string) *ordered.Map {
	if name == "" {
		if definitions.Len() > 0 || c.opts.Definitions != nil {
			body.Set(c.opts.DefinitionPath, definitions)
		}
		return body
	}
	definitions.Set(name, body)
	path := c.definition(name)
	if c.opts.Refs == RefsRelative {
		path = path[len(c.opts.BasePath):]
	}
	return ordered.New("$ref", strings.Join(path, "/"), c.opts.DefinitionPath, definitions)
}

func (c *v3) setURI(out *ordered.Map) {
	switch {
	case c.opts.OmitSchemaURI:
	case c.target == jsonSchema7:
		out.Set("$schema", "http://json-schema.org/draft-07/schema#")
	case c.target == jsonSchema2019, c.target == openAI:
		out.Set("$schema", "https://json-schema.org/draft/2019-09/schema#")
	}
}

func (c *v3) openAIAnyType() *ordered.Map {
	ref := strings.Join(c.definition(openAIAny), "/")
	if c.opts.Refs == RefsRelative {
		ref = "1"
	}
	return ordered.New("type", []any{"string", "number", "integer", "boolean", "array", "null"}, "items", ordered.New("$ref", ref))
}

// orAny returns the schema, or that of any when there is none.
func (c *v3) orAny(m *ordered.Map) *ordered.Map {
	if m == nil {
		return c.any(where{})
	}
	return m
}

// any is the schema that accepts everything.
func (c *v3) any(w where) *ordered.Map {
	if c.target != openAI {
		return &ordered.Map{}
	}
	c.anyUsed = true
	path := c.definition(openAIAny)
	if c.opts.Refs == RefsRelative {
		return ordered.New("$ref", relativePath(path, w.path))
	}
	return ordered.New("$ref", strings.Join(path, "/"))
}

// parse returns the schema of an instance, or nil for one that has none.
func (c *v3) parse(d *Def, w where, force bool) *ordered.Map {
	if d == nil {
		c.lose(c.relative(w), "schema", "nothing there", LossUnknown)
		return &ordered.Map{}
	}
	path, met := c.seen[d]
	if c.opts.Replace != nil {
		if m, ok := c.opts.Replace(d, w.path, met, force); ok {
			return m
		}
	}
	if met && !force {
		if m := c.refer(path, w); m != nil {
			return m
		}
	}
	if !c.take(&trail{depth: w.depth}, c.relative(w), string(d.Kind)) {
		return &ordered.Map{}
	}
	c.seen[d] = w.path
	m := c.selectParser(d, w)
	c.describe(d, m, w)
	if c.opts.Finish != nil {
		return c.opts.Finish(d, m, w.path)
	}
	return m
}

// refer returns what stands for an instance that was met before, or nil when
// it is to be written again.
func (c *v3) refer(path []string, w where) *ordered.Map {
	switch c.opts.Refs {
	case RefsRelative:
		return ordered.New("$ref", relativePath(w.path, path))
	case RefsNone, RefsSeen:
		if len(path) < len(w.path) && slices.Equal(path, w.path[:len(path)]) || c.opts.Refs == RefsSeen {
			return c.any(w)
		}
		return nil
	}
	return ordered.New("$ref", strings.Join(path, "/"))
}

func relativePath(from, to []string) string {
	i := 0
	for i < len(from) && i < len(to) && from[i] == to[i] {
		i++
	}
	return strings.Join(append([]string{strconv.Itoa(len(from) - i)}, to[i:]...), "/")
}

// relative is the path from the root of the schema, for losses.
func (c *v3) relative(w where) []string {
	if n := len(c.opts.BasePath); len(w.path) >= n {
		return w.path[n:]
	}
	return w.path
}

func (c *v3) describe(d *Def, m *ordered.Map, w where) {
	if m == nil {
		return
	}
	text := d.Description
	switch {
	case text.Kind == ArgUnknown:
		c.lose(c.relative(w), "description", text.unknownWhy(), LossUnknown)
		return
	case text.Str == "":
		return
	case text.Why != "":
		c.lose(c.relative(w), "description", text.Why, LossText)
	}
	m.Set("description", text.Str)
	if c.opts.MarkdownDescription {
		m.Set("markdownDescription", text.Str)
	}
}

// selectParser writes the keywords of an instance's kind.
func (c *v3) selectParser(d *Def, w where) *ordered.Map {
	c.loseChecks(d, w)
	inner := func() *ordered.Map { return c.parse(d.Inner.Def(), w.deeper(), false) }
	switch d.Kind {
	case KindString:
		return c.parseString(d)
	case KindNumber:
		return c.parseNumber(d, ordered.New("type", "number"))
	case KindBigInt:
		return c.parseNumber(d, ordered.New("type", "integer", "format", "int64"))
	case KindBoolean:
		return ordered.New("type", "boolean")
	case KindDate:
		return c.parseDate(d)
	case KindUndefined:
		return ordered.New("not", c.any(w))
	case KindNull:
		if c.target == openAPI3 {
			return ordered.New("enum", []any{"null"}, "nullable", true)
		}
		return ordered.New("type", "null")
	case KindNever, KindNaN:
		if c.target == openAI {
			return nil
		}
		return ordered.New("not", c.any(w.at("not")))
	case KindAny, KindUnknown:
		return c.any(w)
	case KindVoid, KindSymbol, KindFunction:
		return nil
	case KindLazy, KindBranded, KindReadonly, KindCatch, KindPromise:
		return inner()
	case KindEffects:
		if c.opts.EffectStrategy == "any" {
			return c.any(w)
		}
		return inner()
	case KindUnresolved:
		c.lose(c.relative(w), "schema", d.Why, LossUnknown)
		return &ordered.Map{}
	}
	return c.parseComposite(d, w)
}

func (w where) deeper() where {
	w.depth++
	return w
}

func (c *v3) parseComposite(d *Def, w where) *ordered.Map {
	switch d.Kind {
	case KindObject:
		return c.parseObject(d, w)
	case KindArray:
		return c.parseArray(d, w)
	case KindSet:
		return c.parseSet(d, w)
	case KindUnion:
		return c.parseUnion(d, w)
	case KindIntersection:
		return c.parseIntersection(d, w)
	case KindTuple:
		return c.parseTuple(d, w)
	case KindRecord:
		return c.parseRecord(d, w)
	case KindMap:
		return c.parseMap(d, w)
	case KindLiteral:
		return c.parseLiteral(d, w)
	case KindEnum:
		return c.parseEnum(d, w)
	case KindNativeEnum:
		return c.parseNativeEnum(d, w)
	case KindOptional:
		return c.parseOptional(d, w)
	case KindNullable:
		return c.parseNullable(d, w)
	case KindDefault:
		return c.parseDefault(d, w)
	case KindPipe:
		return c.parsePipeline(d, w)
	}
	c.lose(c.relative(w), string(d.Kind), "a kind of schema that isn't known", LossUnknown)
	return nil
}

// loseChecks notes what the schema can't say of the checks.
func (c *v3) loseChecks(d *Def, w where) {
	for _, check := range d.Checks {
		if check.Why != "" {
			c.lose(c.relative(w), check.Kind, check.Why, LossUnknown)
		}
	}
	if d.Kind == KindEffects && d.Effect == "refinement" {
		c.lose(c.relative(w), "refine", "a check by a function of the program", LossNarrower)
	}
}
