package scope

import (
	"cmp"
	"maps"
	"slices"

	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/source"
	"github.com/bundlens/bundlens/internal/lazyregexp"
)

// Who exports a name, and which names a module exports, is found as ECMAScript says: ResolveExport and GetExportedNames
// of Source Text Module Records (ECMA-262, 16.2.1.7.2), each with a set of what was asked already, so that modules that
// re-export one another end, and each is asked once for a name. What the standard leaves to the host is added: modules
// outside the program, and CommonJS modules, whose exports are known when they have run.

// Exported returns what the module exports under a name. Where it exports no such name, the binding says so in Missing.
func (m *Module) Exported(name string) Binding {
	r := resolution{asked: map[exported]bool{}}
	return r.settle(r.export(m, name), m, name)
}

// follow finds what the module that specifier names exports as imported; "*" is the object of all its exports.
func (m *Module) follow(specifier, imported string) Binding {
	r := resolution{asked: map[exported]bool{}}
	target, _ := m.Import(specifier)
	return r.settle(r.follow(m, specifier, imported), target, imported)
}

// Space is the object of all exports of the module that specifier names.
func (m *Module) Space(specifier string) Binding { return m.follow(specifier, "*") }

// ambiguous is a name that two `export *` give different meanings.
var ambiguous = &Binding{}

// resolution is one question of who exports a name.
type resolution struct {
	asked map[exported]bool
	steps int // how often a module was asked
	// open are the places behind an `export *` where the name may come from, if no module of the program exports it.
	open []Binding
}

// settle makes a binding of what was found for a name of a module.
func (r *resolution) settle(found *Binding, m *Module, name string) Binding {
	switch {
	case found == ambiguous:
		return Binding{Missing: "several modules that " + m.Name + " re-exports export " + name, Imported: name}
	case found != nil:
		return *found
	case len(r.open) > 0:
		first := r.open[0]
		first.Else = r.open[1:]
		return first
	}
	return Binding{Missing: m.Name + " exports no " + name, Imported: name}
}

// follow finds what a module that m refers to exports.
func (r *resolution) follow(m *Module, specifier, imported string) *Binding {
	target, ok := m.Import(specifier)
	switch {
	case !ok:
		return &Binding{External: specifier, Imported: imported, Importer: m.Name}
	case target.IsCommonJS():
		return &Binding{Required: target, Imported: imported, Importer: m.Name, Interop: !m.strict}
	case imported == "*":
		return &Binding{Star: target}
	}
	return r.export(target, imported)
}

// export is ResolveExport: nil where the module exports no such name.
func (r *resolution) export(m *Module, name string) *Binding {
	r.steps++
	k := exported{m.ID, name}
	if r.asked[k] {
		return nil
	}
	r.asked[k] = true
	m.Index()
	if i, ok := m.exports[name]; ok {
		e := m.index.Exports[i]
		if e.From != "" {
			return r.follow(m, e.From, e.Imported)
		}
		if b, ok := m.declared(-1, e.Local); ok {
			return &b
		}
		if i, ok := m.imports[e.Local]; ok {
			im := m.index.Imports[i]
			return r.follow(m, im.From, im.Imported)
		}
		return nil
	}
	if name == "default" {
		return nil
	}
	var found *Binding
	for _, from := range m.stars {
		b := r.follow(m, from, name)
		switch {
		case b == nil:
		case b == ambiguous:
			return ambiguous
		case b.Module == nil && b.Star == nil:
			r.open = append(r.open, *b)
		case found == nil:
			found = b
		case !found.same(b):
			return ambiguous
		}
	}
	return found
}

// same tells whether two names of modules mean the same.
func (b *Binding) same(c *Binding) bool {
	return b.Module == c.Module && b.Thunk == c.Thunk && b.Name == c.Name && b.Star == c.Star
}

// ExportNames returns the names that the module exports, in the order that its namespace object has them. Behind an
// `export *` of a CommonJS module or of one outside the program there may be more: open has those modules.
func (m *Module) ExportNames() (names []string, open []Binding) {
	owners := map[string]int{} // how many modules export a name by themselves
	seen := map[*Module]bool{m: true}
	for queue := []*Module{m}; len(queue) > 0; queue = queue[1:] {
		q := queue[0]
		q.Index()
		for name := range q.exports {
			if q == m || name != "default" {
				owners[name]++
			}
		}
		for _, from := range q.stars {
			target, ok := q.Import(from)
			switch {
			case !ok:
				open = append(open, Binding{External: from, Imported: "*", Importer: q.Name})
			case target.IsCommonJS():
				open = append(open, Binding{Required: target, Imported: "*", Importer: q.Name})
			case !seen[target]:
				seen[target] = true
				queue = append(queue, target)
			}
		}
	}
	names = slices.SortedFunc(maps.Keys(owners), cmp.Compare[string])
	return slices.DeleteFunc(names, func(name string) bool {
		_, own := m.exports[name]
		return !own && owners[name] > 1 && m.Exported(name).Missing != ""
	}), open
}

// specifier is the text by which a declaration names another module, after the word import or from.
var specifier = lazyregexp.New(`(?:^\s*import|\bfrom)\s*(?:"([^"]*)"|'([^']*)')`)

// Needs returns the specifiers of the modules that run before this one, in their order: those that its import declarations
// and re-exports name.
func (m *Module) Needs() (specifiers []string) {
	for _, u := range m.Index().Units {
		if u.Kind != js.UnitImport && u.Kind != js.UnitExport || u.Thunk >= 0 {
			continue
		}
		if found := specifier.Get().FindSubmatch(m.Text[u.Start:u.End]); found != nil {
			specifiers = append(specifiers, string(found[1])+string(found[2]))
		}
	}
	return specifiers
}

// Import finds the module that a specifier of an import declaration or of import() names, seen from m.
func (m *Module) Import(specifier string) (*Module, bool) {
	return m.refer(specifier, source.ByImport)
}

// ImportBeside is Import for a module that belongs to the same package.
func (m *Module) ImportBeside(specifier string) (*Module, bool) {
	if !source.IsBeside(specifier) {
		return nil, false
	}
	return m.Import(specifier)
}

// Require finds the module that the argument of require() names, seen from m.
func (m *Module) Require(specifier string) (*Module, bool) {
	return m.refer(specifier, source.ByRequire)
}

// reference is what a module refers to another one by.
type reference struct {
	from      int
	specifier string
	kind      ImportKind
}

func (m *Module) refer(specifier string, kind ImportKind) (*Module, bool) {
	r := reference{m.file, specifier, kind}
	known, ok := m.program.referred.Load(r)
	if !ok {
		id, found := m.program.resolve(m.file, specifier, kind)
		if !found {
			id = -1
		}
		m.program.referred.Store(r, id)
		known = id
	}
	id := known.(int)
	if id < 0 {
		return nil, false
	}
	return m.program.Modules[id], true
}

// Gone is a module of the program that another one refers to and that is not there.
type Gone struct {
	From      *Module
	Specifier string
}

// Gone lists the modules beside others that were asked for and are not there, by the name of who asked. A package that is
// not there is outside the program; so is a file that is no JavaScript.
func (p *Program) Gone() (list []Gone) {
	p.referred.Range(func(key, id any) bool {
		if r := key.(reference); id.(int) < 0 && source.IsBeside(r.specifier) {
			list = append(list, Gone{p.Modules[r.from], r.specifier})
		}
		return true
	})
	slices.SortFunc(list, func(a, b Gone) int {
		return cmp.Or(cmp.Compare(a.From.Name, b.From.Name), cmp.Compare(a.Specifier, b.Specifier))
	})
	return slices.Compact(list)
}
