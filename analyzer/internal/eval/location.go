package eval

import (
	"path"
	"slices"
	"strings"

	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
)

// Where a program lies is not known before it is installed; what lies beside its modules is. The name of a file of the
// program is a text that begins with a hole for the folder of the program.

// folderOfProgram is that hole.
var folderOfProgram = Unknown{Key: "folder of the program", Expr: "programFolder", Why: "where the program is installed"}

const fileScheme = "file://"

// lying is the text that names a file of the program by its name below the folder.
func lying(name string) Value {
	hole := folderOfProgram
	return makeText([]Part{{Hole: &hole}, {Lit: below(name)}})
}

// lyingURL is the address of a file of the program.
func lyingURL(name string) Value {
	hole := folderOfProgram
	return makeText([]Part{{Lit: fileScheme}, {Hole: &hole}, {Lit: below(name)}})
}

// below is what follows the folder in the name of a file of the program.
func below(name string) string {
	if name = strings.TrimPrefix(name, "/"); name == "." || name == "" {
		return ""
	}
	return "/" + name
}

// located is the name of the file of the program that a value names, by its path or its address.
func (m *Machine) located(v Value) (name string, ok bool) {
	v = m.settled(v)
	if o, isObject := v.(*Object); isObject {
		if _, isURL := o.Host.(locatedURL); isURL {
			return string(o.Host.(locatedURL)), true
		}
		return "", false
	}
	t, ok := v.(*Text)
	if !ok || len(t.Parts) == 0 {
		return "", false
	}
	parts := t.Parts
	if parts[0].Lit == fileScheme && len(parts) > 1 {
		parts = parts[1:]
	}
	if parts[0].Hole == nil || parts[0].Hole.Key != folderOfProgram.Key {
		return "", false
	}
	for _, p := range parts[1:] {
		if p.Hole != nil || p.Choice != nil || p.Each != nil {
			return "", false
		}
		name += p.Lit
	}
	return path.Clean("/" + name)[1:], name == "" || name[0] == '/'
}

// eachPath applies f to each path that a value may be, under its condition.
func (m *Machine) eachPath(v Value, f func(Value) Value) Value {
	return m.eachOf([]Value{v}, func(args []Value) Value { return f(args[0]) })
}

// eachOf applies f to values without choices. The path of a file of the program may depend on some, such as the language of a
// text. Nothing is known about other files, whatever they are called.
func (m *Machine) eachOf(args []Value, f func([]Value) Value) Value {
	if !slices.ContainsFunc(args, liesInProgram) {
		return f(args)
	}
	for i, a := range args {
		with := func(v Value) func() Value {
			return func() Value { return m.eachOf(slices.Concat(args[:i], []Value{v}, args[i+1:]), f) }
		}
		cond, either, or := alternativesOfPath(a)
		if cond == nil {
			continue
		}
		if m.spent() {
			return outOfBudget
		}
		return m.fork(cond, with(either), with(or))
	}
	return f(args)
}

// liesInProgram tells whether a value may be the path of a file of the program.
func liesInProgram(v Value) (is bool) {
	visitLeaves(v, func(leaf Value) {
		t, ok := leaf.(*Text)
		is = is || ok && len(t.Parts) > 0 && t.Parts[0].Hole != nil && t.Parts[0].Hole.Key == folderOfProgram.Key
	})
	return is
}

// alternativesOfPath are the two values that a path, or a part of one, may be; no condition where it is one.
func alternativesOfPath(v Value) (cond *Cond, either, or Value) {
	switch v := v.(type) {
	case *Choice:
		return v.Cond, v.Then, v.Else
	case *Text:
		at := slices.IndexFunc(v.Parts, func(p Part) bool { return p.Choice != nil })
		if at < 0 || len(v.Parts) > maxPathParts {
			return nil, nil, nil
		}
		c := v.Parts[at].Choice
		as := func(parts []Part) Value { return makeText(slices.Concat(v.Parts[:at], parts, v.Parts[at+1:])) }
		return c.Cond, as(c.Then), as(c.Else)
	}
	return nil, nil, nil
}

// maxPathParts bounds the parts of a text that may be a path.
const maxPathParts = 8

// ownFile is what a module's names for its own file are: __filename, __dirname.
func (m *Machine) ownFile(module *scope.Module, name string) (v Value, ok bool) {
	switch {
	case module == nil:
		return nil, false
	case name == "__filename":
		return lying(module.Name), true
	case name == "__dirname":
		return lying(path.Dir(module.Name)), true
	}
	return nil, false
}

// importMeta is what import.meta contains: by the language, by Node and by Bun.
func (m *Machine) importMeta(env *Env) Value {
	o := m.newObject(KindObject)
	o.open = []*Unknown{{Key: "import.meta", Expr: "import.meta", Why: "the running module"}}
	module := env.root().module
	o.set("require", &Prop{Value: m.requireFrom(module)})
	if module == nil {
		return o
	}
	file, dir := lying(module.Name), lying(path.Dir(module.Name))
	o.set("url", &Prop{Value: lyingURL(module.Name)})
	for key, v := range map[string]Value{"filename": file, "path": file, "dirname": dir, "dir": dir, "file": String(path.Base(module.Name))} {
		o.set(key, &Prop{Value: v})
	}
	o.set("resolve", &Prop{Value: m.native(func(m *Machine, _ Value, args []Value) Value {
		if v, ok := m.besideURL(argument(args, 0), lyingURL(module.Name)); ok {
			return m.get(v, "href", true)
		}
		return m.callUnknown(m.getUnknown(o.open[0], "resolve"), args)
	})})
	return o
}

// locatedURL is the name of the file that an address names.
type locatedURL string

// besideURL is `new URL(reference, base)` where the base is a file of the program.
func (m *Machine) besideURL(reference, base Value) (v Value, ok bool) {
	name, located := m.located(base)
	if !located {
		if name, ok = m.located(reference); !ok || base != Undefined {
			return nil, false
		}
		return m.addressOf(name), true
	}
	to, ok := m.settled(reference).(String)
	if !ok || strings.Contains(string(to), ":") || strings.HasPrefix(string(to), "//") || len(to) == 0 {
		return nil, false
	}
	name = path.Join(path.Dir(name), string(to))
	if last := path.Base(string(to)); last == "." || last == ".." || strings.HasSuffix(string(to), "/") {
		name += "/"
	}
	return m.addressOf(name), true
}

func (m *Machine) addressOf(name string) Value {
	o := m.newObject(KindObject)
	o.open = []*Unknown{m.unknown("an address of a file", "new URL(...)")}
	o.Host = locatedURL(name)
	o.set("href", &Prop{Value: lyingURL(name)})
	o.set("pathname", &Prop{Value: lying(name)})
	o.set("protocol", &Prop{Value: String("file:")})
	for _, key := range []string{"toString", "toJSON"} {
		o.set(key, &Prop{Hidden: true, Value: m.builtin(key, func(*Machine, Value, []Value) Value { return lyingURL(name) })})
	}
	return o
}

// isURLClass tells the class of addresses, which the runtime gives.
func isURLClass(v Value) bool {
	u, ok := v.(*Unknown)
	return ok && u.Key == "global:URL"
}

// urlModule is the part of Node's url module that turns addresses of files into paths and back.
func (m *Machine) urlModule() Value {
	o := m.newObject(KindObject)
	outside := &Unknown{Key: "module:url", Expr: "url", Why: "a module outside the program"}
	o.open = []*Unknown{outside}
	convert := func(key string, to func(name string) Value) {
		o.set(key, &Prop{Value: m.native(func(m *Machine, _ Value, args []Value) Value {
			if name, ok := m.located(argument(args, 0)); ok {
				return to(name)
			}
			return m.callUnknown(m.getUnknown(outside, key), args)
		})})
	}
	convert("fileURLToPath", lying)
	convert("pathToFileURL", m.addressOf)
	o.set("URL", &Prop{Value: &Unknown{Key: "global:URL", Expr: "URL", Why: "nothing declares this name"}})
	o.set("default", &Prop{Value: o})
	return o
}

// marked stands for the folder of the program in a path that is worked with as a text.
const marked = "/\x00program"

// unmarked is a path as a value; ok is false for one that left the folder of the program.
func unmarked(p string, given bool) (v Value, ok bool) {
	if rest, within := strings.CutPrefix(p, marked); within {
		return lying(rest), true
	}
	return String(p), !given || !strings.HasPrefix(p, "/")
}

// asPath is a value as a path to work with; located says that it is one of the program's files.
func (m *Machine) asPath(v Value) (p string, located, ok bool) {
	if name, is := m.located(v); is {
		return path.Join(marked, name), true, true
	}
	s, ok := m.settled(v).(String)
	return string(s), false, ok
}

// resolvedPath is path.resolve of paths, where at least one is absolute.
func resolvedPath(paths []string) (string, bool) {
	for i := len(paths) - 1; i >= 0; i-- {
		if strings.HasPrefix(paths[i], "/") {
			return path.Join(paths[i:]...), true
		}
	}
	return "", false
}

// fileNames are the names in a folder of the program, as readdir gives them: in Node's order, texts or entries.
func (m *Machine) fileNames(name string, options Value) (v Value, ok bool) {
	if m.config.Folder == nil {
		return nil, false
	}
	entries, ok := m.config.Folder(name)
	if !ok {
		return nil, false
	}
	detailed := false
	if o, isObject := m.settled(options).(*Object); isObject {
		detailed = o.Own("withFileTypes") != nil && m.settled(o.Own("withFileTypes").Value) == Bool(true)
		if o.Own("recursive") != nil {
			return nil, false
		}
	}
	list := m.NewArray()
	slices.Sort(entries)
	for _, e := range entries {
		var v Value = String(strings.TrimSuffix(e, "/"))
		if detailed {
			v = m.directoryEntry(name, e)
		}
		list.Elems = append(list.Elems, Elem{Value: v})
	}
	return list, true
}

// directoryEntry is one of them with what kind it is.
func (m *Machine) directoryEntry(folder, name string) Value {
	o := m.newObject(KindObject)
	is := func(key string, v bool) {
		o.set(key, &Prop{Value: m.builtin(key, func(*Machine, Value, []Value) Value { return Bool(v) })})
	}
	o.set("name", &Prop{Value: String(strings.TrimSuffix(name, "/"))})
	o.set("parentPath", &Prop{Value: lying(folder)})
	o.set("path", &Prop{Value: lying(folder)})
	is("isDirectory", strings.HasSuffix(name, "/"))
	is("isFile", !strings.HasSuffix(name, "/"))
	is("isSymbolicLink", false)
	return o
}

// metaProperty is import.meta or new.target.
func (m *Machine) metaProperty(n js.Node, env *Env) Value {
	if strings.HasPrefix(n.Text(), "import") {
		return m.importMeta(env)
	}
	return m.unknownAt(n, "new.target", "how the function is called")
}
