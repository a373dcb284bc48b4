package facts

import (
	"cmp"
	"slices"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/internal/lazyregexp"
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

var commandName = lazyregexp.New(`^[a-z][a-z0-9:_-]{0,63}$`)

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
	if !commandName.Get().MatchString(c.Name) {
		return c, false
	}
	c.Description = f.described(o, append([]string{"description"}, f.Words("text.whenToUse")...)...)
	if i := slices.IndexFunc(f.Words("text.command"), func(key string) bool { return o.Lookup(key) != nil }); i >= 0 {
		c.Prompt = f.blocks(f.commandSends(o, f.Words("text.command")[i]))
		if c.Kind == "" {
			c.Kind = "prompt"
		}
	}
	if key := f.enablingMember(o); key != "" {
		f.availability(&c, f.answer(o, key))
	} else {
		on := true
		c.Enabled = &on
	}
	return c, c.Description != nil && c.Kind != ""
}

// availability says whether a command can be used in the default world of either mode, and what that depends on.
func (f *finder) availability(c *schema.Command, v eval.Value) {
	cond := eval.Truth(v)
	if on, ok := cond.Constant(); ok {
		c.Enabled = &on
		return
	}
	c.EnabledWhen = f.Cond(cond)
	if cond.Decided() {
		on := cond.ByDefault()
		c.Enabled = &on
	}
}

// commandSends is what a command sends when it is used, with arguments that its user types; key is the method that answers it.
func (f *finder) commandSends(o *eval.Object, key string) eval.Value {
	typed := &eval.Unknown{Key: "caller.arguments", Expr: "arguments", Why: "what the user types", Default: eval.String("${ARGUMENTS}")}
	return f.Machine.Run(func() eval.Value {
		return f.Machine.Call(f.Machine.Get(o, key), o, []eval.Value{typed, f.unknown("context")})
	})
}

// maxBlocks is how deep a list of messages and blocks is entered.
const maxBlocks = 4

// blocks is the text of a message: a text, or a list of messages or blocks that hold texts, under whatever conditions.
func (f *finder) blocks(v eval.Value) *schema.Text {
	text := f.textOfBlocks(v, maxBlocks)
	if _, unknown := text.(*eval.Unknown); unknown || text == nil {
		return nil
	}
	return f.Text(text)
}

// textOfBlocks is blocks as a value; nil for what holds no text.
func (f *finder) textOfBlocks(v eval.Value, depth int) eval.Value {
	if isText(v) || depth == 0 {
		return v
	}
	switch v := v.(type) {
	case *eval.Unknown:
		return v
	case *eval.Choice:
		a, b := f.textOfBlocks(v.Then, depth), f.textOfBlocks(v.Else, depth)
		switch {
		case a == nil && b == nil:
			return nil
		case a == nil:
			a = eval.String("")
		case b == nil:
			b = eval.String("")
		}
		return &eval.Choice{Cond: v.Cond, Then: a, Else: b}
	case *eval.Object:
		return f.textOfObject(v, depth)
	}
	return nil
}

// textOfObject is the text of one message or block, or those of a list one behind the other.
func (f *finder) textOfObject(o *eval.Object, depth int) eval.Value {
	for _, key := range []string{"text", "content", "messages"} {
		if o.Lookup(key) != nil {
			if t := f.textOfBlocks(f.member(o, key), depth-1); t != nil {
				return t
			}
		}
	}
	var parts []eval.Part
	for _, e := range o.Elems {
		t := f.textOfBlocks(e.Value, depth-1)
		if t == nil {
			continue
		}
		piece := f.Machine.PartsOf(t)
		if len(parts) > 0 {
			piece = append([]eval.Part{{Lit: "\n\n"}}, piece...)
		}
		if always, known := e.When.Constant(); e.When != nil && !(known && always) {
			piece = []eval.Part{{Choice: &eval.PartChoice{Cond: e.When, Then: piece}}}
		}
		parts = append(parts, piece...)
	}
	if parts == nil {
		return nil
	}
	return &eval.Text{Parts: parts}
}
