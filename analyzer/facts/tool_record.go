package facts

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/zod"
	"github.com/bundlens/bundlens/internal/ordered"
	schemazod "github.com/bundlens/bundlens/internal/zod"
	"github.com/bundlens/bundlens/schema"
)

// maxForms and maxTexts bound how many forms of one schema, and of one text, are listed. A form is the product of all that
// makes a difference; a text has its choices in it.
const (
	maxForms = 64
	maxTexts = 32
)

// tool makes the record of a tool of its definitions: the one that says most, with what the others add.
func (f *finder) tool(name string, list []*definition) schema.Tool {
	best := f.best(list)
	t := schema.Tool{Name: name, Aliases: best.aliases, Origin: best.origin, Complete: true}
	seen := map[schema.Origin]bool{}
	for _, d := range list {
		if !seen[d.origin] {
			seen[d.origin] = true
			t.Origins = append(t.Origins, d.origin)
		}
	}
	answer := answerOf(list)
	if answer == nil || !f.saysSchema(answer) && best.schema != nil {
		f.schemas(&t, best)
	} else {
		f.schemas(&t, answer)
	}
	f.texts(&t, best)
	if answer != nil {
		f.answeredText(&t, answer)
	}
	f.enabled(&t, best, sentWhen(list))
	f.traits(&t, best)
	t.Implementation = f.implementation(best.object)
	return t
}

// best is the definition that says most.
func (f *finder) best(list []*definition) *definition {
	best := list[0]
	for _, d := range list[1:] {
		if f.weight(d) > f.weight(best) {
			best = d
		}
	}
	return best
}

// answerOf is the definition that the program answers a request for its tools with, where that is seen: it has
// converted the schema itself, and said of the tool what it says last. Of several it is the first that is sent by default,
// and of these one that the start of the program comes to, by default. Nil where there is none.
func answerOf(list []*definition) (answer *definition) {
	rank := func(d *definition) (rank int) {
		for _, is := range []bool{d.sent.Default(), d.started, d.reached} {
			if rank *= 2; is {
				rank++
			}
		}
		return rank
	}
	for _, d := range list {
		if d.listed && (answer == nil || rank(d) > rank(answer)) {
			answer = d
		}
	}
	return answer
}

// saysSchema tells whether what is answered for a tool is a schema that is known to its last part.
func (f *finder) saysSchema(answer *definition) bool {
	if answer.schema == nil || answer.other {
		return false
	}
	c, ok := f.convert(answer.schema, eval.World{})
	return ok && c.complete
}

// sentWhen is when the model gets one of the definitions of a tool, nil where that is not seen: what a list says that is
// sent is the last word on all that are in it, one that is sent by default before others, else one that is on by default
// counts.
func sentWhen(list []*definition) (sent *eval.Cond) {
	answer := answerOf(list)
	reached := answer != nil && slices.ContainsFunc(list, func(d *definition) bool { return d.listed && d.reached })
	for _, d := range list {
		if d.sent != nil && (d.listed || answer == nil) && (d.reached || !reached) && (sent == nil || !sent.Default()) {
			sent = d.sent
		}
	}
	return sent
}

// weight tells the definition that is sent from one that only resembles it.
func (f *finder) weight(d *definition) int {
	w := len(d.object.AllKeys())
	place, listed := f.lists[d.name]
	if !listed {
		place, listed = f.possible[d.name]
	}
	if listed && place.site == d.object.Site {
		w += 1000
	}
	if d.call {
		w += 100
	}
	if d.object.Lookup("prompt") != nil {
		w += 50
	}
	return w
}

// emptySchema is what stands for a schema where there is none, or none that is understood.
const emptySchema = `{"type":"object","properties":{}}`

// schemas fills in the input and output schemas.
func (f *finder) schemas(t *schema.Tool, d *definition) {
	if f.isFreeForm(d) {
		return
	}
	t.Dialect = "json-schema"
	t.InputSchema = json.RawMessage(emptySchema)
	for i, x := range f.forms(d) {
		if i == 0 {
			t.InputSchema, t.Dialect, t.Complete, t.Losses = json.RawMessage(x.text), x.result.dialect, x.result.complete, x.result.losses
			continue
		}
		t.SchemaVariants = append(t.SchemaVariants, schema.SchemaVariant{When: *f.Cond(x.when), InputSchema: json.RawMessage(x.text)})
	}
	for _, key := range []string{"outputSchema", "output_schema", "outputJSONSchema"} {
		if v := f.member(d.object, key); f.isSchema(v) {
			if r, ok := f.convert(v, eval.World{}); ok {
				t.OutputSchema = json.RawMessage(r.text())
			}
			break
		}
	}
}

// isFreeForm tells a tool that is sent without a schema, as it is of a kind that has none: the model writes to it as it
// likes, or in a grammar, or the provider runs it.
func (f *finder) isFreeForm(d *definition) bool {
	kind, ok := (eval.World{}).Pick(f.Machine.Get(d.object, "type")).(eval.String)
	return d.listed && d.schema == nil && ok && kind != "function"
}

// converted is a schema in one world.
type converted struct {
	schema   any
	dialect  string
	complete bool
	losses   []schema.Loss
}

func (c converted) text() string {
	if c.schema == nil {
		return ""
	}
	b, err := ordered.Marshal(c.schema)
	if err != nil {
		return ""
	}
	return string(b)
}

// convert makes the JSON Schema that a schema value is in a world.
func (f *finder) convert(v eval.Value, w eval.World) (converted, bool) {
	o, ok := w.Pick(v).(*eval.Object)
	if !ok {
		return converted{}, false
	}
	var def *schemazod.Def
	var own *zod.Conversion
	if c := zod.ConvertedOf(o); c != nil && f.untouched(o, c) {
		if f.settled(c, w) {
			return convertedBy(c.Dialect, c.Result), true
		}
		if o, ok = w.Pick(c.Schema).(*eval.Object); !ok {
			return converted{}, false
		}
		own = &c.Conversion
	}
	switch {
	case zod.Of(o) != nil:
		def = f.Zod.Def(f.Machine, zod.Of(o), w)
	case isRawShape(o), isEmptyShape(o):
		def = f.Zod.Shape(f.Machine, o, w)
	default:
		return f.plain(o, w), true
	}
	return convertedBy(def.Dialect, f.Zod.Convert(f.Machine, def, f.options(def.Dialect, own, w))), true
}

// convertedBy is what the library's converter gives.
func convertedBy(dialect schemazod.Dialect, r schemazod.Result) converted {
	c := converted{r.Schema, dialectName(dialect), r.Complete, nil}
	for _, l := range r.Losses {
		c.losses = append(c.losses, schema.Loss{Path: l.Path, Construct: l.Construct, Why: l.Why, Kind: string(l.Kind)})
	}
	return c
}

func dialectName(d schemazod.Dialect) string {
	if d.Family == schemazod.V3 {
		return "zod-3"
	}
	if d.Version.IsZero() {
		return "zod-4"
	}
	return "zod-" + d.Version.String()
}

// plain takes a JSON Schema as it stands, with what it refers to resolved.
func (f *finder) plain(o *eval.Object, w eval.World) converted {
	c := converted{dialect: "json-schema", complete: true}
	p := &plainWriter{f, w, &c, map[*eval.Object]bool{}}
	c.schema = p.value(o, "")
	return c
}

type plainWriter struct {
	*finder
	world  eval.World
	result *converted
	open   map[*eval.Object]bool
}

func (p *plainWriter) lose(path, why string) any {
	p.result.complete = false
	p.result.losses = append(p.result.losses, schema.Loss{Path: path, Construct: "value", Why: why, Kind: "unknown"})
	return ordered.New()
}

func (p *plainWriter) value(v eval.Value, path string) any {
	if t, ok := v.(*eval.Text); ok {
		s, _ := zod.Render(p.world.Parts(t.Parts))
		return s
	}
	switch v := p.world.Pick(v).(type) {
	case eval.Bool:
		return bool(v)
	case eval.Number:
		return float64(v)
	case eval.String:
		return string(v)
	case *eval.Text:
		s, _ := zod.Render(p.world.Parts(v.Parts))
		return s
	case *eval.Unknown:
		if strings.HasSuffix(path, "/description") || strings.HasSuffix(path, "/title") {
			return "${" + eval.HoleName(v.Expr) + "}"
		}
		return p.lose(path, v.Why+": "+v.Expr)
	case *eval.Object:
		return p.object(v, path)
	}
	return nil
}

func (p *plainWriter) object(o *eval.Object, path string) any {
	if p.open[o] {
		return p.lose(path, "contains itself")
	}
	p.open[o] = true
	defer delete(p.open, o)
	if o.Kind == eval.KindArray {
		list := []any{}
		for _, e := range o.Elems {
			if p.world.Holds(e.When) && e.Each == "" {
				list = append(list, p.value(e.Value, path+"/"))
			}
		}
		return list
	}
	if s := zod.Of(o); s != nil {
		c, _ := p.convert(o, p.world)
		return c.schema
	}
	m := ordered.New()
	for _, k := range o.Keys() {
		q := o.Own(k)
		v := p.member(o, k)
		if !p.world.Holds(q.When) || p.world.Pick(v) == eval.Undefined || eval.IsFunction(v) {
			continue
		}
		m.Set(k, p.value(v, path+"/"+k))
	}
	for _, u := range o.Open() {
		if u.Default == nil {
			p.lose(path, u.Why+": "+u.Expr)
		}
	}
	return m
}
