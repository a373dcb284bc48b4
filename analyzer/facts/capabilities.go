package facts

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/internal/lazyregexp"
	"github.com/bundlens/bundlens/queries"
	"github.com/bundlens/bundlens/schema"
)

// Capabilities finds what a program states about what it may do to the machine. It says what the code holds: whether
// and when a profile or a list is used is not known here.
var Capabilities = analyzer.Fact{
	Name:  "capabilities",
	Doc:   "sandbox profiles, permission modes and settings, decisions, restricted paths and hosts",
	Query: queries.Text("capabilities"),
	Run:   runCapabilities,
}

func runCapabilities(p *analyzer.Pass) error {
	c := &capabilities{finder: &finder{Pass: p}, writer: newPromptWriter(p), seen: map[string]bool{}, functions: map[js.Node]bool{}}
	for _, m := range p.Matches {
		switch {
		case m.Capture("setting").Valid():
			c.setting(m, m.Capture("setting").Child(js.FieldValue), m.Capture("key").Text())
		case m.Capture("profile").Valid():
			c.profile(m, m.Capture("profile"))
		case m.Capture("argument").Valid():
			c.arguments(m, m.Capture("argument"))
		case m.Capture("decision").Valid():
			c.decision(m, m.Capture("decision"))
		case m.Capture("option").Valid():
			c.option(m)
		case m.Capture("list").Valid():
			c.list(m, m.Capture("list"))
		}
	}
	p.Document.Capabilities = withoutParts(p.Document.Capabilities)
	order := []string{schema.CapabilityMode, schema.CapabilityOption, schema.CapabilitySetting, schema.CapabilitySandbox,
		schema.CapabilityPaths, schema.CapabilityHosts, schema.CapabilityDecision}
	slices.SortStableFunc(p.Document.Capabilities, func(a, b schema.Capability) int {
		return cmp.Or(cmp.Compare(slices.Index(order, a.Kind), slices.Index(order, b.Kind)), cmp.Compare(a.Name, b.Name))
	})
	return nil
}

// withoutParts leaves out the settings that stand in the schema of another one.
func withoutParts(list []schema.Capability) []schema.Capability {
	return slices.DeleteFunc(slices.Clone(list), func(part schema.Capability) bool {
		if part.Kind != schema.CapabilitySetting || part.Detail == nil {
			return false
		}
		description, err := json.Marshal(part.Detail.Text)
		return err == nil && slices.ContainsFunc(list, func(whole schema.Capability) bool {
			return whole.Name != part.Name && strings.Contains(string(whole.Schema), `"`+part.Name+`":{`) &&
				strings.Contains(string(whole.Schema), string(description))
		})
	})
}

// capabilities collects what is stated.
type capabilities struct {
	*finder
	writer    *promptWriter
	seen      map[string]bool
	functions map[js.Node]bool // whose arguments were read
}

// add keeps a record, once.
func (c *capabilities) add(m analyzer.Match, n js.Node, r schema.Capability) {
	key := r.Kind + "\x00" + r.Name + "\x00" + string(r.Schema) + "\x00" + strings.Join(r.Values, "\x00")
	if r.Detail != nil {
		key += "\x00" + r.Detail.Text
	}
	if c.seen[key] {
		return
	}
	c.seen[key] = true
	r.Origin = originOf(m, n)
	r.Origin.Symbol = symbol(n)
	c.Document.Capabilities = append(c.Document.Capabilities, r)
}

// setting reads a member as the schema of a setting: an object with properties, or one of several words.
func (c *capabilities) setting(m analyzer.Match, n js.Node, key string) {
	steps := stepsOfText
	if !callsSchema(n) {
		steps = stepsOfCondition
	}
	v := c.writer.evalWithin(n, steps)
	o, ok := (eval.World{}).Pick(v).(*eval.Object)
	if !ok || !c.isSchema(o) && !(o.Own("type") != nil && o.Own("description") != nil) {
		return
	}
	r, ok := c.convert(v, eval.World{})
	if !ok {
		return
	}
	raw := json.RawMessage(r.text())
	s := gjson.ParseBytes(raw)
	var detail *schema.Text
	if d := s.Get("description").String(); d != "" {
		t := schema.Literal(d)
		detail = &t
	}
	if words := wordsOf(s); len(words) > 1 {
		c.add(m, n, schema.Capability{Name: key, Kind: schema.CapabilityMode, Values: words, Detail: detail})
		return
	}
	if detail != nil || s.Get("properties").Exists() {
		c.add(m, n, schema.Capability{Name: key, Kind: schema.CapabilitySetting, Detail: detail, Schema: raw})
	}
}

// callsSchema tells whether an expression is spelled as one that makes a schema: a chain of calls. Others are looked at
// as well, but not for long, as members with these names mostly hold something else.
func callsSchema(n js.Node) bool {
	return n.Kind() == js.CallExpression && n.Child(js.FieldFunction).Kind() == js.MemberExpression
}

// wordsOf returns the words that a schema chooses from.
func wordsOf(s gjson.Result) (words []string) {
	for _, v := range s.Get("enum").Array() {
		words = append(words, v.String())
	}
	for _, b := range s.Get("anyOf").Array() {
		if b.Get("const").Type == gjson.String {
			words = append(words, b.Get("const").String())
		}
	}
	return words
}

// decision reads an object that refuses something, or has somebody asked, and says why.
func (c *capabilities) decision(m analyzer.Match, n js.Node) {
	answer := ""
	for _, key := range []string{"behavior", "decision", "permissionDecision"} {
		answer = cmp.Or(answer, literalMember(n, key))
	}
	for _, key := range []string{"message", "reason", "permissionDecisionReason"} {
		why := memberNode(n, key)
		if !why.Valid() {
			continue
		}
		if text := c.said(why); text != nil && readable(literalsIn(text)) {
			c.add(m, n, schema.Capability{Name: answer, Kind: schema.CapabilityDecision, Detail: text})
		}
		return
	}
}

func literalsIn(t *schema.Text) string {
	var b strings.Builder
	for lit := range schema.Literals(t.Parts) {
		b.WriteString(lit)
	}
	return b.String()
}

// option reads a call that adds an option to the command line, with what it is for as a text or in an object.
func (c *capabilities) option(m analyzer.Match) {
	n := m.Capture("about")
	r := schema.Capability{Name: m.Capture("option").Text(), Kind: schema.CapabilityOption}
	if n.Kind() == js.Object {
		for e := memberNode(n, "choices").FirstChild(); e.Valid(); e = e.Next() {
			if s := c.said(e); s != nil && s.IsLiteral() {
				r.Values = append(r.Values, s.Text)
			}
		}
		n = cmp.Or(memberNode(n, "description"), memberNode(n, "describe"))
	}
	if r.Detail = c.said(n); r.Detail != nil && readable(literalsIn(r.Detail)) {
		c.add(m, n.Parent(), r)
	}
}

// maxList bounds how many values of one list are kept.
const maxList = 400

// list reads an array as paths or as hosts; one that is neither is left.
func (c *capabilities) list(m analyzer.Match, n js.Node) {
	var values []string
	for e := n.FirstChild(); e.Valid(); e = e.Next() {
		if e.Kind() != js.String || len(values) == maxList {
			return
		}
		values = append(values, nameOfKey(e))
	}
	switch {
	case arePaths(values):
		c.add(m, n, schema.Capability{Name: "list of paths", Kind: schema.CapabilityPaths, Values: values})
	case areHosts(values):
		c.add(m, n, schema.Capability{Name: "list of hosts", Kind: schema.CapabilityHosts, Values: values})
	}
}

var (
	pathShape = lazyregexp.New(`^(~|\.{0,2}/|\.[A-Za-z])[^\s*]*$`)
	hostShape = lazyregexp.New(`^(\*\.)?([a-z0-9-]+\.)+[a-z]{2,}(/[^\s]*)?$`)
	// privatePath is a file or directory by which a user's machine is set up: what a list of restricted paths holds,
	// and one of anything else does not.
	privatePath = lazyregexp.New(`(^|/)(\.git|\.gitconfig|\.gitmodules|\.bashrc|\.bash_profile|\.zshrc|\.zprofile|\.profile|\.ssh|\.gnupg|\.aws|\.netrc|\.npmrc|\.vscode|\.idea|passwd|shadow|sudoers)/?$`)
	// publicHost is one that a developer's tools fetch from, which tells a list of where a program may go from others.
	publicHost = lazyregexp.New(`^(\*\.)?(docs\.python\.org|pypi\.org|registry\.npmjs\.org|developer\.mozilla\.org|github\.com)$`)
)

const (
	minPaths   = 3
	minPrivate = 2
	minHosts   = 5
)

func arePaths(values []string) bool {
	private := 0
	for _, v := range values {
		if !pathShape.Get().MatchString(v) {
			return false
		}
		if privatePath.Get().MatchString(v) {
			private++
		}
	}
	return len(values) >= minPaths && private >= minPrivate
}

func areHosts(values []string) bool {
	return len(values) >= minHosts && slices.ContainsFunc(values, publicHost.Get().MatchString) && !slices.ContainsFunc(values, func(v string) bool { return !hostShape.Get().MatchString(v) })
}
