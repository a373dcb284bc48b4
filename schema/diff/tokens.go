package diff

import (
	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/internal/tokens"
)

// tokenDeltas compares the parts of two documents.
func tokenDeltas(counter *tokens.Counter, a, b *schema.Document) []TokenDelta {
	delta := func(part string, of func(*schema.Document) int) TokenDelta {
		from, to := of(a), of(b)
		return TokenDelta{part, from, to, to - from}
	}
	texts := func(list func(*schema.Document) []schema.Prompt) func(*schema.Document) int {
		return func(d *schema.Document) int {
			n := 0
			for _, p := range list(d) {
				n += counter.OfText(&p.Text)
			}
			return n
		}
	}
	return []TokenDelta{
		delta("tools enabled by default", counter.OfTools),
		delta("all tools", func(d *schema.Document) int {
			n := 0
			for i := range d.Tools {
				n += counter.OfTool(&d.Tools[i])
			}
			return n
		}),
		delta("prompts", texts(func(d *schema.Document) []schema.Prompt { return d.Prompts })),
		delta("reminders", texts(func(d *schema.Document) []schema.Prompt { return d.Reminders })),
	}
}
