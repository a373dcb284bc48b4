package audit

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/bundlens/bundlens/internal/lazyregexp"
)

//go:embed rules.json
var rulesText []byte

// Level is how much a finding matters: an error is a reason not to install, a note is none.
type Level string

// The levels.
const (
	Error   Level = "error"
	Warning Level = "warning"
	Note    Level = "note"
)

// Rule is one pattern that speaks against a program. Of says what it is matched with: "tool-text" (each text of a tool's
// definition), "code" (a module's text), "install-script", a capability's ID (the arguments of its calls, as
// they evaluate), or that with "-source" behind it (the arguments and what they are made from, as they stand).
type Rule struct {
	ID      string `json:"id"`
	Level   Level  `json:"level"`
	Of      string `json:"of"`
	Title   string `json:"title"`
	Pattern string `json:"pattern"`
	// Ignore fits what is harmless and would fit the pattern; it is left out before the text is matched.
	Ignore string `json:"ignore,omitempty"`
	// Times is how often the pattern has to fit; once if it is 0.
	Times int `json:"times,omitempty"`
	// Public says that the address in what fits has to be one of the public net.
	Public bool `json:"public,omitempty"`

	pattern, ignore *regexp.Regexp
}

var numericAddress = lazyregexp.New(`(\d{1,3}\.){3}\d{1,3}`)

// find is where the rule's pattern fits a text first; nil where the rule does not hold.
func (r *Rule) find(text []byte) []int {
	if r.ignore != nil && r.pattern.Match(text) {
		text = r.ignore.ReplaceAllFunc(text, func(harmless []byte) []byte { return bytes.Repeat([]byte(" "), len(harmless)) })
	}
	found := r.pattern.FindAllIndex(text, max(r.Times, 1))
	if len(found) < max(r.Times, 1) {
		return nil
	}
	at := found[0]
	if r.Public {
		ip, err := netip.ParseAddr(string(numericAddress.Get().Find(text[at[0]:at[1]])))
		if err != nil || ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() || ip.IsUnspecified() {
			return nil
		}
	}
	return at
}

// capabilityRule says which exports of modules, or which globals, reach what is outside of a program.
type capabilityRule struct {
	ID      string   `json:"id"`
	Title   string   `json:"title"`
	Modules []string `json:"modules"`
	Names   []string `json:"names"`
	Globals []string `json:"globals"`
}

type ruleTable struct {
	Capabilities []capabilityRule `json:"capabilities"`
	Rules        []*Rule          `json:"rules"`
}

// rules is the table, read once. It is embedded and read by a test, so that it can't fail here.
var rules = sync.OnceValue(func() *ruleTable {
	t := &ruleTable{}
	if err := json.Unmarshal(rulesText, t); err != nil {
		panic(err)
	}
	for _, r := range t.Rules {
		r.pattern = regexp.MustCompile(r.Pattern)
		if r.Ignore != "" {
			r.ignore = regexp.MustCompile(r.Ignore)
		}
	}
	return t
})

// Rules returns the rules, in the order of the table, and those that compare with a baseline.
func Rules() []Rule {
	var list []Rule
	for _, r := range rules().Rules {
		list = append(list, *r)
	}
	return append(list, changeRules...)
}

// of are the rules that are matched with one thing.
func (t *ruleTable) of(what string) (list []*Rule) {
	for _, r := range t.Rules {
		if r.Of == what {
			list = append(list, r)
		}
	}
	return list
}

// ofExport is the capability that an export of a module is; "" for none.
func (t *ruleTable) ofExport(module, name string) *capabilityRule {
	module = strings.TrimPrefix(module, "node:")
	for i := range t.Capabilities {
		c := &t.Capabilities[i]
		if slices.Contains(c.Modules, module) && (c.Names[0] == "*" || slices.Contains(c.Names, name)) {
			return c
		}
	}
	return nil
}

// modules are the names of all modules that the table knows.
func (t *ruleTable) modules() map[string]bool {
	names := map[string]bool{}
	for _, c := range t.Capabilities {
		for _, m := range c.Modules {
			names[m] = true
		}
	}
	return names
}

// ofGlobal is the capability that a global is; nil for none.
func (t *ruleTable) ofGlobal(name string) *capabilityRule {
	for i := range t.Capabilities {
		if slices.Contains(t.Capabilities[i].Globals, name) {
			return &t.Capabilities[i]
		}
	}
	return nil
}
