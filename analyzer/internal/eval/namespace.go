package eval

import (
	"slices"

	"github.com/bundlens/bundlens/analyzer/internal/scope"
)

// Namespace returns the object that holds all exports of an ES module.
func (m *Machine) Namespace(module *scope.Module) *Object {
	if o := m.spaces[module.ID]; o != nil {
		return o
	}
	o := m.newObject(KindObject)
	o.Host = space{module.Name}
	m.spaces[module.ID] = o
	names, open := module.ExportNames()
	for _, name := range names {
		o.set(name, m.export(func(m *Machine) Value { return m.ExportedValue(module, name) }))
	}
	if module.Exported("default").Missing == "" {
		// as Node says it to who requires the module
		o.set(esModule, &Prop{Value: Bool(true), Hidden: true})
	}
	for _, b := range open {
		m.addStar(o, b)
	}
	return o
}

// space is the host of a namespace object: the module whose exports are its members.
type space struct{ module string }

// absentFrom is a member that a namespace object does not have. A program that asks for one is a program that was read
// wrongly, more likely than one that means undefined; interop and await ask for what need not be there.
func (m *Machine) absentFrom(s space, key string) Value {
	if key == esModule || key == "then" || isSymbolKey(key) {
		return Undefined
	}
	return m.missing(s.module+" exports no "+key, key)
}

func (m *Machine) export(get func(*Machine) Value) *Prop {
	return &Prop{Get: m.native(func(m *Machine, _ Value, _ []Value) Value { return get(m) })}
}

// addStar adds to a namespace what an `export *` gives of a module that is no ES module of the program.
func (m *Machine) addStar(o *Object, b scope.Binding) {
	switch from := m.force(m.bindingCell(b)).(type) {
	case *Object:
		for _, key := range from.Keys() {
			if key != "default" && o.own(key) == nil {
				o.set(key, m.export(func(m *Machine) Value { return m.Get(from, key) }))
			}
		}
		o.open = append(o.open, from.open...)
	case *Unknown:
		o.open = append(o.open, from)
	}
}

// ExportedValue returns what a module exports under a name.
func (m *Machine) ExportedValue(module *scope.Module, name string) Value {
	return m.force(m.bindingCell(module.Exported(name)))
}

// esModule is the member by which what a compiler made of an ES module tells itself from other CommonJS modules.
const esModule = "__esModule"

// required is what an ES module sees of a CommonJS one as the import that b is: all that it exports as default, and its
// members by their names. To a module that only bundlers take for an ES module, the default export of what was compiled
// from one is what that called so.
func (m *Machine) required(b scope.Binding) Value {
	exports := m.force(m.commonJSOf(b.Required).exported)
	return m.lift(exports, func(exports Value) Value {
		switch b.Imported {
		case "*":
			return m.spaceOf(b, exports)
		case "default":
			return m.defaultOf(b, exports)
		}
		o, ok := exports.(*Object)
		if ok && o.Lookup(b.Imported) == nil && len(o.open) == 0 && o.Kind == KindObject {
			return m.elsewhere(b)
		}
		return m.Get(exports, b.Imported)
	})
}

// defaultOf is the default export of a CommonJS module.
func (m *Machine) defaultOf(b scope.Binding, exports Value) Value {
	if o, ok := exports.(*Object); !b.Interop || ok && o.Lookup("default") == nil {
		return exports
	}
	return m.choose(Truth(m.Get(exports, esModule)), m.Get(exports, "default"), exports)
}

// elsewhere looks for what a CommonJS module does not export where else it may come from.
func (m *Machine) elsewhere(b scope.Binding) Value {
	if len(b.Else) == 0 {
		return m.missing(b.Required.Name+" exports no "+b.Imported, b.Imported)
	}
	next := b.Else[0]
	next.Else = b.Else[1:]
	return m.force(m.bindingCell(next))
}

// missing is what nothing exports. Who asks a module's object for it gets undefined; who imports it by name is refused.
func (m *Machine) missing(why, name string) *Unknown {
	return &Unknown{Key: "missing:" + why, Expr: name, Why: why}
}

// spaceOf is the namespace object of a CommonJS module.
func (m *Machine) spaceOf(b scope.Binding, exports Value) Value {
	o, ok := exports.(*Object)
	ns := m.newObject(KindObject)
	ns.Host = space{b.Required.Name}
	if ok {
		keys := append(o.Keys(), "default")
		slices.Sort(keys)
		for _, key := range slices.Compact(keys) {
			ns.set(key, m.export(func(m *Machine) Value { return m.Get(o, key) }))
		}
		ns.open = o.open
	} else if u, ok := exports.(*Unknown); ok {
		ns.open = []*Unknown{u}
	}
	ns.set("default", &Prop{Value: m.defaultOf(b, exports)})
	return ns
}

// require is require(...): the exports of the module named.
func (m *Machine) require(root *Env, args []Value) Value {
	return m.referred(root, args, func(module *scope.Module, name string) Value {
		target, ok := module.Require(name)
		switch {
		case !ok:
			return m.external(module.Name, name, "*")
		case target.IsCommonJS():
			return m.force(m.commonJSOf(target).exported)
		}
		return m.Namespace(target)
	})
}

// importCall is import(...): the namespace object of the module named. Its promise is its value here.
func (m *Machine) importCall(root *Env, args []Value) Value {
	return m.referred(root, args, func(module *scope.Module, name string) Value {
		return m.force(m.bindingCell(module.Space(name)))
	})
}

// referred is what a call with the name of a module gives.
func (m *Machine) referred(root *Env, args []Value, find func(module *scope.Module, name string) Value) Value {
	return m.lift(argument(args, 0), func(v Value) Value {
		name, ok := v.(String)
		switch {
		case !ok:
			return m.unknown("module with an unknown name", "require(...)")
		case root.module == nil:
			return m.external("", string(name), "*")
		}
		return find(root.module, string(name))
	})
}

// moduleModule is Node's module "module" as a module sees it: createRequire gives require as it is in that module, where it
// is called with what names the module's own file.
func (m *Machine) moduleModule(importer string) Value {
	o := m.newObject(KindObject)
	outside := &Unknown{Key: "module:module", Expr: "module", Why: "a module outside the program"}
	o.open = []*Unknown{outside}
	o.set("createRequire", &Prop{Value: m.native(func(m *Machine, _ Value, args []Value) Value {
		file, ok := m.located(argument(args, 0))
		module := m.moduleNamed(file)
		if !ok {
			return m.callUnknown(m.getUnknown(outside, "createRequire"), args)
		}
		if module == nil {
			module = m.moduleNamed(importer) // a folder, or a file that need not be there
		}
		if module == nil {
			return m.callUnknown(m.getUnknown(outside, "createRequire"), args)
		}
		return m.requireFrom(module)
	})})
	o.set("default", &Prop{Value: o})
	return o
}

func (m *Machine) moduleNamed(name string) *scope.Module {
	for _, module := range m.Program.Modules {
		if module.Name == name {
			return module
		}
	}
	return nil
}
