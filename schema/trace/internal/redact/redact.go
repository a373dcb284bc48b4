// Package redact takes secrets out of what is written to the disk: headers and parameters that are not known to be
// harmless, values of members and options whose names speak of secrets, texts in the form of a key, and values that it
// is told of wherever they stand. The rules are a table, which the hook, a script, is given as well.
package redact

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Redactor takes secrets out of texts. It is for one goroutine.
type Redactor struct {
	known []string
	count int
}

// New knows the values of environment variables whose names speak of secrets, and those among a command's arguments. The
// variables are NAME=VALUE.
func New(environ []string, arguments ...string) *Redactor {
	r := &Redactor{}
	r.Arguments(arguments)
	r.count = 0
	for _, line := range environ {
		if name, value, ok := strings.Cut(line, "="); ok && table().environment.MatchString(name) {
			r.Know(value)
		}
	}
	return r
}

// Know adds a value that is a secret, as it stands and as it stands in an address.
func (r *Redactor) Know(value string) {
	for _, v := range []string{value, url.QueryEscape(value), url.PathEscape(value)} {
		if len(v) >= table().Shortest && v != table().Mask && !slices.Contains(r.known, v) {
			r.known = append(r.known, v)
		}
	}
	// The longest first: one may hold another.
	slices.SortFunc(r.known, func(a, b string) int { return len(b) - len(a) })
}

// Count is how many secrets were taken out.
func (r *Redactor) Count() int { return r.count }

// mask counts a secret and answers what stands in its place.
func (r *Redactor) mask() string {
	r.count++
	return table().Mask
}

// Headers answers headers by their names in lower case. Only values of those that are known to be harmless are kept.
// What those hold that speak of secrets is known from then on.
func (r *Redactor) Headers(h http.Header) map[string]string {
	out := map[string]string{}
	for name, values := range h {
		for _, v := range values {
			r.header(name, v)
		}
	}
	for name, values := range h {
		if name = strings.ToLower(name); out[name] == "" {
			out[name] = r.header(name, strings.Join(values, ", "))
		}
	}
	return out
}

// header answers the value of a header.
func (r *Redactor) header(name, value string) string {
	if table().headers.MatchString(name) {
		return r.Text(value)
	}
	if table().secretHeaders.MatchString(name) {
		r.knowHeader(value)
	}
	if value == "" || value == table().Mask {
		return value
	}
	return r.mask()
}

// knowHeader knows what stands in a header: credentials behind their scheme, the parts of those that are basic, cookies.
func (r *Redactor) knowHeader(value string) {
	r.Know(value)
	if _, rest, ok := strings.Cut(value, " "); ok {
		r.Know(rest)
		if user, ok := basicUser(rest); ok {
			r.Know(user)
			_, password, _ := strings.Cut(user, ":")
			r.Know(password)
		}
	}
	for pair := range strings.SplitSeq(value, ";") {
		if _, v, ok := strings.Cut(pair, "="); ok {
			r.Know(strings.TrimSpace(v))
		}
	}
}

// basicUser decodes the credentials of the scheme Basic, USER:PASSWORD.
func basicUser(encoded string) (string, bool) {
	text, ok := decoded(encoded)
	return text, ok && strings.Contains(text, ":")
}

// URL answers an address without what stands in its parameters, apart from those that are known to be harmless, and
// without its user, fragment and the secrets in its path.
func (r *Redactor) URL(address string) string {
	address, fragment, fragmented := strings.Cut(address, "#")
	base, query, asked := strings.Cut(address, "?")
	if scheme, rest, ok := strings.Cut(base, "://"); ok {
		host, path, slash := strings.Cut(rest, "/")
		if user, at, ok := cutLast(host, "@"); ok && user != "" {
			host = r.mask() + "@" + at
		}
		if base = scheme + "://" + host; slash {
			base += "/" + path
		}
	}
	base = r.Text(base)
	if asked {
		pairs := strings.Split(query, "&")
		for i, pair := range pairs {
			name, value, ok := strings.Cut(pair, "=")
			switch {
			case !ok:
				pairs[i] = r.Text(pair)
			case table().parameters.MatchString(name):
				pairs[i] = r.Text(name) + "=" + r.Text(value)
			case value != "":
				r.Know(value)
				if plain, err := url.QueryUnescape(value); err == nil {
					r.Know(plain)
				}
				pairs[i] = r.Text(name) + "=" + r.mask()
			}
		}
		base += "?" + strings.Join(pairs, "&")
	}
	if fragmented && fragment != "" {
		base += "#" + r.mask()
	}
	return base
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return "", s, false
}

// Arguments answers the arguments of a command: values that belong to an option whose name speaks of a secret, headers
// and users in two parts as in one, and what else is a secret by its form. They are known from then on.
func (r *Redactor) Arguments(args []string) []string {
	out := make([]string, len(args))
	option := ""
	for i, arg := range args {
		name, value, joined := strings.Cut(arg, "=")
		switch {
		case option != "":
			out[i] = r.argument(option, arg)
			option = ""
		case !strings.HasPrefix(arg, "-"):
			out[i] = r.Text(arg)
		case joined && r.takesSecret(name):
			out[i] = name + "=" + r.argument(name, value)
		case joined:
			out[i] = r.Text(arg)
		default:
			if r.takesSecret(arg) {
				option = arg
			}
			out[i] = r.Text(arg)
		}
	}
	return out
}

func (r *Redactor) takesSecret(option string) bool {
	t := table()
	return t.options.MatchString(option) || t.headerOptions.MatchString(option) || t.userOptions.MatchString(option)
}

// argument answers the value of an option that takes a secret.
func (r *Redactor) argument(option, value string) string {
	switch t := table(); {
	case t.headerOptions.MatchString(option):
		if name, v, ok := strings.Cut(value, ":"); ok {
			space := v[:len(v)-len(strings.TrimLeft(v, " "))]
			return name + ":" + space + r.header(strings.TrimSpace(name), strings.TrimSpace(v))
		}
		return r.Text(value)
	case t.userOptions.MatchString(option):
		user, password, ok := strings.Cut(value, ":")
		if !ok {
			return r.Text(value)
		}
		r.Know(password)
		return user + ":" + r.mask()
	}
	r.Know(value)
	if value == "" {
		return value
	}
	return r.mask()
}

// maxNesting bounds texts within texts: JSON in JSON, and base64.
const maxNesting = 12

// Text answers a text without its secrets. What is JSON stays JSON, and keeps the order of its members and the spelling
// of its numbers.
func (r *Redactor) Text(text string) string { return r.text(text, 0) }

func (r *Redactor) text(text string, depth int) string {
	if len(text) < 4 {
		return text
	}
	if depth < maxNesting && looksLikeJSON(text) {
		if out, ok := r.json(text, depth); ok {
			return out
		}
	}
	return r.plain(text, depth)
}

// span is a part of a text, in bytes.
type span struct{ start, end int }

// plain takes secrets out of a text that is no JSON.
func (r *Redactor) plain(text string, depth int) string {
	spans := r.secrets(text, depth)
	if len(spans) == 0 {
		return text
	}
	var b strings.Builder
	at := 0
	for _, s := range merged(spans, len(text)) {
		b.WriteString(text[at:s.start])
		b.WriteString(r.mask())
		at = s.end
	}
	b.WriteString(text[at:])
	return b.String()
}

// secrets are the parts of a text that are secret.
func (r *Redactor) secrets(text string, depth int) []span {
	var spans []span
	for _, value := range r.known {
		for at := strings.Index(text, value); at >= 0; {
			spans = append(spans, span{at, at + len(value)})
			next := strings.Index(text[at+len(value):], value)
			if next < 0 {
				break
			}
			at += len(value) + next
		}
	}
	lower := newLowered(text)
	for _, rule := range table().rules() {
		for _, w := range rule.windows(lower) {
			spans = append(spans, rule.find(text, w)...)
		}
	}
	if depth >= maxNesting {
		return spans
	}
	for run := range base64Runs(text) {
		if plain, ok := decoded(text[run.start:run.end]); ok && r.holdsSecret(plain, depth+1) {
			spans = append(spans, run)
		}
	}
	// JSON that was cut off, or stands within other text, has its secrets escaped.
	if plain, places := unescaped(text); plain != "" {
		for _, s := range r.secrets(plain, depth+1) {
			spans = append(spans, span{places[s.start], places[s.end]})
		}
	}
	return spans
}

// holdsSecret says whether a text would be changed.
func (r *Redactor) holdsSecret(text string, depth int) bool {
	other := &Redactor{known: slices.Clone(r.known)}
	return other.text(text, depth) != text
}

// lead is how far before its words a rule's finds may start, in bytes.
const lead = 64

// windows are the parts of a text in which a rule has to be looked for, in order.
func (r *rule) windows(lower lowered) []span {
	var list []span
	for _, w := range r.Words {
		if !lower.holds(w) {
			continue
		}
		if r.Reach == 0 {
			return []span{{0, len(lower.text)}}
		}
		for at := 0; ; {
			next := strings.Index(lower.text[at:], w)
			if next < 0 {
				break
			}
			at += next + len(w)
			list = append(list, span{max(0, at-len(w)-lead), min(len(lower.text), at+r.Reach)})
		}
	}
	return merged(list, maxWindow)
}

// maxWindow bounds windows that are put together: patterns are matched faster in short texts, by far.
const maxWindow = 4 << 10

// merged puts together what overlaps, in order, as long as it does not become longer than that.
func merged(list []span, longest int) []span {
	slices.SortFunc(list, func(a, b span) int { return cmp.Or(a.start-b.start, a.end-b.end) })
	var out []span
	for _, s := range list {
		if n := len(out); n > 0 && s.start < out[n-1].end && s.end-out[n-1].start <= longest {
			out[n-1].end = max(out[n-1].end, s.end)
			continue
		}
		out = append(out, s)
	}
	return out
}

// find answers where a rule finds secrets in a part of a text, and behind it where one goes on there. Its first and last
// group are none, where it has groups.
func (r *rule) find(text string, in span) []span {
	for in.end < len(text) {
		all := r.pattern.FindAllStringIndex(text[in.start:in.end], -1)
		if len(all) == 0 || all[len(all)-1][1] < in.end-in.start {
			break
		}
		in.end = min(len(text), in.end+(in.end-in.start))
	}
	var spans []span
	for _, m := range r.pattern.FindAllStringSubmatchIndex(text[in.start:in.end], -1) {
		s := span{in.start + m[0], in.start + m[1]}
		if len(m) >= 6 {
			s = span{in.start + m[3], in.start + m[4]}
		}
		if secret := text[s.start:s.end]; s.start < s.end && !strings.Contains(secret, table().Mask) && holds(r.Check, secret) {
			spans = append(spans, s)
		}
	}
	return spans
}

// holds says whether what a rule found passes its check.
func holds(check, secret string) bool {
	switch check {
	case "mixed": // a word of prose has no digit
		return strings.ContainsAny(secret, "0123456789") && strings.ContainsFunc(secret, unicode.IsLetter)
	case "basic":
		_, ok := basicUser(secret)
		return ok
	}
	return true
}

// shortestRun is how long a base64 text is at least that is looked into, in bytes.
const shortestRun = 16

// unescaped is a text with its escapes taken for what they mean in JSON, and where each byte of it comes from; empty
// where there is none.
func unescaped(text string) (string, []int) {
	if strings.IndexByte(text, '\\') < 0 {
		return "", nil
	}
	var b strings.Builder
	places := make([]int, 0, len(text)+1)
	put := func(s string, at int) {
		b.WriteString(s)
		for range len(s) {
			places = append(places, at)
		}
	}
	for i := 0; i < len(text); {
		at := i
		if text[i] != '\\' || i+1 == len(text) {
			put(text[i:i+1], at)
			i++
			continue
		}
		c := text[i+1]
		i += 2
		if k := strings.IndexByte("abefnrtv", c); k >= 0 {
			put("\a\b\x1b\f\n\r\t\v"[k:k+1], at)
			continue
		}
		if c == 'u' && i+4 <= len(text) {
			if code, err := strconv.ParseUint(text[i:i+4], 16, 16); err == nil {
				put(string(rune(code)), at)
				i += 4
				continue
			}
		}
		put(string(c), at)
	}
	return b.String(), append(places, len(text))
}

// lowered is a text in lower case, and which sequences of three bytes it holds: most words stand in no text.
type lowered struct {
	text  string
	grams *[1 << 12]uint64
}

// gram is the place of three bytes in the set.
func gram(a, b, c byte) uint32 {
	return (uint32(a)*0x9e5 + uint32(b)*0x61c9 + uint32(c)*0x7feb5) & (1<<18 - 1)
}

// newLowered changes ASCII only, so that places in both texts are the same.
func newLowered(s string) lowered {
	l := []byte(s)
	grams := new([1 << 12]uint64)
	for i, c := range l {
		if 'A' <= c && c <= 'Z' {
			l[i] = c + 'a' - 'A'
		}
		if i >= 2 {
			g := gram(l[i-2], l[i-1], l[i])
			grams[g>>6] |= 1 << (g & 63)
		}
	}
	return lowered{string(l), grams}
}

// holds says whether a word in lower case stands in the text.
func (l lowered) holds(word string) bool {
	if len(word) >= 3 {
		if g := gram(word[0], word[1], word[2]); l.grams[g>>6]&(1<<(g&63)) == 0 {
			return false
		}
	}
	return strings.Contains(l.text, word)
}
