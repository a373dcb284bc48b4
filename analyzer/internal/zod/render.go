package zod

import (
	"strings"

	"github.com/bundlens/bundlens/analyzer/internal/eval"
)

// Render writes parts as one string, a hole as ${NAME}, and counts the holes.
func Render(parts []eval.Part) (s string, holes int) {
	var b strings.Builder
	for _, p := range parts {
		switch {
		case p.Hole != nil:
			b.WriteString("${" + eval.HoleName(p.Hole.Expr) + "}")
			holes++
		case p.Each != nil:
			b.WriteString("${" + eval.HoleName(p.Each.Over) + "}")
			holes++
		default:
			b.WriteString(p.Lit)
		}
	}
	return b.String(), holes
}
