package facts

import (
	"strings"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/schema"
)

// texts fills in what the model is sent as the description, and the summary beside it.
func (f *finder) texts(t *schema.Tool, d *definition) {
	description := f.answer(d.object, "description")
	if prompt := f.answer(d.object, "prompt"); f.Text(prompt) != nil {
		t.Description, t.Summary = f.Text(prompt), f.Text(description)
		t.DescriptionVariants = f.textVariants(prompt)
		return
	}
	t.Description = f.Text(description)
	if t.Description != nil {
		t.DescriptionVariants = f.textVariants(description)
	}
}

// answeredText puts the description in which a tool is answered to a request in place of what its definition says,
// where that is known whole, or has no holes where the definition's has.
func (f *finder) answeredText(t *schema.Tool, d *definition) {
	description := f.answer(d.object, "description")
	if text := f.Text(description); text != nil && (text.IsLiteral() || !hasHoles(text) && t.Description != nil && hasHoles(t.Description)) {
		t.Description, t.DescriptionVariants = text, f.textVariants(description)
	}
}

func hasHoles(t *schema.Text) bool {
	for range schema.Holes(t.Parts) {
		return true
	}
	return false
}

// answer is a member's value, or what it returns where it is a function.
func (f *finder) answer(o *eval.Object, key string) eval.Value {
	args := []eval.Value{f.unknown("options"), f.unknown("context")}
	if key == "prompt" {
		args = f.promptArguments()
	}
	return f.Machine.Run(func() eval.Value {
		v := f.Machine.Get(o, key)
		if eval.IsFunction((eval.World{}).Pick(v)) {
			return f.Machine.Call(v, o, args)
		}
		return v
	})
}

// textVariants lists the other texts and the condition that each depends on.
func (f *finder) textVariants(v eval.Value) []schema.DescriptionVariant {
	var out []schema.DescriptionVariant
	for i, variant := range analyzer.Variants(maxTexts, func(w eval.World) (*schema.Text, string, bool) {
		t := f.TextIn(v, w)
		return t, t.Text, true
	}) {
		if i > 0 {
			out = append(out, schema.DescriptionVariant{When: *f.Cond(variant.When), Description: *variant.Result})
		}
	}
	return out
}

// enabled fills in whether the model gets the tool in the default world of either mode, and what that depends on.
func (f *finder) enabled(t *schema.Tool, d *definition, sent *eval.Cond) {
	cond, callers := f.handedOut(d, sent)
	if cond == nil {
		return
	}
	if value := cond.ByDefault(); sent == nil || value || sent.Decided() {
		t.Enabled = &value
	}
	if callers != nil {
		t.EnabledWhen = f.Cond(callers)
	}
	if !cond.Given(nil).Constant {
		t.EnabledWhen = f.Cond(cond)
	}
}

// handedOut is when the model gets a tool, nil where that is not seen. callers, if not nil, is what callers that are not
// seen have to say for it: by default they do.
func (f *finder) handedOut(d *definition, sent *eval.Cond) (cond, callers *eval.Cond) {
	if sent == nil && (!d.call && f.byRegistry.when[d.name] == nil || f.lists == nil && f.sendsOthers()) {
		return nil, nil
	}
	cond = orTrue(sent)
	if key := f.enablingMember(d.object); key != "" {
		cond = eval.And(cond, eval.Truth(f.answer(d.object, key)))
	}
	if f.byRegistry.when != nil && sent == nil {
		when := f.byRegistry.when[d.name]
		if when == nil {
			return nil, nil
		}
		return eval.And(when, cond), nil
	}
	if f.lists != nil && sent == nil {
		place, member := f.lists[d.name]
		if !member {
			return nil, nil
		}
		when := place.when
		if !when.ByDefault() && restsOnCallers(when) {
			callers, when = when, orTrue(nil)
		}
		cond = eval.And(when, cond)
	}
	return cond, callers
}

// sendsOthers tells whether a list of tools that is sent is seen, so that having something to call is no sign of being
// handed out.
func (f *finder) sendsOthers() bool {
	for _, r := range f.calls.ran {
		if r.whole && len(r.listed) > 0 {
			return true
		}
	}
	return false
}

// restsOnCallers tells whether a condition is open only because of parameters that no caller is seen to pass.
func restsOnCallers(c *eval.Cond) bool {
	only := !c.Decided()
	c.Atoms(func(a *eval.Atom) {
		only = only && (a.Decided || strings.HasPrefix(a.Key, "parameter "))
	})
	return only
}

// traitNames are the members of a tool that say yes or no of it, and the traits they give.
var traitNames = []struct{ member, trait string }{
	{"isReadOnly", schema.TraitReadOnly}, {"readOnly", schema.TraitReadOnly},
	{"isConcurrencySafe", schema.TraitConcurrencySafe},
	{"isDestructive", schema.TraitDestructive},
	{"isOpenWorld", "openWorld"}, {"requiresUserInteraction", "requiresUserInteraction"},
	{"shouldDefer", "deferred"}, {"alwaysLoad", "alwaysLoaded"}, {"strict", "strict"}, {"isMcp", "mcp"}, {"isLsp", "lsp"},
	{"needsPermissions", "needsPermissions"},
}

func (f *finder) traits(t *schema.Tool, d *definition) {
	for _, n := range traitNames {
		if d.object.Lookup(n.member) == nil {
			continue
		}
		cond := eval.Truth(f.answer(d.object, n.member))
		trait := schema.Trait{Name: n.trait}
		if value, constant := cond.Constant(); constant {
			trait.Value = &value
		} else {
			trait.When = f.Cond(cond)
		}
		t.Traits = append(t.Traits, trait)
	}
}
