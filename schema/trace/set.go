package trace

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/bundlens/bundlens/internal/lazyregexp"
	"github.com/bundlens/bundlens/internal/ordered"
)

// Set is what many captures show together. It keeps each distinct tool and text once, so its size follows what the
// program says and not how often.
type Set struct {
	Requests []Request `json:"requests"`
	Tools    []Seen    `json:"tools"`
	// System are the distinct blocks of system prompts, Reminders the distinct reminders in messages.
	System    []Text `json:"system"`
	Reminders []Text `json:"reminders"`
	// Others is how many records were of something else.
	Others   int       `json:"others"`
	Findings []Finding `json:"findings"`
}

// Collector puts captures into a Set, one after the other.
type Collector struct {
	Set Set

	tools  map[[32]byte]int
	system map[string]int
	remind map[string]int
}

// Request is a capture in short.
type Request struct {
	File   string `json:"file"`
	Offset int64  `json:"offset"`
	ID     string `json:"id"`
	Time   string `json:"time"`
	Model  string `json:"model"`
	Stream bool   `json:"stream"`
	Status int    `json:"status"`
	// Bytes is the size of the request's body.
	Bytes int `json:"bytes"`
	// Tools, System and Reminders are indexes into the lists of the Set.
	Tools     []int `json:"tools"`
	System    []int `json:"system"`
	Reminders []int `json:"reminders"`
	// Messages are the turns with the characters of their texts.
	Messages []Turn    `json:"messages"`
	Answer   *Answer   `json:"answer"`
	Findings []Finding `json:"findings"`
}

// Turn is a message in short.
type Turn struct {
	Role       string `json:"role"`
	Characters int    `json:"characters"`
}

// Seen is one form of a tool: its name with one description and one schema.
type Seen struct {
	Name        string          `json:"name"`
	Description string          `json:"description"`
	InputSchema json.RawMessage `json:"inputSchema"`
	// Extra are its other members.
	Extra map[string]json.RawMessage `json:"extra"`
	// Requests is in how many requests it stands, Bytes its size.
	Requests int `json:"requests"`
	Bytes    int `json:"bytes"`
}

// Text is a text that was sent.
type Text struct {
	Text       string `json:"text"`
	Characters int    `json:"characters"`
	Requests   int    `json:"requests"`
	// Role is who says it, for a reminder.
	Role string `json:"role"`
}

// Collect reads captures into a Set.
func Collect(ctx context.Context, paths []string, opts Options) (*Set, error) {
	var col Collector
	res, err := Read(ctx, paths, opts, func(c *Capture) error {
		col.Add(c)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return col.done(res), nil
}

// done adds what the reading was like.
func (col *Collector) done(res *Result) *Set {
	s := &col.Set
	s.Others = res.Others
	for _, r := range s.Requests {
		s.Findings = append(s.Findings, r.Findings...)
	}
	s.Findings = append(s.Findings, res.Findings...)
	return s
}

// Blind says whether something could not be seen, so that what is missing here may have been sent.
func (s *Set) Blind() bool {
	return slices.ContainsFunc(s.Findings, func(f Finding) bool { return f.Severity == SeverityError })
}

// Add takes in a capture.
func (col *Collector) Add(c *Capture) {
	if col.tools == nil {
		col.tools, col.system, col.remind = map[[32]byte]int{}, map[string]int{}, map[string]int{}
	}
	s := &col.Set
	r := Request{File: c.File, Offset: c.Offset, ID: c.ID, Time: c.Time, Model: c.Model, Stream: c.Stream, Status: c.Status,
		Bytes: len(c.Request), Answer: c.Answer, Findings: c.Findings}
	for _, t := range c.Tools {
		r.Tools = append(r.Tools, col.addTool(t))
	}
	for _, b := range c.System {
		if b.Type == "text" {
			r.System = append(r.System, addText(&s.System, col.system, b.Text, ""))
		}
	}
	for _, m := range c.Messages {
		turn := Turn{Role: m.Role}
		for _, b := range m.Content {
			turn.Characters += utf8.RuneCountInString(b.Text)
			for _, text := range Reminders(b.Text) {
				r.Reminders = append(r.Reminders, addText(&s.Reminders, col.remind, text, m.Role))
			}
		}
		r.Messages = append(r.Messages, turn)
	}
	s.Requests = append(s.Requests, r)
}

func (col *Collector) addTool(t Tool) int {
	s := &col.Set
	key := toolKey(t)
	i, known := col.tools[key]
	if !known {
		i = len(s.Tools)
		col.tools[key] = i
		s.Tools = append(s.Tools, Seen{Name: t.Name, Description: t.Description, InputSchema: t.InputSchema,
			Extra: t.Extra, Bytes: len(t.Raw)})
	}
	s.Tools[i].Requests++
	return i
}

// toolKey is the same for two tools that say the same, whatever the white space between. What only steers caching is
// no part of a tool.
func toolKey(t Tool) [32]byte {
	text := ordered.String([]any{t.Name, t.Description, compact(t.InputSchema)})
	for _, name := range slices.Sorted(maps.Keys(t.Extra)) {
		if name != "cache_control" {
			text += "\x00" + name + "\x00" + compact(t.Extra[name])
		}
	}
	return sha256.Sum256([]byte(text))
}

// compact is JSON without white space, its keys in order.
func compact(raw json.RawMessage) string {
	v, err := ordered.Parse(raw)
	if err != nil {
		return string(raw)
	}
	return ordered.String(v)
}

func addText(list *[]Text, index map[string]int, text, role string) int {
	key := role + "\x00" + text
	i, known := index[key]
	if !known {
		i = len(*list)
		index[key] = i
		*list = append(*list, Text{Text: text, Characters: utf8.RuneCountInString(text), Role: role})
	}
	(*list)[i].Requests++
	return i
}

var reminder = lazyregexp.New(`(?s)<system-reminder>\s*(.*?)\s*</system-reminder>`)

// Reminders are the system reminders in a text, without their tags.
func Reminders(text string) []string {
	if !strings.Contains(text, "<system-reminder>") {
		return nil
	}
	var out []string
	for _, m := range reminder.Get().FindAllStringSubmatch(text, -1) {
		out = append(out, m[1])
	}
	return out
}

// ByName are the tools by name, and by their place in the list where they have the same name.
func (s *Set) ByName() []Seen {
	out := slices.Clone(s.Tools)
	slices.SortStableFunc(out, func(a, b Seen) int { return cmp.Compare(a.Name, b.Name) })
	return out
}
