package queries

import "testing"

// FuzzCompile reads any text as a user's query.
func FuzzCompile(f *testing.F) {
	for _, text := range []string{
		`((identifier) @a (#match? @a "^use(State|Effect)$"))`, `[(string) (number)] @x`, `(program (_)+ @s)`, "; anchors: ab\n(string) @s", `"("`, "_",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q, err := Compile("fuzz.scm", text)
		if err == nil && len(q.Anchors) > 0 {
			q.NextAnchor([]byte("some text of a program"), 0)
		}
	})
}
