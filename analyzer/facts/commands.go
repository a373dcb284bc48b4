package facts

import (
	"cmp"
	"regexp"
	"slices"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/eval"
	"github.com/bundlens/bundlens/queries"
	"github.com/bundlens/bundlens/schema"
)

// Commands finds what the user may type to a program, with what the model is sent then.
var Commands = analyzer.Fact{
	Name:  "commands",
	Doc:   "commands and skills, with their prompts",
	Query: queries.Text("commands"),
	Run:   runCommands,
}

var commandName = regexp.MustCompile(`^[a-z][a-z0-9:_-]{0,63}$`)

func runCommands(p *analyzer.Pass) error {
	f := &finder{Pass: p}
	w := newPromptWriter(p)
	byName := map[string]schema.Command{}
	for _, m := range p.Matches {
		n := m.Capture("definition.command")
		o, ok := (eval.World{}).Pick(w.eval(n)).(*eval.Object)
		if !ok {
			continue
		}
		c, ok := f.command(o)
		if !ok {
			continue
		}
		c.Origin = originOf(m, n)
		c.Origin.Symbol = symbol(n)
		key := c.Name + "\x00" + c.Kind
		if old, seen := byName[key]; !seen || old.Prompt == nil && c.Prompt != nil {
			byName[key] = c
		}
	}
	for _, c := range byName {
		p.Document.Commands = append(p.Document.Commands, c)
	}
	slices.SortFunc(p.Document.Commands, func(a, b schema.Command) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Kind, b.Kind))
	})
	return nil
}

// command reads an object that describes a command: it has a name and says what it is for.
func (f *finder) command(o *eval.Object) (schema.Command, bool) {
	c := schema.Command{Name: f.text(o, "name"), Kind: f.text(o, "type"), Aliases: f.strings(f.member(o, "aliases"))}
	if !commandName.MatchString(c.Name) {
		return c, false
	}
	c.Description = f.described(o, "description", "whenToUse")
	if o.Lookup("getPromptForCommand") != nil {
		c.Prompt = f.blocks(f.answer(o, "getPromptForCommand"))
		if c.Kind == "" {
			c.Kind = "prompt"
		}
	}
	if o.Lookup("isEnabled") != nil {
		f.availability(&c, f.answer(o, "isEnabled"))
	} else {
		on := true
		c.Enabled = &on
	}
	return c, c.Description != nil && c.Kind != ""
}

// availability says whether a command can be used in the default world of either mode, and what that hangs on.
func (f *finder) availability(c *schema.Command, v eval.Value) {
	cond := eval.Truth(v)
	if on, ok := cond.Constant(); ok {
		c.Enabled = &on
		return
	}
	c.EnabledWhen = shorten(cond.String(), maxGuard)
	if cond.Decided() {
		on := cond.ByDefault()
		c.Enabled = &on
	}
}

// blocks is the text of a message: a text, or a list of blocks of which one holds it.
func (f *finder) blocks(v eval.Value) *schema.Text {
	if t := f.Text(v); t != nil {
		return t
	}
	o, ok := (eval.World{}).Pick(v).(*eval.Object)
	if !ok {
		return nil
	}
	for _, e := range o.Elems {
		if b, ok := (eval.World{}).Pick(e.Value).(*eval.Object); ok {
			if t := f.Text(f.member(b, "text")); t != nil {
				return t
			}
		}
	}
	return nil
}
