package bunextract

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxOddities bounds what is remarked on one graph. One file that is wrong all through needs no more to be known as such.
const maxOddities = 20

// check looks at what reading a graph does not need, and what is so in every graph that Bun writes: contents that keep
// apart and end as the layout ends them, names that can be shown and are there once, an entry that can be run. What is
// not so is a warning with its offset: a file that was damaged or made by hand, of which no module is refused for it.
func (g *Graph) check() ([]error, error) {
	c := &checker{graph: g}
	c.names()
	c.entry()
	c.apart()
	err := c.ends()
	if c.more > 0 {
		c.found = append(c.found, corrupt(g.Offset, "%d more of this kind", c.more))
	}
	return c.found, err
}

// checker collects what is odd about a graph.
type checker struct {
	graph *Graph
	found []error
	more  int // found, and not kept
}

func (c *checker) odd(offset int64, format string, args ...any) {
	if len(c.found) == maxOddities {
		c.more++
		return
	}
	c.found = append(c.found, corrupt(offset, format, args...))
}

// names looks for names that are there twice or can't be shown.
func (c *checker) names() {
	seen := map[string]bool{}
	for _, m := range c.graph.Modules {
		switch {
		case !utf8.ValidString(m.Name) || strings.ContainsFunc(m.Name, unicode.IsControl):
			c.odd(m.record, "the name %q holds what is no text", shorten(m.Name, 40))
		case seen[m.Name]:
			c.odd(m.record, "the name %q is that of an earlier module, too", shorten(m.Name, 40))
		}
		seen[m.Name] = true
	}
}

// entry looks whether the program can start where it is said to.
func (c *checker) entry() {
	m := c.graph.Entry()
	switch {
	case !m.Loader.IsJavaScript():
		c.odd(m.record, "the entry %q is no JavaScript but %s", shorten(m.Name, 40), m.Loader)
	case m.contents.size == 0:
		c.odd(m.record, "the entry %q is empty", shorten(m.Name, 40))
	}
}

// apart looks whether contents share bytes with others or with the module table.
func (c *checker) apart() {
	type part struct {
		of string
		at span
	}
	parts := []part{{"the module table", c.graph.table}}
	for _, m := range c.graph.Modules {
		if m.contents.size > 0 {
			parts = append(parts, part{"the contents of " + shorten(m.Name, 40), m.contents})
		}
	}
	slices.SortStableFunc(parts, func(a, b part) int { return cmp.Compare(a.at.off, b.at.off) })
	furthest := parts[0]
	for _, p := range parts[1:] {
		if p.at.off < furthest.at.end() {
			c.odd(c.graph.Offset+p.at.off, "%s overlap with %s", p.of, furthest.of)
		}
		if p.at.end() > furthest.at.end() {
			furthest = p
		}
	}
}

// ends looks whether contents are followed by the zero byte of the layouts that have one.
func (c *checker) ends() error {
	if !c.graph.terminated {
		return nil
	}
	var behind [1]byte
	for _, m := range c.graph.Modules {
		if m.contents.size == 0 {
			continue
		}
		// The byte behind the last contents is still inside the graph: Offsets follow.
		at := c.graph.Offset + m.contents.end()
		if err := readFull(c.graph.r, behind[:], at, "end of contents"); err != nil {
			return err
		}
		if behind[0] != 0 {
			c.odd(at, "the contents of %s are not followed by a zero byte", shorten(m.Name, 40))
		}
	}
	return nil
}
