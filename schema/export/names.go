package export

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// identifiers are the identifiers that are taken.
type identifiers map[string]bool

// of returns an identifier that was not taken: the one wanted, or that with a number.
func (ids identifiers) of(wanted string) string {
	name := wanted
	for n := 2; ids[name]; n++ {
		name = fmt.Sprintf("%s_%d", wanted, n)
	}
	ids[name] = true
	return name
}

// pascal makes an identifier of any name: its words, each with a capital in front. otherwise is the one where there is
// no word in it. Only letters and digits stay, in the normal form that Python reads identifiers in, and no letters
// outside the basic plane, which tables of older readers lack.
func pascal(name, otherwise string) string {
	var b strings.Builder
	capital := true
	for _, r := range norm.NFKC.String(name) {
		switch {
		case !wordRune(r, !capital):
			capital = true
			continue
		case capital:
			r = unicode.ToUpper(r)
		}
		capital = false
		b.WriteRune(r)
	}
	word := norm.NFKC.String(b.String())
	if word == "" {
		return otherwise
	}
	if word[0] >= '0' && word[0] <= '9' {
		return otherwise + word
	}
	return word
}

// wordRune says whether an identifier takes a character: a letter, a digit or, within a word, a mark on a letter.
func wordRune(r rune, within bool) bool {
	return r <= 0xffff && (unicode.IsLetter(r) || r >= '0' && r <= '9' || within && unicode.IsMark(r))
}

// snake makes an identifier in the manner of Python of any name, without a leading underscore.
func snake(name, otherwise string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFKC.String(name) {
		if !wordRune(r, b.Len() > 0 && !gap) {
			gap = true
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte('_')
		}
		gap = false
		b.WriteRune(r)
	}
	word := norm.NFKC.String(b.String())
	if word == "" {
		return otherwise
	}
	if word[0] >= '0' && word[0] <= '9' {
		return otherwise + "_" + word
	}
	return word
}

// wireName is a name that the vendors' interfaces take: up to most letters, digits, underscores and dashes.
func wireName(name string, most int, taken identifiers) string {
	var b strings.Builder
	for _, r := range name {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '-' {
			b.WriteRune(r)
		} else {
			b.WriteByte('_')
		}
	}
	word := b.String()
	if word == "" {
		word = "tool"
	}
	if len(word) > most {
		word = word[:most]
	}
	out := word
	for n := 2; taken[out]; n++ {
		suffix := fmt.Sprintf("_%d", n)
		out = word[:min(len(word), most-len(suffix))] + suffix
	}
	taken[out] = true
	return out
}
