package redact

import (
	"bytes"
	"encoding/json"
	"strings"
)

// looksLikeJSON says whether a text may be a JSON object, list or string.
func looksLikeJSON(text string) bool {
	text = strings.TrimLeft(text, " \t\r\n")
	return text != "" && strings.IndexByte(`{["`, text[0]) >= 0
}

// json takes secrets out of a JSON text; false where it is none.
func (r *Redactor) json(text string, depth int) (string, bool) {
	if !json.Valid([]byte(text)) {
		return "", false
	}
	w := &walker{r: r, in: text, depth: depth}
	w.value("")
	w.out.WriteString(w.in[w.copied:])
	return w.out.String(), true
}

// walker goes through a JSON text that is known to be valid, and copies it but for the strings that change.
type walker struct {
	r      *Redactor
	in     string
	at     int // the next byte to look at
	copied int // what lies before it is in out, as it was or changed
	out    bytes.Buffer
	depth  int
}

// skip goes on to the next byte that is no space, and answers it.
func (w *walker) skip() byte {
	for strings.IndexByte(" \t\r\n", w.in[w.at]) >= 0 {
		w.at++
	}
	return w.in[w.at]
}

// value takes what is at hand, the value of a member of that name.
func (w *walker) value(member string) {
	switch c := w.skip(); {
	case c == '{':
		w.object()
	case c == '[':
		w.at++
		for w.skip() != ']' {
			w.value(member)
			if w.skip() == ',' {
				w.at++
			}
		}
		w.at++
	case c == '"':
		w.text(member)
	default:
		start := w.at
		for w.at < len(w.in) && strings.IndexByte(",]} \t\r\n", w.in[w.at]) < 0 {
			w.at++
		}
		if c == '-' || '0' <= c && c <= '9' {
			if table().members.MatchString(member) && w.at-start >= 4 {
				w.replace(start, w.r.mask())
			}
		}
	}
}

// object takes an object. One with a name and a value is a header or a cookie, as archives of requests have them.
func (w *walker) object() {
	w.at++
	name := ""
	for w.skip() != '}' {
		start := w.at
		key := w.scan()
		member := key
		if clean := w.r.text(key, w.depth+1); clean != key {
			w.replace(start, clean)
		}
		w.skip() // the colon
		w.at++
		if c := w.skip(); c == '"' && (key == "name" || key == "key") {
			before := w.at
			name = w.scan()
			w.at = before
		} else if key == "value" && table().secretHeaders.MatchString(name) {
			member = "secret"
		}
		w.value(member)
		if w.skip() == ',' {
			w.at++
		}
	}
	w.at++
}

// text takes a string.
func (w *walker) text(member string) {
	start := w.at
	was := w.scan()
	clean := was
	if table().members.MatchString(member) && was != "" && was != table().Mask && !harmless[was] {
		w.r.Know(was)
		clean = w.r.mask()
	} else {
		clean = w.r.text(was, w.depth+1)
	}
	if clean != was {
		w.replace(start, clean)
	}
}

// harmless are values that only name a kind of secret, as definitions of parameters and settings have them.
var harmless = map[string]bool{"string": true, "none": true, "null": true, "true": true, "false": true, "auto": true, "oauth": true}

// scan goes past a string and answers what it says.
func (w *walker) scan() string {
	start := w.at
	for w.at++; w.in[w.at] != '"'; w.at++ {
		if w.in[w.at] == '\\' {
			w.at++
		}
	}
	w.at++
	raw := w.in[start:w.at]
	if strings.IndexByte(raw, '\\') < 0 {
		return raw[1 : len(raw)-1]
	}
	var text string
	json.Unmarshal([]byte(raw), &text) // it is valid
	return text
}

// replace puts a string in the place of what lies between start and the next byte to look at.
func (w *walker) replace(start int, text string) {
	w.out.WriteString(w.in[w.copied:start])
	enc := json.NewEncoder(&w.out)
	enc.SetEscapeHTML(false)
	enc.Encode(text)
	w.out.Truncate(w.out.Len() - 1) // its line break
	w.copied = w.at
}
