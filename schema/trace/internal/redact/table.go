package redact

import (
	_ "embed"
	"encoding/json"
	"regexp"
	"strings"
	"sync"
)

//go:embed rules.json
var ownRules []byte

// Rules of gitleaks, verbatim, by .ci/secret-forms; the file says of which version, and has its licence.
//
//go:embed gitleaks.json
var gitleaksRules []byte

// rule is a form that secrets have. Where the pattern has two groups, they stay.
type rule struct {
	ID string `json:"id"`
	// Words are in lower case: without one of them in the text there is nothing to find. With a Reach, in bytes, what is
	// found starts near one of them, and reaches as far at least; without one they may stand anywhere in the text.
	Words []string `json:"words"`
	Reach int      `json:"reach"`
	// Behind are what stands behind a word, each of them.
	Behind []string `json:"behind,omitempty"`
	Flags  string   `json:"flags,omitempty"`
	// Pattern is in what Go and JavaScript understand alike.
	Pattern string `json:"pattern"`
	// Check is what more has to hold of a secret: "mixed" or "basic".
	Check string `json:"check,omitempty"`

	pattern *regexp.Regexp
}

// rulesTable is what counts as a secret. The hook reads the same members.
type rulesTable struct {
	Mask     string `json:"mask"`
	Shortest int    `json:"shortest"` // of a value that is looked for wherever it stands, in bytes
	// Headers and Parameters are the ones that are harmless, by their names.
	Headers    string `json:"headers"`
	Parameters string `json:"parameters"`
	// SecretHeaders, Environment and Members are names that speak of secrets.
	SecretHeaders string `json:"secretHeaders"`
	Environment   string `json:"environment"`
	Members       string `json:"members"`
	// Options take a secret as their value, HeaderOptions a header and UserOptions USER:PASSWORD.
	Options       string            `json:"options"`
	HeaderOptions string            `json:"headerOptions"`
	UserOptions   string            `json:"userOptions"`
	Parts         map[string]string `json:"parts,omitempty"` // by the names under which patterns have them
	Rules         []*rule           `json:"rules"`

	headers, parameters, secretHeaders, environment, members, options, headerOptions, userOptions *regexp.Regexp
}

// rules are the compiled rules; made when the first text is looked at.
func (t *rulesTable) rules() []*rule {
	compileRules()
	return t.Rules
}

// table is read once. What is embedded is read by a test, so that it can't fail here.
var table = sync.OnceValue(func() *rulesTable {
	t := &rulesTable{}
	mustRead(ownRules, t)
	var theirs struct {
		Rules []struct {
			ID, Pattern string
			Words       []string
			Group       int
		}
	}
	mustRead(gitleaksRules, &theirs)
	fill := strings.NewReplacer("<NAME>", t.Parts["NAME"], "<START>", t.Parts["START"], "<SPACE>", t.Parts["SPACE"])
	start := t.Parts["START"]
	t.Members, t.Parts = fill.Replace(t.Members), nil
	for _, r := range t.Rules {
		r.Pattern = fill.Replace(r.Pattern)
		r.spread()
		r.locate(true)
	}
	for _, r := range theirs.Rules {
		for _, pattern := range common(r.Pattern, r.Group, start) {
			part := &rule{ID: r.ID, Words: r.Words, Pattern: pattern}
			part.locate(false)
			t.Rules = append(t.Rules, part)
		}
	}
	for into, pattern := range map[**regexp.Regexp]string{
		&t.headers: t.Headers, &t.parameters: t.Parameters, &t.secretHeaders: t.SecretHeaders, &t.environment: t.Environment,
		&t.members: t.Members, &t.options: t.Options,
	} {
		*into = regexp.MustCompile("(?i)" + pattern)
	}
	t.headerOptions, t.userOptions = regexp.MustCompile(t.HeaderOptions), regexp.MustCompile(t.UserOptions)
	return t
})

// spread makes words of each with each that stands behind it.
func (r *rule) spread() {
	if r.Behind == nil {
		return
	}
	var words []string
	for _, w := range r.Words {
		for _, b := range r.Behind {
			words = append(words, w+b)
		}
	}
	r.Words, r.Behind = words, nil
}

var compileRules = sync.OnceFunc(func() {
	for _, r := range table().Rules {
		pattern := r.Pattern
		if r.Flags != "" {
			pattern = "(?" + r.Flags + ")" + pattern
		}
		r.pattern = regexp.MustCompile(pattern)
	}
})

func mustRead(data []byte, into any) {
	if err := json.Unmarshal(data, into); err != nil {
		panic(err)
	}
}

// Table is the table as JSON, for the hook.
func Table() []byte {
	data, err := json.Marshal(table())
	if err != nil {
		panic(err) // texts and numbers
	}
	return data
}
