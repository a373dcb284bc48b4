package diff

import (
	"unicode/utf8"

	"github.com/bundlens/bundlens/schema"
)

// charactersPerToken is a rule of thumb: what a text costs is known only to the model's own tokenizer.
const charactersPerToken = 4

// estimate is about how many tokens a text has.
func estimate(text string) int {
	return (utf8.RuneCountInString(text) + charactersPerToken - 1) / charactersPerToken
}

func textTokens(t *schema.Text) int {
	if t == nil {
		return 0
	}
	return estimate(t.Text)
}

// toolTokens is about what a tool costs in every request.
func toolTokens(t *schema.Tool) int {
	n := estimate(t.Name) + textTokens(t.Description)
	if schema := compact(t.InputSchema); schema != "null" {
		n += estimate(schema)
	}
	return n
}

// DefaultTokens is about how many tokens the tools have that are sent by default.
func DefaultTokens(d *schema.Document) int {
	n := 0
	for i := range d.Tools {
		if t := &d.Tools[i]; t.Enabled != nil && *t.Enabled {
			n += toolTokens(t)
		}
	}
	return n
}

// tokens compares the parts of two documents.
func tokens(a, b *schema.Document) []TokenDelta {
	delta := func(part string, of func(*schema.Document) int) TokenDelta {
		from, to := of(a), of(b)
		return TokenDelta{part, from, to, to - from}
	}
	texts := func(list func(*schema.Document) []schema.Prompt) func(*schema.Document) int {
		return func(d *schema.Document) int {
			n := 0
			for _, p := range list(d) {
				n += textTokens(&p.Text)
			}
			return n
		}
	}
	return []TokenDelta{
		delta("tools enabled by default", DefaultTokens),
		delta("all tools", func(d *schema.Document) int {
			n := 0
			for i := range d.Tools {
				n += toolTokens(&d.Tools[i])
			}
			return n
		}),
		delta("prompts", texts(func(d *schema.Document) []schema.Prompt { return d.Prompts })),
		delta("reminders", texts(func(d *schema.Document) []schema.Prompt { return d.Reminders })),
	}
}
