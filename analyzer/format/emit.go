package format

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/internal/lazyregexp"
)

// emitter writes the text of one file.
type emitter struct {
	text
	namer  *namer
	module *module
	group  *group
	path   string
	plain  bool // nothing in the unit under way depends on where the file lies
}

// group writes the file of a group: what it imports, its units, and what others use of it. After is the group that has to be
// loaded before it, if any.
func (e *emitter) file(after *group, exported map[*symbol]bool) {
	e.imports(after)
	e.cut(true)
	e.body()
	e.exports(exported)
	e.cut(true)
}

// body writes the units of the group, in pieces.
func (e *emitter) body() {
	size, uses := 0, 0
	for _, i := range e.group.units {
		u := &e.module.units[i]
		size += int(u.end - u.start)
		uses += len(u.uses)
	}
	e.Grow(size + size/4) // names become longer
	e.origins = slices.Grow(e.origins, 2*uses)
	for _, i := range e.group.units {
		e.unit(&e.module.units[i])
		if e.Len()-e.start() > pieceSize {
			e.cut(false)
		}
	}
	e.cut(false)
}

func (e *emitter) importLine(format, file string, args ...any) {
	e.made(-1, "import "+format+"%s;\n", append(args, strconv.Quote(relative(e.path, file)))...)
}

// imports writes the imports of a group: the bundler's own functions first, then what has to run before, then the others in
// the order of their names.
func (e *emitter) imports(after *group) {
	m := e.module
	if m.runtime != nil && e.group != m.runtime {
		e.importLine("", m.runtime.path)
	}
	if after != nil {
		e.importLine("", after.path)
	}
	if names := e.group.loaderNames(); len(names) > 0 {
		e.importLine("{ %s } from ", m.scopePath(), strings.Join(names, ", "))
	}
	external := map[string][]string{}
	internal := map[string][]string{}
	for _, s := range sorted(e.group.used()) {
		switch {
		case s.from != "" && s.target == nil:
			external[s.from] = append(external[s.from], importClause(s.import_, s.final))
		case s.target != nil:
			file := s.target.group.path
			internal[file] = append(internal[file], importClause(s.target.final, s.final))
		case s.group != nil && s.group != e.group:
			internal[s.group.path] = append(internal[s.group.path], s.final)
		}
	}
	for _, from := range sortedKeys(external) {
		e.externalImport(from, external[from])
	}
	for _, file := range sortedKeys(internal) {
		e.importLine("{ %s } from ", file, strings.Join(internal[file], ", "))
	}
}

// externalImport imports from another package, or another module of the program.
func (e *emitter) externalImport(from string, clauses []string) {
	var named []string
	specifier := strconv.Quote(e.module.specifier(from, e.path)) + e.module.attributes[from]
	for _, c := range clauses {
		if strings.HasPrefix(c, "* as ") {
			e.made(-1, "import %s from %s;\n", c, specifier)
		} else {
			named = append(named, c)
		}
	}
	if len(named) > 0 {
		e.made(-1, "import { %s } from %s;\n", strings.Join(named, ", "), specifier)
	}
}

func importClause(imported, local string) string {
	switch imported {
	case local:
		return local
	case "*":
		return "* as " + local
	}
	return moduleName(imported) + " as " + local
}

// moduleName is a name as an import or export clause has it: quoted where it is no identifier.
func moduleName(name string) string {
	if strings.IndexFunc(name, func(r rune) bool { return r < 0x80 && !js.IsNameByte(byte(r)) }) >= 0 {
		return strconv.Quote(name)
	}
	return name
}

// attributesPattern finds the attributes of an import declaration.
var attributesPattern = lazyregexp.New(`\b(with|assert)\s*\{[^}]*\}`)

// readAttributes finds the attributes with which the module imports, such as ` with {type: "json"}`, by specifier.
func (m *module) readAttributes() {
	m.attributes = map[string]string{}
	for i := range m.units {
		if u := &m.units[i]; u.kind == js.UnitImport {
			text := m.source.Text[u.start:u.end]
			found := attributesPattern.Get().Find(text)
			for _, im := range m.source.Index().Imports {
				if found != nil && bytes.Contains(text, []byte(im.From)) {
					m.attributes[im.From] = " " + string(found)
				}
			}
		}
	}
}

// specifier is what names a module in a file, given how the module's own file names it.
func (m *module) specifier(from, file string) string {
	if !strings.HasPrefix(from, ".") {
		return from
	}
	return relative(file, path.Join(path.Dir(m.path), from))
}

// relative is a file as another one names it in an import.
func relative(from, to string) string {
	up, at := strings.Split(path.Dir(from), "/"), strings.Split(to, "/")
	if up[0] == "." {
		up = nil
	}
	for len(up) > 0 && len(at) > 1 && up[0] == at[0] {
		up, at = up[1:], at[1:]
	}
	if len(up) == 0 {
		return "./" + strings.Join(at, "/")
	}
	return strings.Repeat("../", len(up)) + strings.Join(at, "/")
}

// loaderNames are the names that a group uses of those that the loader of a CommonJS module gives it.
func (g *group) loaderNames() (names []string) {
	if g.module.isESM {
		return nil
	}
	for _, i := range g.units {
		for _, n := range g.module.units[i].uses {
			if n.local < 0 && n.symbol < 0 && slices.Contains(loaderNames, n.name) && !slices.Contains(names, n.name) {
				names = append(names, n.name)
			}
		}
	}
	slices.Sort(names)
	return names
}

var loaderNames = []string{"exports", "require", "module", "__filename", "__dirname"}

// scopePath is the file that stands for the loader of a CommonJS module, whose groups are ES modules.
func (m *module) scopePath() string {
	return path.Join(strings.TrimSuffix(m.path, path.Ext(m.path)), "commonjs-scope.js")
}

// loaderScope writes what the loader of a CommonJS module would give it.
func (e *emitter) loaderScope() {
	e.made(-1, `import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
const file = new URL(%q, import.meta.url);
const require = createRequire(file);
const module = { exports: {} };
const exports = module.exports;
const __filename = fileURLToPath(file);
const __dirname = dirname(__filename);
export { __dirname, __filename, exports, module, require };
`, relative(e.path, e.module.path))
}

// used are the names of the module that a group uses.
func (g *group) used() map[*symbol]bool {
	set := map[*symbol]bool{}
	for _, i := range g.units {
		for _, n := range g.module.units[i].uses {
			if n.symbol >= 0 {
				set[g.module.symbols[n.symbol]] = true
			}
		}
	}
	return set
}

// exports writes what other files use of the group.
func (e *emitter) exports(exported map[*symbol]bool) {
	var names []string
	for _, s := range sorted(exported) {
		names = append(names, s.final)
	}
	if len(names) > 0 {
		e.made(-1, "export { %s };\n", strings.Join(names, ", "))
	}
}

// unit writes one unit with the names that were chosen.
func (e *emitter) unit(u *unit) {
	source := e.module.source.Text
	start, end := u.start, u.end
	switch u.kind {
	case js.UnitImport:
		return
	case js.UnitExport:
		body, isDefault := defaultExport(source[start:end])
		if !isDefault {
			return // a list: written anew
		}
		start += uint32(body)
		name := e.module.symbols[e.module.byName[defaultName]].final
		if head := unnamedFunction.Get().Find(source[start:end]); head != nil { // as a declaration: it can be called before it is reached
			e.made(int32(start), "%s %s", head, name)
			start += uint32(len(head))
		} else {
			e.made(int32(start), "var %s = ", name)
		}
	case js.UnitVar:
		e.made(int32(start), "var ")
	}
	names := e.namer.locals(e.module, u, e.group.taken)
	e.plain = e.path == e.module.path || !placedHere(source[start:end])
	at := start
	for _, n := range u.uses {
		final := n.name
		switch {
		case n.local >= 0:
			final = names[n.local]
		case n.symbol >= 0:
			final = e.module.symbols[n.symbol].final
		}
		if n.start < at || final == n.name {
			continue
		}
		e.piece(source, at, n.start)
		if n.short {
			e.made(int32(n.start), "%s: ", n.name)
		}
		e.made(int32(n.start), "%s", final)
		at = n.start + uint32(len(n.name))
	}
	e.piece(source, at, end)
	if !u.ended && source[end-1] != ';' {
		e.made(-1, ";")
	}
	e.made(-1, "\n")
}

// placed finds what depends on where a file lies.
var placed = lazyregexp.New(`\bimport\.meta\.(url|dirname|filename)\b|\b(import|require)\(\s*["'](\.\.?/[^"'\\]*)["']`)

// placedHere tells quickly whether something may depend on where the file lies.
func placedHere(unit []byte) bool {
	return bytes.Contains(unit, []byte("import.meta")) || bytes.Contains(unit, []byte(`"./`)) || bytes.Contains(unit, []byte(`"../`)) ||
		bytes.Contains(unit, []byte(`'./`)) || bytes.Contains(unit, []byte(`'../`))
}

// piece copies a piece of the source. What depends on where the file lies is written so that it means the same as in the
// module's own file.
func (e *emitter) piece(source []byte, from, to uint32) {
	if e.plain {
		e.copied(source, from, to)
		return
	}
	at := from
	for _, found := range placed.Get().FindAllSubmatchIndex(source[from:to], -1) {
		start := from + uint32(found[0])
		e.copied(source, at, start)
		at = from + uint32(found[1])
		if found[2] >= 0 {
			e.made(int32(start), metaProperties[string(source[from+uint32(found[2]):from+uint32(found[3])])], relative(e.path, e.module.path))
			continue
		}
		if keyword := string(source[from+uint32(found[4]) : from+uint32(found[5])]); keyword == "require" && !e.requiresHere(source[:start]) {
			e.copied(source, start, at)
			continue
		}
		specifier := string(source[from+uint32(found[6]) : from+uint32(found[7])])
		e.made(int32(start), "%s(%q", source[from+uint32(found[4]):from+uint32(found[5])], e.module.specifier(specifier, e.path))
	}
	e.copied(source, at, to)
}

// requiresHere tells whether a call of require, behind what stands before it, goes by where the file lies: that which the
// loader gives a CommonJS module, or that the module makes for itself, goes by the module's own file.
func (e *emitter) requiresHere(before []byte) bool {
	if bytes.HasSuffix(before, []byte("import.meta.")) {
		return true
	}
	_, declared := e.module.byName["require"]
	return e.module.isESM && !declared
}

// metaProperties are the properties of import.meta of another file.
var metaProperties = map[string]string{
	"url":      "new URL(%q, import.meta.url).href",
	"dirname":  "process.getBuiltinModule(\"node:path\").dirname(process.getBuiltinModule(\"node:url\").fileURLToPath(new URL(%q, import.meta.url)))",
	"filename": "process.getBuiltinModule(\"node:url\").fileURLToPath(new URL(%q, import.meta.url))",
}

// defaultName is what the index calls a default export without a name.
const defaultName = "*default*"

var defaultStart = lazyregexp.New(`^export\s+default\b\s*`)

// unnamedFunction is what stands before the parameters of a function without a name.
var unnamedFunction = lazyregexp.New(`^(?:async\s+)?function\b\s*\*?`)

// defaultExport finds where the expression of a default export begins.
func defaultExport(unit []byte) (at int, ok bool) {
	loc := defaultStart.Get().FindIndex(unit)
	if loc == nil {
		return 0, false
	}
	return loc[1], true
}

// index writes the module's own file: it loads the groups in the order of the source, and exports what the module does.
func (e *emitter) index(last *group) {
	m := e.module
	if text := m.source.Text; bytes.HasPrefix(text, []byte("#!")) {
		line, _, _ := bytes.Cut(text, []byte("\n"))
		e.made(-1, "%s\n", line)
	}
	x := m.source.Index()
	var bare []string
	for _, im := range x.Imports {
		if last == nil && im.Local != "" {
			continue // it is imported by name
		}
		if specifier := strconv.Quote(m.specifier(im.From, e.path)) + m.attributes[im.From]; !slices.Contains(bare, specifier) {
			bare = append(bare, specifier)
			e.made(-1, "import %s;\n", specifier)
		}
	}
	if last != nil {
		e.importLine("", last.path)
	}
	if !m.isESM && len(m.groups) > 1 {
		e.importLine("{ module } from ", m.scopePath())
		// by the second name require gets it, which gives a namespace object otherwise
		e.made(-1, "const loaded = module.exports;\nexport { loaded as default, loaded as \"module.exports\" };\n")
	}
	for _, line := range m.exportLines(e.path) {
		e.made(-1, "%s", line)
	}
}

// exportLines are the export declarations of a module.
func (m *module) exportLines(file string) (lines []string) {
	for _, x := range m.source.Index().Exports {
		from := strconv.Quote(m.specifier(x.From, file))
		id, known := m.byName[x.Local]
		switch {
		case x.From != "" && x.Exported == "*":
			lines = append(lines, fmt.Sprintf("export * from %s;\n", from))
		case x.From != "" && x.Imported == "*":
			lines = append(lines, fmt.Sprintf("export * as %s from %s;\n", moduleName(x.Exported), from))
		case x.From != "":
			lines = append(lines, fmt.Sprintf("export { %s as %s } from %s;\n", moduleName(x.Imported), moduleName(x.Exported), from))
		case !known:
		case m.symbols[id].from != "":
			s := m.symbols[id]
			clause := "{ " + moduleName(s.import_) + " as " + moduleName(x.Exported) + " }"
			if s.import_ == "*" {
				clause = "* as " + moduleName(x.Exported)
			}
			lines = append(lines, fmt.Sprintf("export %s from %q%s;\n", clause, m.specifier(s.from, file), m.attributes[s.from]))
		case m.symbols[id].group != nil && m.symbols[id].group.path != file:
			s := m.symbols[id]
			lines = append(lines, fmt.Sprintf("export { %s as %s } from %q;\n", s.final, moduleName(x.Exported), relative(file, s.group.path)))
		default:
			lines = append(lines, fmt.Sprintf("export { %s as %s };\n", m.symbols[id].final, moduleName(x.Exported)))
		}
	}
	return lines
}
