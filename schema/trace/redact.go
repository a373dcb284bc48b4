package trace

import (
	_ "embed"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// RedactionRules is the table of what counts as a secret. The hook, which is JavaScript, is given the same table, so the
// patterns are written in what both languages understand.
//
//go:embed redact.json
var RedactionRules []byte

// redaction is the table, compiled.
var redaction = func() (r struct {
	mask         string
	headers, env *regexp.Regexp
	shortest     int
	rules        []*regexp.Regexp
}) {
	var table struct {
		Mask, Headers, Environment string
		Shortest                   int
		Rules                      []struct{ Flags, Pattern string }
	}
	if err := json.Unmarshal(RedactionRules, &table); err != nil {
		panic(err) // embedded, and a test reads it
	}
	r.mask, r.shortest = table.Mask, table.Shortest
	r.headers = regexp.MustCompile("(?i)" + table.Headers)
	r.env = regexp.MustCompile("(?i)" + table.Environment)
	for _, rule := range table.Rules {
		pattern := rule.Pattern
		if rule.Flags != "" {
			pattern = "(?" + rule.Flags + ")" + pattern
		}
		r.rules = append(r.rules, regexp.MustCompile(pattern))
	}
	return r
}()

// Redactor takes secrets out of what is recorded: values by the rules, and the values that it is told of wherever
// they stand.
type Redactor struct {
	known []string
	count int
}

// NewRedactor knows the values of environment variables whose names speak of secrets.
func NewRedactor(environ []string) *Redactor {
	r := &Redactor{}
	for _, line := range environ {
		if name, value, ok := strings.Cut(line, "="); ok && redaction.env.MatchString(name) {
			r.Know(value)
		}
	}
	return r
}

// Know adds a value that is a secret.
func (r *Redactor) Know(value string) {
	if len(value) >= redaction.shortest && !slices.Contains(r.known, value) {
		r.known = append(r.known, value)
		// The longest first: one may hold another.
		slices.SortFunc(r.known, func(a, b string) int { return len(b) - len(a) })
	}
}

// Count is how many secrets were taken out.
func (r *Redactor) Count() int { return r.count }

// Headers answers headers by their names in lower case, without the values of those that hold secrets; these are
// known from then on.
func (r *Redactor) Headers(h http.Header) map[string]string {
	out := map[string]string{}
	for name, values := range h {
		if !redaction.headers.MatchString(name) {
			continue
		}
		for _, v := range values {
			r.Know(v)
			if _, rest, ok := strings.Cut(v, " "); ok {
				r.Know(rest)
			}
			for _, pair := range strings.Split(v, ";") { // cookies
				if _, value, ok := strings.Cut(pair, "="); ok {
					r.Know(strings.TrimSpace(value))
				}
			}
		}
		r.count++
		out[strings.ToLower(name)] = redaction.mask
	}
	for name, values := range h {
		if name = strings.ToLower(name); out[name] == "" {
			out[name] = r.Text(strings.Join(values, ", "))
		}
	}
	return out
}

// Text answers a text, or a JSON text, without its secrets. JSON stays JSON.
func (r *Redactor) Text(text string) string {
	for _, value := range r.known {
		if n := strings.Count(text, value); n > 0 {
			r.count += n
			text = strings.ReplaceAll(text, value, redaction.mask)
		}
	}
	for _, rule := range redaction.rules {
		text = rule.ReplaceAllStringFunc(text, func(found string) string {
			if strings.Contains(found, redaction.mask) {
				return found // taken out already
			}
			r.count++
			m := rule.FindStringSubmatch(found)
			if len(m) < 3 {
				return redaction.mask
			}
			return m[1] + redaction.mask + m[2]
		})
	}
	return text
}
