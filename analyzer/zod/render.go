package zod

import (
	"strings"
	"unicode"

	"github.com/bundlens/bundlens/analyzer/eval"
)

// Render writes parts as one string, a hole as ${NAME}, and counts the holes.
func Render(parts []eval.Part) (s string, holes int) {
	var b strings.Builder
	for _, p := range parts {
		switch {
		case p.Hole != nil:
			b.WriteString("${" + HoleName(p.Hole.Expr) + "}")
			holes++
		case p.Each != nil:
			b.WriteString("${" + HoleName(p.Each.Over) + "}")
			holes++
		default:
			b.WriteString(p.Lit)
		}
	}
	return b.String(), holes
}

// HoleName makes an UPPER_SNAKE name of an expression: of the last words in it that say what it is.
func HoleName(expr string) string {
	var words []string
	word := ""
	flush := func() {
		if word != "" {
			words = append(words, word)
			word = ""
		}
	}
	depth := 0
	for _, r := range expr {
		switch {
		case r == '(' || r == '[':
			flush()
			depth++
		case r == ')' || r == ']':
			flush()
			depth--
		case depth > 0 && len(words) > 0:
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' || r == '$':
			word += string(r)
		default:
			flush()
		}
	}
	flush()
	for i := len(words) - 1; i >= 0; i-- {
		if w := words[i]; len(w) > 2 || i == 0 {
			return upperSnake(w)
		}
	}
	return "VALUE"
}

func upperSnake(s string) string {
	var b strings.Builder
	lower := false
	for _, r := range s {
		if unicode.IsUpper(r) && lower {
			b.WriteByte('_')
		}
		lower = unicode.IsLower(r) || unicode.IsDigit(r)
		if r == '$' {
			r = '_'
		}
		b.WriteRune(unicode.ToUpper(r))
	}
	return strings.Trim(b.String(), "_")
}
