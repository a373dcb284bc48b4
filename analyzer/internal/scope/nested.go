package scope

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/internal/lazyregexp"
)

// A CommonJS module that a bundler has wrapped is often a bundle itself. Run as one function, it would be run whole for
// anything that is asked of it. So a large one is a module of its own, whose statements are found one by one: it has the
// loader's names by those of its parameters, and sees the names of the module around it. Places in it are those in the
// file: its text is the file's with spaces in place of all that is not its body, as the text of the module around it has
// spaces in place of the body.

const (
	// minNested is the size of a body from which on it is a module of its own, in bytes.
	minNested = 64 << 10
	// minShare is the part of its file that such a body takes up: each needs about as much memory as the file.
	minShare = 8
	// maxNested is how many of them a file may hold.
	maxNested = 4
)

// nested is what a module inside another one knows of where it stands.
type nested struct {
	outer           *Module
	start           int    // where its body begins
	loader          string // the name that loads it
	exports, module string // what the wrapper calls the loader's names; "" for none
}

// wrapperHead is what stands before the body of a CommonJS module's wrapper: its parameters.
var wrapperHead = lazyregexp.New(`(?:\(([\w$]*)(?:,\s*([\w$]+))?\)|([\w$]+))\s*(?:=>\s*)?\{$`)

// OpenNested makes modules of the large CommonJS modules that files hold in wrappers. It is called before anything is asked
// of the program.
func (p *Program) OpenNested() {
	for i := 0; i < len(p.Modules); i++ {
		p.Modules[i].openNested()
	}
}

func (m *Module) openNested() {
	if len(m.Text) < minNested || !bytes.Contains(m.Text, []byte("exports")) {
		return
	}
	x := m.Index()
	var bodies []int32
	for _, u := range x.Units {
		if u.Wraps >= 0 && m.isNested(x.Thunks[u.Wraps]) {
			bodies = append(bodies, u.Wraps)
		}
	}
	size := func(i int32) int { return int(x.Thunks[i].BodyEnd - x.Thunks[i].BodyStart) }
	slices.SortStableFunc(bodies, func(a, b int32) int { return cmp.Compare(size(b), size(a)) })
	bodies = bodies[:min(len(bodies), maxNested)]
	var outer []byte
	for _, i := range bodies {
		t := x.Thunks[i]
		inner := m.nest(t)
		if len(inner.CommonJS()) == 0 {
			continue // it exports nothing: it may be no module
		}
		if outer == nil {
			outer = slices.Clone(m.Text)
		}
		blank(outer[t.BodyStart:t.BodyEnd])
		m.inner = append(m.inner, inner)
		inner.ID = len(m.program.Modules)
		m.program.Modules = append(m.program.Modules, inner)
	}
	if outer != nil {
		m.Text = outer
	}
}

// isNested tells whether a thunk is a CommonJS module that is large enough to be opened.
func (m *Module) isNested(t js.Thunk) bool {
	if t.Kind != js.ThunkCommonJS || int(t.BodyEnd-t.BodyStart) < max(minNested, len(m.Text)/minShare) {
		return false
	}
	u := m.index.Units[t.Unit]
	_, call, _ := bytes.Cut(m.Text[u.Start:t.BodyStart], []byte("="))
	helper, _, ok := bytes.Cut(call, []byte("("))
	return ok && m.loads(string(bytes.TrimSpace(helper)))
}

// loads tells whether a function of the program hands the exports of a module on.
func (m *Module) loads(helper string) bool {
	b, _ := m.Lookup(-1, helper)
	for _, d := range b.Defs {
		u := b.Module.Index().Units[d.Unit]
		if bytes.Contains(b.Module.Text[u.Start:u.End], []byte("exports")) {
			return true
		}
	}
	return false
}

// nest makes a module of a wrapper's body.
func (m *Module) nest(t js.Thunk) *Module {
	text := make([]byte, t.BodyEnd)
	blank(text[:t.BodyStart])
	copy(text[t.BodyStart:], m.Text[t.BodyStart:])
	inner := &Module{Name: m.Name, Text: text, file: m.file, fileText: m.fileText, strict: m.strict, program: m.program, nested: nested{outer: m, start: int(t.BodyStart), loader: t.Name}}
	if names := wrapperHead.Get().FindSubmatch(m.Text[max(0, int(t.BodyStart)-200):t.BodyStart]); names != nil {
		inner.nested.exports, inner.nested.module = string(cmp.Or(string(names[1]), string(names[3]))), string(names[2])
	}
	return inner
}

// At returns the innermost module in which a place of a file lies; nil where there is no such file or place.
func (p *Program) At(name string, offset int) (at *Module) {
	for _, m := range p.Modules {
		if m.Name == name && offset >= m.nested.start && offset < len(m.Text) {
			at = m
		}
	}
	return at
}

func blank(text []byte) {
	for i := range text {
		text[i] = ' '
	}
}

// File is the text of the file that the module is, or is a part of.
func (m *Module) File() []byte { return m.fileText }

// Nested returns the module that a module-level name loads when it is called.
func (m *Module) Nested(name string) (*Module, bool) {
	for _, inner := range m.inner {
		if inner.nested.loader == name {
			return inner, true
		}
	}
	return nil, false
}

// LoaderNames are the names by which a CommonJS module has its exports, and the module that holds them.
func (m *Module) LoaderNames() (exports, module string) {
	if m.nested.outer == nil {
		return "exports", "module"
	}
	return m.nested.exports, m.nested.module
}

// around finds what a name is in the module around a nested one.
func (m *Module) around(name string) (Binding, bool) {
	outer := m.nested.outer
	if outer == nil || name == m.nested.exports || name == m.nested.module {
		return Binding{}, false
	}
	return outer.Lookup(-1, name)
}
