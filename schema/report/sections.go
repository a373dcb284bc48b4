package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/bundlens/bundlens/internal/lazyregexp"
	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/internal/tokens"
)

// minPlaced is how long a literal has to be, in bytes, to say where in a system prompt a text stands.
const minPlaced = 24

// stretch is a literal of a system prompt, and the conditions of the choices around it.
type stretch struct {
	start int
	lit   string
	when  []string
}

// stretches are the literals of a text one behind the other, as if all branches were taken.
func stretches(parts []schema.Part, when []string, at int) (list []stretch, end int) {
	for _, part := range parts {
		var inner []stretch
		switch {
		case part.Lit != "":
			inner = []stretch{{at, part.Lit, when}}
			at += len(part.Lit)
		case part.Each != nil:
			inner, at = stretches(part.Each.Parts, when, at)
		}
		list = append(list, inner...)
		for _, b := range part.Choice {
			inner, at = stretches(b.Parts, append(slices.Clip(when), b.When.String()), at)
			list = append(list, inner...)
		}
	}
	return list, at
}

// placed is a prompt with where it stands in an assembly.
type placed struct {
	prompt     *schema.Prompt
	start, end int
}

// sectionsOf are the sections of an assembly in its order: the prompts whose text stands in it, and between them what
// no prompt has, put together from heading to heading. Those that are shown are taken from left, as are those that
// stand within one that is.
func sectionsOf(a *schema.Prompt, prompts []schema.Prompt, left map[string]bool, count *tokens.Counter) []record {
	list, length := stretches(a.Text.Parts, nil, 0)
	var b strings.Builder
	for _, s := range list {
		b.WriteString(s.lit)
	}
	var at []placed
	for i := range prompts {
		if q := &prompts[i]; left[q.ID] {
			if start, end, ok := place(b.String(), q); ok {
				at = append(at, placed{q, start, end})
			}
		}
	}
	slices.SortStableFunc(at, func(x, y placed) int { return cmp.Or(cmp.Compare(x.start, y.start), cmp.Compare(y.end, x.end)) })
	var pieces []record
	covered := 0
	for _, s := range at {
		left[s.prompt.ID] = false
		if s.end <= covered {
			if n := len(pieces); n > 0 {
				pieces[n-1].ids = append(pieces[n-1].ids, s.prompt.ID)
			}
			continue
		}
		pieces = append(pieces, gaps(list, covered, s.start, count)...)
		r := recordOf(*s.prompt, count)
		if len(r.guards) == 0 {
			r.guards = guardsAt(list, s.start)
		}
		pieces = append(pieces, r)
		covered = s.end
	}
	return underHeadings(append(pieces, gaps(list, covered, length, count)...))
}

// underHeadings puts pieces together from heading to heading, those under the same conditions as one text.
func underHeadings(pieces []record) []record {
	var out []record
	for from := 0; from < len(pieces); {
		to := from + 1
		for to < len(pieces) && !heads(pieces[to]) {
			to++
		}
		out = append(out, together(pieces[from:to]))
		from = to
	}
	return out
}

// heads tells whether a piece begins with a heading.
func heads(r record) bool {
	line := firstLine(r.texts[0].text.Text)
	text := strings.TrimLeft(line, "#")
	return text != line && strings.HasPrefix(text, " ")
}

// together makes one section of pieces. What is a condition of all of them is one of the section.
func together(pieces []record) record {
	out := record{title: pieces[0].title, guards: pieces[0].guards, origin: pieces[0].origin}
	for _, r := range pieces {
		out.guards = slices.DeleteFunc(slices.Clone(out.guards), func(g string) bool { return !slices.Contains(r.guards, g) })
		out.tokens += r.tokens
		out.ids = append(out.ids, r.ids...)
	}
	for _, r := range pieces {
		var when []string
		for _, g := range r.guards {
			if !slices.Contains(out.guards, g) {
				when = append(when, condition(g))
			}
		}
		label, text := "", r.texts[0].text
		if len(when) > 0 {
			label = "When " + strings.Join(when, " and ") + ":"
		}
		if n := len(out.texts); n > 0 && out.texts[n-1].label == label {
			out.texts[n-1].text = below(out.texts[n-1].text, text)
			continue
		}
		out.texts = append(out.texts, labelled{label, text})
	}
	return out
}

// below puts a text on a line of its own behind another.
func below(a, b schema.Text) schema.Text {
	return schema.Text{
		Text:  strings.TrimRight(a.Text, "\n") + "\n" + strings.TrimLeft(b.Text, "\n"),
		Parts: schema.Join(a.Parts, []schema.Part{{Lit: "\n"}}, b.Parts),
	}
}

// place finds where in a system prompt a text stands: from its first literal that stands in it to its last.
func place(whole string, p *schema.Prompt) (start, end int, ok bool) {
	known, total := 0, 0
	for lit := range schema.Literals(p.Text.Parts) {
		lit = strings.TrimSpace(lit)
		total += len(lit)
		if len(lit) < minPlaced {
			continue
		}
		from := strings.Index(whole[end:], lit)
		if from < 0 {
			continue
		}
		from += end
		if !ok {
			start, ok = from, true
		}
		end = from + len(lit)
		known += len(lit)
	}
	return start, end, ok && 2*known > total
}

// guardsAt are the conditions around a place in an assembly.
func guardsAt(list []stretch, at int) []string {
	for _, s := range list {
		if s.start <= at && at < s.start+len(s.lit) {
			return s.when
		}
	}
	return nil
}

// gaps are the pieces of an assembly between two places, of those that say something.
func gaps(list []stretch, from, to int, count *tokens.Counter) []record {
	var out []record
	for _, s := range list {
		start, end := max(s.start, from), min(s.start+len(s.lit), to)
		if start >= end {
			continue
		}
		for _, lit := range atHeadings(s.lit[start-s.start : end-s.start]) {
			if len(lit) < minPlaced {
				continue
			}
			text := schema.Literal(lit)
			out = append(out, record{title: shorten(strings.TrimLeft(firstLine(lit), "#-* "), 80), guards: s.when,
				texts: []labelled{{"", text}}, tokens: count.OfText(&text)})
		}
	}
	return out
}

// heading begins a section in the middle of a text.
var heading = lazyregexp.New(`\n#{1,2} `)

// atHeadings cuts a text before each heading in it.
func atHeadings(text string) []string {
	var out []string
	from := 0
	for _, at := range append(heading.Get().FindAllStringIndex(text, -1), []int{len(text)}) {
		out = append(out, strings.TrimSpace(text[from:at[0]]))
		from = at[0]
	}
	return out
}
