package diff

import (
	"fmt"
	"strings"

	"github.com/bundlens/bundlens/internal/lazyregexp"
)

// token cuts an expression into strings, names with what they are members of, numbers and the rest.
var token = lazyregexp.New("\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'|`(?:[^`\\\\]|\\\\.)*`|(?:\\.\\s*)?[A-Za-z_$][\\w$]*|\\s+|.")

// symbolAt is where a symbol was made, which another build moves.
var symbolAt = lazyregexp.New(`(Symbol\(@@[^()#]*)#\d+`)

// maxMinified is how long a name is that a minifier chose; longer ones were written by people.
const maxMinified = 4

// keywords are short names that mean something.
var keywords = map[string]bool{
	"if": true, "in": true, "of": true, "new": true, "null": true, "true": true, "void": true, "this": true, "NaN": true, "Math": true,
	"JSON": true, "Date": true, "Set": true, "Map": true, "URL": true, "env": true, "flag": true, "fs": true, "path": true, "os": true, "args": true, "text": true,
}

// condition is an expression as it is compared: names that a minifier chose are numbered, as they are others in the
// next build.
func condition(expr string) string {
	names := map[string]string{}
	expr = unclipped(symbolAt.Get().ReplaceAllString(expr, "$1"))
	return token.Get().ReplaceAllStringFunc(expr, func(t string) string {
		if !minified(t) {
			return t
		}
		if names[t] == "" {
			names[t] = fmt.Sprintf("v%d", len(names)+1)
		}
		return names[t]
	})
}

// minified says whether a token is a name that says nothing.
func minified(t string) bool {
	first := t[0]
	isName := first == '_' || first == '$' || first >= 'a' && first <= 'z' || first >= 'A' && first <= 'Z'
	return isName && len(t) <= maxMinified && !keywords[t]
}

// clipped is where an expression that was too long to show was cut off.
var clipped = lazyregexp.New(`\.\.\.(\)|$)`)

// tooLong stands for what can't be compared of an expression that was cut off.
const tooLong = "..."

// clipMargin is how far before that an expression is compared. Where it was cut depends on how long its names are, which
// is another length in each build.
const clipMargin = 24

// unclipped is an expression up to where it can be compared: the last "and" or "or" well before it was cut off.
func unclipped(expr string) string {
	at := clipped.Get().FindStringIndex(expr)
	if at == nil {
		return expr
	}
	head := expr[:max(0, at[0]-clipMargin)]
	return head[:max(strings.LastIndex(head, " && "), strings.LastIndex(head, " || "), 0)] + tooLong
}
