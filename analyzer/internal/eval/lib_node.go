package eval

import (
	"path"
	"slices"
	"strings"
)

// pathModule is the part of Node's path module that works on text alone.
func (m *Machine) pathModule() Value {
	o := m.newObject(KindObject)
	o.open = []*Unknown{{Key: "path", Expr: "path", Why: "depends on the file system"}}
	over := func(name string, f func(args []Value) Value) {
		o.set(name, &Prop{Value: m.native(func(m *Machine, _ Value, args []Value) Value { return m.eachOf(args, f) })})
	}
	texts := func(name string, f func([]string) string) {
		over(name, func(args []Value) Value {
			in, given := make([]string, len(args)), false
			for i, a := range args {
				s, located, ok := m.asPath(a)
				if !ok {
					return m.callUnknown(m.unknown("a path found at run time", "path."+name), args)
				}
				in[i], given = s, given || located
			}
			if v, ok := unmarked(f(in), given); ok {
				return v
			}
			return m.callUnknown(m.unknown("a path outside of the program", "path."+name), args)
		})
	}
	texts("join", func(a []string) string {
		return normalPath(strings.Join(slices.DeleteFunc(a, func(s string) bool { return s == "" }), "/"))
	})
	over("resolve", func(args []Value) Value {
		in, given := make([]string, len(args)), false
		for i, a := range args {
			s, located, ok := m.asPath(a)
			if in[i], given = s, given || located; !ok {
				return m.callUnknown(m.getUnknown(o.open[0], "resolve"), args)
			}
		}
		if p, ok := resolvedPath(in); ok && given {
			if v, ok := unmarked(p, given); ok {
				return v
			}
		}
		return m.callUnknown(m.getUnknown(o.open[0], "resolve"), args)
	})
	texts("normalize", func(a []string) string { return normalPath(a[0]) })
	texts("basename", func(a []string) string {
		name := strings.TrimRight(a[0], "/")
		name = name[strings.LastIndexByte(name, '/')+1:]
		if len(a) > 1 && name != a[1] {
			return strings.TrimSuffix(name, a[1])
		}
		return name
	})
	texts("dirname", func(a []string) string {
		name := strings.TrimRight(a[0], "/")
		switch i := strings.LastIndexByte(name, '/'); {
		case i > 0:
			return strings.TrimRight(name[:i], "/")
		case i == 0 || name == "" && a[0] != "":
			return "/"
		}
		return "."
	})
	o.set("isAbsolute", &Prop{Value: m.native(func(m *Machine, _ Value, args []Value) Value {
		return m.lift(argument(args, 0), func(v Value) Value {
			if s, ok := v.(String); ok {
				return Bool(isAbsolute(string(s)))
			}
			if _, ok := m.located(v); ok {
				return Bool(true)
			}
			return m.callUnknown(m.unknown("a path found at run time", "path.isAbsolute"), []Value{v})
		})
	})})
	texts("extname", func(a []string) string {
		if base := path.Base(a[0]); base != ".." {
			return path.Ext(strings.TrimLeft(base, "."))
		}
		return ""
	})
	o.set("sep", &Prop{Value: String("/")})
	o.set("delimiter", &Prop{Value: String(":")})
	o.set("posix", &Prop{Value: o})
	o.set("default", &Prop{Value: o})
	return o
}

// normalPath is a path without needless parts, which keeps the slash that it ends with.
func normalPath(s string) string {
	clean := path.Clean(s)
	if strings.HasSuffix(s, "/") && clean != "/" {
		clean += "/"
	}
	return clean
}

// asyncHooksModule is the part of Node's async_hooks module that programs keep their context in: outside of a run
// there is none.
func (m *Machine) asyncHooksModule() Value {
	o := m.newObject(KindObject)
	o.open = []*Unknown{{Key: "async_hooks", Expr: "async_hooks", Why: "the runtime"}}
	o.set("AsyncLocalStorage", &Prop{Value: m.native(func(m *Machine, _ Value, _ []Value) Value {
		storage := m.newObject(KindObject)
		store := &Unknown{Key: "store:" + primitiveString(Number(m.clock)), Expr: "asyncContext", Why: "the context of a call", Default: Undefined}
		storage.set("getStore", &Prop{Value: m.native(func(*Machine, Value, []Value) Value { return store })})
		storage.set("run", &Prop{Value: m.native(func(m *Machine, _ Value, args []Value) Value {
			if len(args) < 2 {
				return Undefined
			}
			return m.Call(args[1], Undefined, args[2:])
		})})
		for _, name := range []string{"enterWith", "disable", "exit"} {
			storage.set(name, &Prop{Value: m.native(nothing)})
		}
		return storage
	})})
	o.set("default", &Prop{Value: o})
	return o
}
