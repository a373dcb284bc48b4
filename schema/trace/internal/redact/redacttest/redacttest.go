// Package redacttest makes secrets in the form of every rule, and what may surround them, so that each place that
// writes to the disk can be tested with all of them. The secrets are made when they are asked for: none is kept in a file.
package redacttest

import (
	"encoding/base64"
	"encoding/json"
	"math/rand/v2"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"

	"github.com/bundlens/bundlens/schema/trace/internal/redact"
)

// Secret is a text in which a rule finds a secret.
type Secret struct {
	// Rule is the id of the rule.
	Rule string
	// Text is what stands in a program, Value the part of it that is secret.
	Text, Value string
}

// Secrets are one for each rule; the same in each run.
func Secrets() []Secret {
	var table struct {
		Rules []struct {
			ID, Pattern, Flags, Check string
			Words                     []string
			Reach                     int
		}
	}
	if err := json.Unmarshal(redact.Table(), &table); err != nil {
		panic(err)
	}
	var out []Secret
	random := rand.New(rand.NewPCG(1, 2))
	for _, r := range table.Rules {
		pattern := r.Pattern
		if r.Flags != "" {
			pattern = "(?" + r.Flags + ")" + pattern
		}
		re, err := syntax.Parse(pattern, syntax.Perl)
		if err != nil {
			panic(err)
		}
		before, value, after := sample(re, random)
		switch r.Check {
		case "mixed":
			value += "4x"
		case "basic":
			value = base64.StdEncoding.EncodeToString([]byte("user:" + value))
		}
		if r.Reach == 0 && len(r.Words) > 0 { // it says nothing without the name of its provider
			before = r.Words[0] + " " + before
		}
		out = append(out, Secret{r.ID, before + value + after, value})
	}
	return out
}

// sample makes a text that a rule finds, apart from its groups.
func sample(re *syntax.Regexp, random *rand.Rand) (before, value, after string) {
	parts := []*syntax.Regexp{re}
	if re.Op == syntax.OpConcat {
		parts = re.Sub
	}
	into := &value
	for _, p := range parts {
		switch {
		case p.Op == syntax.OpCapture && into == &value && value == "":
			before = text(p, random)
		case p.Op == syntax.OpCapture:
			after = text(p, random)
		default:
			*into += text(p, random)
		}
	}
	return before, value, after
}

// text makes a text that a pattern matches: of repetitions the fewest, but for some of those without an end.
func text(re *syntax.Regexp, random *rand.Rand) string {
	switch re.Op {
	case syntax.OpLiteral:
		return string(re.Rune)
	case syntax.OpCharClass:
		return string(character(re.Rune, random))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return "x"
	case syntax.OpPlus:
		return strings.Repeat(text(re.Sub[0], random), 3) + text(re.Sub[0], random)
	case syntax.OpCapture:
		return text(re.Sub[0], random)
	case syntax.OpRepeat:
		var b strings.Builder
		for range re.Min {
			b.WriteString(text(re.Sub[0], random))
		}
		return b.String()
	case syntax.OpConcat:
		var b strings.Builder
		for _, s := range re.Sub {
			b.WriteString(text(s, random))
		}
		return b.String()
	case syntax.OpAlternate:
		return text(re.Sub[random.IntN(len(re.Sub))], random)
	}
	return "" // what stands nowhere, or may be left out
}

// character takes a letter or digit of a class where it has one.
func character(ranges []rune, random *rand.Rand) rune {
	var all []rune
	for _, c := range "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789" {
		for i := 0; i < len(ranges); i += 2 {
			if ranges[i] <= c && c <= ranges[i+1] {
				all = append(all, c)
			}
		}
	}
	if slices.Equal(ranges, []rune{0, '\n' - 1, '\n' + 1, unicode.MaxRune}) { // any character
		return '.'
	}
	if len(all) == 0 { // a quote or a sign, or else white space
		for i := 1; i < len(ranges); i += 2 {
			if ranges[i] > ' ' {
				return max(ranges[i-1], ' '+1)
			}
		}
		return ranges[0]
	}
	return all[random.IntN(len(all))]
}

// Surrounding is what may stand around a secret.
type Surrounding struct {
	Name string
	// In puts a secret's text into it.
	In func(secret string) string
}

// Surroundings are those in which each secret has to be found. None of them has a quote that JSON would not escape.
func Surroundings() []Surrounding {
	between := func(before, after string) func(string) string {
		return func(s string) string { return before + s + after }
	}
	return []Surrounding{
		{"start", between("", " and more")},
		{"end", between("it is ", "")},
		{"newline", between("a line\n", "\nanother")},
		{"tab", between("a\t", "\tb")},
		{"CRLF", between("a\r\n", "\r\nb")},
		{"double quotes", between(`a "`, `" b`)},
		{"single quotes", between(`a '`, `' b`)},
		{"escape sequence", between("\x1b[31m", "\x1b[0m")},
		{"line separator", between("a\u2028", "\u2028b")},
		{"escaped newline", between(`a line\n`, `\nanother`)},
		{"JSON", func(s string) string { return encode(map[string]any{"a": []string{"x\n" + s}}) }},
		{"JSON in JSON", func(s string) string { return encode(map[string]any{"a": encode([]string{"x\n" + s + "\ny"})}) }},
		{"name in JSON", func(s string) string { return encode(map[string]any{s: 1}) }},
		{"JSON that was cut off", func(s string) string { return strings.TrimSuffix(encode(map[string]any{"a": "x\n" + s + "\ny"}), "}") }},
		{"base64", func(s string) string {
			return "data " + base64.StdEncoding.EncodeToString([]byte("it is\n"+s+"\n!")) + " end"
		}},
		{"Basic header", func(s string) string {
			return "Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte("user:"+s))
		}},
	}
}

func encode(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(data)
}

// Leaks says whether a secret's value, or the text that was encoded with it in it, is still there.
func (s Secret) Leaks(in, out string) bool {
	quoted := strings.Trim(encode(s.Value), `"`)
	again := strings.Trim(encode(quoted), `"`)
	for _, form := range []string{s.Value, quoted, again} {
		if strings.Contains(out, form) {
			return true
		}
	}
	for word := range strings.FieldsSeq(in) {
		plain, err := base64.StdEncoding.DecodeString(word)
		if err == nil && len(word) > 15 && strings.Contains(string(plain), s.Value) && strings.Contains(out, word) {
			return true
		}
	}
	return false
}
