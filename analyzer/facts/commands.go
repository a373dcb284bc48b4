package facts

import (
	"cmp"
	"regexp"
	"slices"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/eval"
	"github.com/bundlens/bundlens/analyzer/js"
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
	f := &finder{Pass: p, followed: map[js.Node]bool{}}
	w := newPromptWriter(p)
	byName := map[string]schema.Command{}
	for _, m := range p.Matches {
		f.definitions(w, m, m.Capture("definition.command"), func(o *eval.Object, n js.Node) bool {
			c, ok := f.command(o)
			if !ok {
				return false
			}
			c.Origin = originOf(m, n)
			c.Origin.Symbol = symbol(n)
			key := c.Name + "\x00" + c.Kind
			if old, seen := byName[key]; !seen || old.Prompt == nil && c.Prompt != nil {
				byName[key] = c
			}
			return true
		})
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
	c := schema.Command{Name: f.text(o, "name"), Kind: f.text(o, "type", "kind"), Aliases: f.strings(f.member(o, "aliases"))}
	if o.Lookup("altNames") != nil {
		c.Aliases = append(c.Aliases, f.strings(f.member(o, "altNames"))...)
	}
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

// maxBlocks is how deep a list of messages and blocks is entered.
const maxBlocks = 4

// blocks is the text of a message: a text, or a list of messages or blocks of which one holds it.
func (f *finder) blocks(v eval.Value) *schema.Text { return f.blocksIn(v, maxBlocks) }

func (f *finder) blocksIn(v eval.Value, depth int) *schema.Text {
	if t := f.Text(v); t != nil || depth == 0 {
		return t
	}
	o, ok := (eval.World{}).Pick(v).(*eval.Object)
	if !ok {
		return nil
	}
	for _, key := range []string{"text", "content", "messages"} {
		if o.Lookup(key) != nil {
			if t := f.blocksIn(f.member(o, key), depth-1); t != nil {
				return t
			}
		}
	}
	for _, e := range o.Elems {
		if t := f.blocksIn(e.Value, depth-1); t != nil {
			return t
		}
	}
	return nil
}
