package report

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/render"
)

// effects finds what variables and flags do to records, by rendering these with and without them.
type effects struct {
	doc    *schema.Document
	values map[schema.Subject][]string // that the program asks for, as a user types them
	plain  map[string]*render.Renderer // in the default world, by mode
	tools  map[string]*schema.Tool
	texts  map[string]*schema.Prompt // by list and id
	parts  map[string][]guarded      // of agents and commands, by list and name
}

// guarded is a text and the condition for it.
type guarded struct {
	when *schema.Cond
	text *schema.Text
}

func effectsOf(doc *schema.Document) *effects {
	e := &effects{doc: doc, values: map[schema.Subject][]string{}, plain: map[string]*render.Renderer{}, tools: map[string]*schema.Tool{}, texts: map[string]*schema.Prompt{}, parts: map[string][]guarded{}}
	for i := range doc.Questions {
		e.ask(&doc.Questions[i])
	}
	for i := range doc.Tools {
		e.tools["tools/"+doc.Tools[i].Name] = &doc.Tools[i]
	}
	for i := range doc.Prompts {
		e.texts["prompts/"+doc.Prompts[i].ID] = &doc.Prompts[i]
	}
	for i := range doc.Reminders {
		e.texts["reminders/"+doc.Reminders[i].ID] = &doc.Reminders[i]
	}
	for i := range doc.Agents {
		a := &doc.Agents[i]
		e.parts["agents/"+a.Name] = []guarded{{a.EnabledWhen, a.WhenToUse}, {a.EnabledWhen, a.Prompt}}
	}
	for i := range doc.Commands {
		c := &doc.Commands[i]
		e.parts["commands/"+c.Name] = []guarded{{c.EnabledWhen, c.Description}, {c.EnabledWhen, c.Prompt}}
	}
	return e
}

// maxValues is how many values of a variable are tried.
const maxValues = 4

// ask takes down the values that answer a question otherwise than the default world.
func (e *effects) ask(q *schema.Question) {
	if q.Kind != schema.KindEnv && q.Kind != schema.KindFlag {
		return
	}
	typed := []string{"1"}
	switch q.Test {
	case schema.TestOff:
		typed = []string{"0"}
	case schema.TestEquals:
		typed = nil
		for _, v := range q.Values {
			var s string
			if json.Unmarshal(v, &s) != nil {
				s = string(v)
			}
			if s != "" {
				typed = append(typed, s)
			}
		}
	default:
		if q.Kind == schema.KindFlag {
			typed = []string{"true", "false"}
		}
	}
	about := schema.Subject{Kind: q.Kind, Name: q.Subject}
	for _, v := range typed {
		if known := e.values[about]; len(known) < maxValues && !slices.Contains(known, v) && v != string(q.Fallback) {
			e.values[about] = append(known, v)
		}
	}
}

// effect is what one value of a variable or flag does.
type effect struct {
	value string
	did   []string // in words
}

// of finds what a variable or flag does to the records that depend on it. Of values that do the same the first is told.
func (e *effects) of(about schema.Subject, uses []schema.Use) (list []effect) {
	for _, value := range e.values[about] {
		var did []string
		for _, mode := range []string{schema.ModeInteractive, schema.ModePrint} {
			if found := e.inMode(about, value, mode, uses); len(found) > 0 {
				did = found
				if mode == schema.ModePrint {
					did = append([]string{"where it prints one result"}, found...)
				}
				break
			}
		}
		same := func(x effect) bool { return slices.Equal(x.did, did) }
		if len(did) > 0 && !slices.ContainsFunc(list, same) {
			list = append(list, effect{value, did})
		}
	}
	return list
}

// verbs are what may happen to records, by a key.
var verbs = []struct{ key, words string }{
	{"gives", "the model gets"}, {"takes", "the model no longer gets"}, {"schema", "other parameters of"}, {"description", "another description of"},
	{"adds", "the model is told"}, {"removes", "the model is no longer told"}, {"offers", "there is"}, {"withdraws", "there is no longer"}, {"changes", "other words in"},
}

func (e *effects) inMode(about schema.Subject, value, mode string, uses []schema.Use) (did []string) {
	before := e.plain[mode]
	if before == nil {
		before = render.New(e.doc, schema.World{Mode: mode})
		e.plain[mode] = before
	}
	after := render.New(e.doc, schema.World{Mode: mode, Set: map[string]string{about.Kind + "." + about.Name: value}})
	records := map[string][]string{}
	for _, u := range uses {
		for _, key := range e.change(before, after, u.Record) {
			if name := code(u.Record); !slices.Contains(records[key], name) {
				records[key] = append(records[key], name)
			}
		}
	}
	for _, v := range verbs {
		if list := records[v.key]; len(list) > 0 {
			did = append(did, v.words+" "+named(list))
		}
	}
	return did
}

// named lists the first of some records.
func named(list []string) string {
	more := ""
	if n := len(list) - maxRecords; n > 0 {
		list, more = list[:maxRecords], fmt.Sprintf(" and %d more", n)
	}
	return strings.Join(list, ", ") + more
}

// change says by the keys of verbs what becomes of a record.
func (e *effects) change(before, after *render.Renderer, record string) []string {
	if t := e.tools[record]; t != nil {
		return toolChange(before, after, t)
	}
	if p := e.texts[record]; p != nil {
		was, is := before.Applies(p), after.Applies(p)
		return textChange(was, is, before.Text(p.Text.Parts), after.Text(p.Text.Parts))
	}
	for _, g := range e.parts[record] {
		was, _ := before.Answers().Holds(g.when)
		is, _ := after.Answers().Holds(g.when)
		var parts []schema.Part
		if g.text != nil {
			parts = g.text.Parts
		}
		switch change := textChange(was, is, before.Text(parts), after.Text(parts)); {
		case was && !is:
			return []string{"withdraws"}
		case !was && is:
			return []string{"offers"}
		case change != nil:
			return change
		}
	}
	return nil
}

func toolChange(before, after *render.Renderer, t *schema.Tool) (keys []string) {
	was, _ := before.Answers().Tool(t.Name)
	is, _ := after.Answers().Tool(t.Name)
	switch {
	case was && !is:
		return []string{"takes"}
	case !was && is:
		keys = append(keys, "gives")
	case !is:
		return nil
	}
	if string(before.InputSchema(t)) != string(after.InputSchema(t)) {
		keys = append(keys, "schema")
	}
	if before.Description(t) != after.Description(t) {
		keys = append(keys, "description")
	}
	return keys
}

func textChange(was, is bool, old, now string) []string {
	switch {
	case was && !is:
		return []string{"removes"}
	case !was && is:
		return []string{"adds"}
	case is && old != now:
		return []string{"changes"}
	}
	return nil
}
