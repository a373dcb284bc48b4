package redact

import (
	"fmt"
	"regexp/syntax"
	"slices"
	"strings"
)

// common writes a pattern of gitleaks, one for each of its forms, in what Go and JavaScript understand alike: no flags, no classes by name. What it
// asks for before and behind a token is left out where that only keeps a longer word from being found: a token may be
// glued to what surrounds it; start is what may stand before one that has to be a word by itself. What stands before the token, which is the group of that
// number, becomes the first group: the name of its provider, say.
func common(pattern string, group int, start string) []string {
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		panic(fmt.Sprintf("%s: %v", pattern, err)) // embedded, and a test reads it
	}
	if parsed.Op != syntax.OpAlternate {
		return []string{commonBranch(parsed, group, start)}
	}
	var out []string
	for _, branch := range parsed.Sub {
		out = append(out, commonBranch(branch, 1, start))
	}
	return out
}

// commonBranch writes one of the forms that a pattern has.
func commonBranch(parsed *syntax.Regexp, group int, start string) string {
	parts := []*syntax.Regexp{parsed}
	if parsed.Op == syntax.OpConcat {
		parts = parsed.Sub
	}
	token := -1
	for i, p := range parts {
		if p.Op == syntax.OpCapture && (token < 0 || p.Cap == group) {
			token = i
		}
	}
	if token < 0 {
		for len(parts) > 0 && parts[0].Op == syntax.OpWordBoundary {
			parts = parts[1:]
		}
		if n := len(parts); n > 0 && parts[n-1].Op == syntax.OpWordBoundary {
			parts = parts[:n-1]
		}
		return sequence(parts)
	}
	before := parts[:token]
	// Words that may stand before the name of a provider say nothing.
	for len(before) > 0 && (before[0].Op == syntax.OpWordBoundary || before[0].Op == syntax.OpRepeat && before[0].Min == 0) {
		before = before[1:]
	}
	opening := ""
	if len(before) > 0 && begins(before[0]) {
		opening, before = start, before[1:]
	}
	after := parts[token+1:]
	if n := len(after); n > 0 && ends(after[n-1]) {
		after = after[:n-1]
	}
	inside := portable(parts[token].Sub[0])
	if len(after) == 0 {
		inside += `[\w-]*`
	}
	return "(" + opening + sequence(before) + ")" + inside + "(" + sequence(after) + ")"
}

// ends says whether a part asks for the end of a word or of the text, or for what may stand behind a word.
func ends(p *syntax.Regexp) bool {
	switch p.Op {
	case syntax.OpWordBoundary, syntax.OpEndText, syntax.OpCharClass:
		return true
	case syntax.OpAlternate:
		return slices.ContainsFunc(p.Sub, ends)
	}
	return false
}

// begins says whether a part asks for the start of the text, or for what may stand before a word.
func begins(p *syntax.Regexp) bool {
	return p.Op == syntax.OpAlternate && slices.ContainsFunc(p.Sub, func(s *syntax.Regexp) bool { return s.Op == syntax.OpBeginText })
}

// locate finds out where a rule has to be looked for: around the words without one of which its pattern can't
// match. given says that those that it has are such
// words.
func (r *rule) locate(given bool) {
	parsed, err := syntax.Parse(r.Pattern, syntax.Perl)
	if err != nil {
		panic(fmt.Sprintf("%s: %v", r.Pattern, err)) // embedded, and a test reads it
	}
	r.Reach = max(r.Reach, least(parsed)+256)
	words := wordsOf(parsed)
	switch {
	case given && r.Words != nil:
	case words != nil:
		r.Words = words
	default:
		r.Reach = 0 // its words may stand anywhere
	}
}

// shortestWord is how long a word has to be to tell anything, in bytes.
const shortestWord = 3

// wordsOf are words: a match holds at least one of them. None where that can't be said.
func wordsOf(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpLiteral:
		if word := strings.ToLower(string(re.Rune)); len(word) >= shortestWord {
			return []string{word}
		}
	case syntax.OpCapture, syntax.OpPlus:
		return wordsOf(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return wordsOf(re.Sub[0])
		}
	case syntax.OpConcat:
		var best []string
		for _, s := range re.Sub {
			words := wordsOf(s)
			if len(best) == 0 || len(words) > 0 && shortest(words) > shortest(best) {
				best = words
			}
		}
		return best
	case syntax.OpAlternate:
		var all []string
		for _, s := range re.Sub {
			words := wordsOf(s)
			if len(words) == 0 {
				return nil
			}
			all = append(all, words...)
		}
		return all
	}
	return nil
}

func shortest(words []string) int {
	n := len(words[0])
	for _, w := range words {
		n = min(n, len(w))
	}
	return n
}

// least is how long a match is at least, in bytes.
func least(re *syntax.Regexp) int {
	switch re.Op {
	case syntax.OpLiteral:
		return len(re.Rune)
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return 1
	case syntax.OpCapture, syntax.OpPlus:
		return least(re.Sub[0])
	case syntax.OpRepeat:
		return re.Min * least(re.Sub[0])
	case syntax.OpConcat:
		n := 0
		for _, s := range re.Sub {
			n += least(s)
		}
		return n
	case syntax.OpAlternate:
		n := least(re.Sub[0])
		for _, s := range re.Sub {
			n = max(n, least(s)) // the longest of them, which is looked for as well
		}
		return n
	}
	return 0
}

func sequence(parts []*syntax.Regexp) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(portable(p))
	}
	return b.String()
}

// portable writes a parsed pattern.
func portable(re *syntax.Regexp) string {
	lazy := ""
	if re.Flags&syntax.NonGreedy != 0 {
		lazy = "?"
	}
	repeat := func(how string) string { return "(?:" + portable(re.Sub[0]) + ")" + how + lazy }
	switch re.Op {
	case syntax.OpEmptyMatch, syntax.OpWordBoundary:
		return "" // in the middle of a pattern it says nothing that its neighbours don't
	case syntax.OpLiteral:
		return literal(re)
	case syntax.OpCharClass:
		return class(re.Rune)
	case syntax.OpAnyCharNotNL:
		return `[^\n]`
	case syntax.OpAnyChar:
		return `[\s\S]`
	case syntax.OpBeginText, syntax.OpBeginLine:
		return "^"
	case syntax.OpEndText, syntax.OpEndLine:
		return "$"
	case syntax.OpCapture:
		return "(?:" + portable(re.Sub[0]) + ")"
	case syntax.OpStar:
		return repeat("*")
	case syntax.OpPlus:
		return repeat("+")
	case syntax.OpQuest:
		return repeat("?")
	case syntax.OpRepeat:
		if re.Max < 0 {
			return repeat(fmt.Sprintf("{%d,}", re.Min))
		}
		return repeat(fmt.Sprintf("{%d,%d}", re.Min, re.Max))
	case syntax.OpConcat:
		return sequence(re.Sub)
	case syntax.OpAlternate:
		list := make([]string, len(re.Sub))
		for i, s := range re.Sub {
			list[i] = portable(s)
		}
		return "(?:" + strings.Join(list, "|") + ")"
	}
	panic("a pattern holds " + re.Op.String()) // embedded, and a test reads it
}

func literal(re *syntax.Regexp) string {
	var b strings.Builder
	for _, c := range re.Rune {
		lower, upper := strings.ToLower(string(c)), strings.ToUpper(string(c))
		if re.Flags&syntax.FoldCase != 0 && lower != upper && c < 0x80 {
			b.WriteString("[" + lower + upper + "]")
			continue
		}
		b.WriteString(character(c))
	}
	return b.String()
}

// class writes ranges of characters. Only those of ASCII are written, which is all that keys are made of; a class
// that reaches beyond is what it leaves out.
func class(ranges []rune) string {
	var in [0x80]bool
	beyond := false
	for i := 0; i < len(ranges); i += 2 {
		for c := ranges[i]; c <= min(ranges[i+1], 0x7f); c++ {
			in[c] = true
		}
		beyond = beyond || ranges[i+1] > 0xffff
	}
	var b strings.Builder
	for c := 0; c < len(in); c++ {
		if in[c] == beyond {
			continue
		}
		end := c
		for end+1 < len(in) && in[end+1] != beyond {
			end++
		}
		b.WriteString(character(rune(c)))
		if end > c {
			b.WriteString("-" + character(rune(end)))
		}
		c = end
	}
	if beyond {
		if b.Len() == 0 {
			return `[\s\S]`
		}
		return "[^" + b.String() + "]"
	}
	return "[" + b.String() + "]"
}

func character(c rune) string {
	if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' {
		return string(c)
	}
	return fmt.Sprintf(`\x%02x`, c)
}
