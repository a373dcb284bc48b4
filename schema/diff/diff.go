// Package diff says what changed between two Documents in what a program tells its model: tools, their schemas
// property by property, texts word by word, switches, and about how many tokens that makes. What differs from build to
// build of the same program, such as offsets and minified names, is not compared.
package diff

import (
	"cmp"
	"fmt"
	"slices"
	"sync"

	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/internal/tokens"
)

// Version is the version of the Result's form.
const Version = 2

// The changes that a record can see.
const (
	Added   = "added"
	Removed = "removed"
	Renamed = "renamed" // its content may have changed as well
	Changed = "changed"
	NotSeen = "not-seen" // one side has it, and the other could not be seen whole
)

// Result is what changed.
type Result struct {
	SchemaVersion int  `json:"schemaVersion"`
	From          Side `json:"from"`
	To            Side `json:"to"`
	// Differs says whether anything changed, and Breaking how many changes make a former call fail.
	Differs  bool `json:"differs"`
	Breaking int  `json:"breaking"`
	// Prompts are the main system prompt in each mode.
	Prompts []PromptDiff `json:"prompts"`
	// Remarks say what keeps the comparison from meaning what it seems to.
	Remarks []string `json:"remarks"`
	// Sections hold the records that changed, by their kind; a kind without changes is there, and empty.
	Sections []Section `json:"sections"`
	// Tokens are estimates; see package tokens.
	Tokens []TokenDelta `json:"tokens"`

	around int // of the options
}

// Side is one of the two documents.
type Side struct {
	Name    string `json:"name"`
	Package string `json:"package"`
	Version string `json:"version"`
	// Complete is false where the program could not be seen whole: what is missing may be there.
	Complete bool `json:"complete"`
}

// Title is how a side is headed.
func (s Side) Title() string {
	if s.Version == "" {
		return s.Name
	}
	return s.Version
}

// Section is the changes of one kind of record.
type Section struct {
	Kind string `json:"kind"`
	// Repeated is how many further records changed, only as others that are told.
	Repeated int      `json:"repeated,omitempty"`
	Records  []Record `json:"records"`
}

// Record is something that was added, removed, renamed or changed.
type Record struct {
	Name   string `json:"name"`
	Change string `json:"change"`
	// OldName is the former name of what was renamed; empty otherwise.
	OldName  string `json:"oldName,omitempty"`
	Breaking bool   `json:"breaking"`
	// Default says that it is a tool that the model gets by default, before or after.
	Default bool           `json:"default,omitempty"`
	Fields  []FieldChange  `json:"fields"`
	Schema  []SchemaChange `json:"schema"`
	Texts   []TextChange   `json:"texts"`
	// Tokens is how many more it has now.
	Tokens int `json:"tokens"`
}

// FieldChange is a plain value that changed.
type FieldChange struct {
	Field string `json:"field"`
	From  string `json:"from"`
	To    string `json:"to"`
}

// TokenDelta is about how many tokens a part has.
type TokenDelta struct {
	Part  string `json:"part"`
	From  int    `json:"from"`
	To    int    `json:"to"`
	Delta int    `json:"delta"`
}

// Options change a comparison. The zero value compares as a reader of the default world does.
type Options struct {
	// World, where it is not the default one, is that of a user: tools and texts are compared as they are there.
	World schema.World
	// Context is how many characters of an unchanged text are shown around a change; 0 for as many as usual.
	Context int
}

// Compare says what changed from a to b.
func Compare(a, b *schema.Document, opts Options) (*Result, error) {
	if a.SchemaVersion != b.SchemaVersion {
		return nil, fmt.Errorf("one document is of schemaVersion %d and the other of %d: analyse both with the same bundlens",
			a.SchemaVersion, b.SchemaVersion)
	}
	around := opts.Context
	if opts.Context == 0 {
		opts.Context = defaultAround
	}
	own := ownVersions{a.Source.Version, b.Source.Version}
	r := &Result{around: around, SchemaVersion: Version, From: side(a), To: side(b), Sections: []Section{}, Remarks: []string{},
		Prompts: mainPrompts(a, b, opts.World, own, opts.Context)}
	counter := new(tokens.Counter)
	counted := make(chan []TokenDelta, 1)
	go func(a, b *schema.Document) { counted <- toolDeltas(counter, a, b, opts.World) }(a, b)
	byDefault := [2]map[string]bool{defaultTools(a, opts.World), defaultTools(b, opts.World)}
	if !isDefault(opts.World) {
		a, b = seen(a, opts.World), seen(b, opts.World)
	}
	c := comparison{counter: counter, moves: newMoves(), own: own, before: newConditions(a), after: newConditions(b)}
	sections := c.sections(a, b)
	c.texts(sections, opts.Context)
	for _, p := range r.Prompts {
		r.Differs = r.Differs || p.Change != Unchanged
	}
	r.Remarks = append(r.Remarks, leaveUnknown(&sections[0], r.From, r.To)...)
	said := map[string]bool{}
	for _, p := range sections {
		s := Section{Kind: p.kind, Records: []Record{}}
		if where := notLookedFor(p.kind, a, b); where != "" {
			r.Remarks = append(r.Remarks, fmt.Sprintf("nobody looked for %s in %s: they are not compared", p.kind, where))
			p.drafts = nil
		}
		for _, d := range p.drafts {
			if record, differs := d.finish(said); differs {
				record.Default = p.kind == "tools" && (byDefault[0][record.former()] || byDefault[1][record.Name])
				record.notSeen(r.From, r.To)
				if record.onlyRepeats() {
					s.Repeated++
					continue
				}
				s.Records = append(s.Records, record)
				r.Differs = true
				r.Breaking += record.breaking()
			}
		}
		slices.SortStableFunc(s.Records, func(a, b Record) int { return cmp.Compare(a.Name, b.Name) })
		r.Sections = append(r.Sections, s)
	}
	for _, s := range []Side{r.From, r.To} {
		if !s.Complete {
			r.Remarks = append(r.Remarks, s.Title()+" could not be seen whole: what is missing there may be there all the same")
		}
	}
	r.Tokens = <-counted
	return r, nil
}

// manyUnknown is of how many tools one side has to lack something for that to say more of the analysis than of them.
const manyUnknown = 10

// leaveUnknown takes output schemas out of what changed that one side knows of many tools and the other does not, and says
// so once.
func leaveUnknown(tools *pending, from, to Side) (remarks []string) {
	for _, side := range []struct{ kind, lacks string }{{schemaKnown, from.Title()}, {schemaUnknown, to.Title()}} {
		is := func(c SchemaChange) bool { return c.Of == "output" && c.Kind == side.kind }
		n := 0
		for _, d := range tools.drafts {
			if slices.ContainsFunc(d.record.Schema, is) {
				n++
			}
		}
		if n < manyUnknown {
			continue
		}
		for _, d := range tools.drafts {
			d.record.Schema = slices.DeleteFunc(d.record.Schema, is)
		}
		remarks = append(remarks, fmt.Sprintf("the output schemas of %d tools are not known in %s: they are not compared", n, side.lacks))
	}
	return remarks
}

// former is the record's name before.
func (r *Record) former() string { return cmp.Or(r.OldName, r.Name) }

// notSeen does not call removed what the other side may have, nor added what may have been there.
func (r *Record) notSeen(from, to Side) {
	if r.Change == Removed && !to.Complete || r.Change == Added && !from.Complete {
		r.Change, r.Breaking = NotSeen, false
	}
}

// onlyRepeats says whether a record has only changes that are told of another.
func (r *Record) onlyRepeats() bool {
	if r.Change != Changed || len(r.Fields)+len(r.Schema) > 0 {
		return false
	}
	for _, t := range r.Texts {
		if t.Change != Changed || len(t.Hunks) > 0 {
			return false
		}
	}
	return true
}

func side(d *schema.Document) Side {
	return Side{Name: d.Source.Name, Package: d.Source.Package, Version: d.Source.Version, Complete: d.Health.Complete}
}

// breaking counts the breaking changes of a record.
func (r Record) breaking() int {
	n := 0
	for _, c := range r.Schema {
		if c.Breaking {
			n++
		}
	}
	if r.Breaking && n == 0 {
		n = 1
	}
	return n
}

// comparison is under way: texts are compared at the end, when it is known what moved from one to another.
type comparison struct {
	counter       *tokens.Counter
	wordings      wordings // those of a section have their own
	moves         *moves
	own           ownVersions
	before, after *conditions
}

// sections pairs the records of both sides and compares all but their texts, each kind beside the others.
func (c comparison) sections(a, b *schema.Document) []pending {
	kinds := []func(c *comparison) pending{
		func(c *comparison) pending { return c.tools(a.Tools, b.Tools) },
		func(c *comparison) pending { return c.prompts("prompts", a.Prompts, b.Prompts) },
		func(c *comparison) pending { return c.prompts("reminders", a.Reminders, b.Reminders) },
		func(c *comparison) pending { return c.agents(a.Agents, b.Agents) },
		func(c *comparison) pending { return c.commands(a.Commands, b.Commands) },
		func(c *comparison) pending { return c.environment(a.Environment, b.Environment) },
		func(c *comparison) pending { return c.flags(a.Flags, b.Flags) },
		func(c *comparison) pending { return c.capabilities(a.Capabilities, b.Capabilities) },
	}
	sections := make([]pending, len(kinds))
	var work sync.WaitGroup
	for i, compare := range kinds {
		work.Go(func() {
			c := c
			c.wordings = wordings{}
			sections[i] = compare(&c)
		})
	}
	work.Wait()
	return sections
}

// texts compares the texts of all sections, when it is known what moved from one to another.
func (c comparison) texts(sections []pending, around int) {
	var work sync.WaitGroup
	for _, p := range sections {
		for _, d := range p.drafts {
			for _, t := range d.texts {
				c.moves.note(t)
			}
		}
	}
	for _, p := range sections {
		work.Go(func() {
			for _, d := range p.drafts {
				for _, t := range d.texts {
					t.hunks = hunks(t.edits(c.moves), around)
				}
			}
		})
	}
	work.Wait()
}

// pending is a section whose texts are not compared yet.
type pending struct {
	kind   string
	drafts []*draft
}

// draft is a record whose texts are not compared yet.
type draft struct {
	record Record
	texts  []*textPair
	own    ownVersions

	before, after *conditions
}

func (c *comparison) newDraft(name, oldName string, hasOld, hasNew bool) *draft {
	d := &draft{own: c.own, before: c.before, after: c.after, record: Record{Name: name, Fields: []FieldChange{}, Schema: []SchemaChange{}, Texts: []TextChange{}}}
	switch {
	case !hasOld:
		d.record.Change = Added
	case !hasNew:
		d.record.Change = Removed
	case name != oldName:
		d.record.Change, d.record.OldName = Renamed, oldName
	default:
		d.record.Change = Changed
	}
	return d
}

// field notes a plain value where it changed.
func (d *draft) field(name, from, to string) {
	if !d.own.same(from, to) {
		d.record.Fields = append(d.record.Fields, FieldChange{name, from, to})
	}
}

// text notes a text, to be compared. Where it may say the same as before, and does not by default, that is compared.
func (c *comparison) text(d *draft, id, field string, from, to *schema.Text) {
	if from == nil && to == nil {
		return
	}
	p := newTextPair(id, field, from, to, d.own, c.wordings)
	d.pieces(from, to)
	if p.lines == nil && from != nil && to != nil && !d.own.same(from.Text, to.Text) {
		p = c.byDefault(d, id, field, from, to)
	}
	d.texts = append(d.texts, p)
}

// byDefault is a text as it is in the default world.
func (c *comparison) byDefault(d *draft, id, field string, from, to *schema.Text) *textPair {
	x, y := schema.Literal(from.Text), schema.Literal(to.Text)
	return newTextPair(id, field, &x, &y, d.own, c.wordings)
}

// finish says what changed in the texts, apart from what was said before. A record that is on both sides and has no change is none.
func (d *draft) finish(said map[string]bool) (Record, bool) {
	r := d.record
	for _, p := range d.texts {
		if change, differs := p.compare(said); differs {
			r.Texts = append(r.Texts, change)
		}
	}
	for _, c := range r.Schema {
		r.Breaking = r.Breaking || c.Breaking
	}
	return r, r.Change != Changed || len(r.Fields)+len(r.Schema)+len(r.Texts) > 0
}

// Only leaves the sections of some kinds in the result.
func (r *Result) Only(kinds []string) {
	r.Sections = slices.DeleteFunc(r.Sections, func(s Section) bool { return !slices.Contains(kinds, s.Kind) })
	if !slices.Contains(kinds, "prompts") {
		r.Prompts = []PromptDiff{}
	}
	r.count()
}

// OnlyBreaking leaves what makes a former call fail.
func (r *Result) OnlyBreaking() {
	for i := range r.Sections {
		s := &r.Sections[i]
		s.Repeated = 0
		s.Records = slices.DeleteFunc(s.Records, func(x Record) bool { return !x.Breaking })
		for j := range s.Records {
			x := &s.Records[j]
			x.Texts = []TextChange{}
			x.Schema = slices.DeleteFunc(x.Schema, func(c SchemaChange) bool { return !c.Breaking })
		}
	}
	r.Prompts = []PromptDiff{}
	r.Tokens = []TokenDelta{}
	r.count()
}

// count says anew whether there are differences.
func (r *Result) count() {
	r.Differs, r.Breaking = false, 0
	for _, p := range r.Prompts {
		r.Differs = r.Differs || p.Change != Unchanged
	}
	for _, s := range r.Sections {
		for _, x := range s.Records {
			r.Differs = true
			r.Breaking += x.breaking()
		}
	}
}

// Kinds are the kinds of records, in the order of their sections.
var Kinds = []string{"tools", "prompts", "reminders", "agents", "commands", "environment", "flags", "capabilities"}
