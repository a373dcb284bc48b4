package eval

import "strings"

// invokeUnknown is a method call on something unknown: lists and promises are followed through their callbacks.
func (m *Machine) invokeUnknown(u *Unknown, name string, args []Value) Value {
	if d, ok := Default(u).(*Object); ok && d.Kind == KindArray && len(d.Elems) == 0 {
		d = nil
	}
	if u.thrown != nil && awaited[name] {
		return m.handled(u, name, args)
	}
	switch name {
	case "then":
		if len(args) > 0 && IsFunction(args[0]) {
			return m.Call(args[0], Undefined, []Value{u})
		}
		return u
	case "catch", "finally":
		return u
	case "map", "flatMap":
		if len(args) > 0 && IsFunction(args[0]) {
			i := m.unknown("index in an unknown list", "index")
			v := m.branchOnly(u, func() Value { return m.Call(args[0], Undefined, []Value{m.item(u), i, u}) })
			return m.newArray([]Elem{{Value: v, Each: u.Expr}})
		}
	case "forEach":
		if len(args) > 0 && IsFunction(args[0]) {
			m.Invoke(m.newArray([]Elem{{Value: m.item(u), Each: u.Expr}}), name, args...)
			return Undefined
		}
	case "filter", "slice", "sort", "reverse", "concat", "toSorted", "toReversed":
		return (&Unknown{Key: u.Key + "." + name, Expr: u.Expr, Why: u.Why, Default: u.Default}).madeOf(u)
	case "join":
		if len(args) > 0 {
			return (&Unknown{Key: u.Key + ".join", Expr: u.Expr, Why: u.Why, Default: m.joinDefault(u, args)}).madeOf(u)
		}
	}
	return m.callMethod(u, name, args)
}

func (m *Machine) joinDefault(u *Unknown, args []Value) Value {
	if u.Default == nil {
		return nil
	}
	return m.Invoke(Default(u), "join", args...)
}

// branchOnly evaluates f for what may or may not happen: what it writes is undone.
func (m *Machine) branchOnly(u *Unknown, f func() Value) Value {
	v, w, t := m.branch(atomOf(&Unknown{Key: u.Key + "[any]", Expr: u.Expr}), true, f)
	m.forget(w)
	if t != nil {
		return m.unknown("throws", "throw")
	}
	return v
}

// callMethod is the result of calling a method of something unknown.
func (m *Machine) callMethod(u *Unknown, name string, args []Value) Value {
	method := m.unknownMember(u, name, true).(*Unknown)
	var r *Unknown
	if stringMethods[name] == nil {
		r = m.callUnknown(method, args)
	} else {
		r = m.resultOf(method, args)
	}
	r.asksMember(u, name, args)
	if u.Default == nil {
		return r
	}
	switch d := Default(u); {
	case isAbsent(d):
		r.Default = Undefined
	case !isUnknown(d):
		if v := m.Invoke(d, name, args...); !isUnknown(v) {
			r.Default = v
		}
	}
	return r
}

// callUnknown is the result of calling something unknown: by default the fallback that a look-up is given.
func (m *Machine) callUnknown(u *Unknown, args []Value) *Unknown {
	r := m.resultOf(u, args)
	if len(args) >= 2 && isFallback(args) && !ofRuntime(u) {
		r.Default = args[1]
	}
	return r
}

// ResultOf is a value that is not known and that depends on arguments: a call of something called name. why says what
// stopped the evaluation.
func (m *Machine) ResultOf(name, why string, args ...Value) *Unknown {
	return m.resultOf(m.unknown(why, name), args)
}

// resultOf is the result of a call that nothing is known about.
func (m *Machine) resultOf(f *Unknown, args []Value) *Unknown {
	key := m.keyed(func(room []byte) []byte {
		room = append(append(room, f.Key...), '(')
		for i, a := range args {
			if i > 0 {
				room = append(room, ',')
			}
			room = addKey(room, a)
		}
		return append(room, ')')
	})
	r := &Unknown{Key: key, Expr: m.exprOfCall(f, args), Why: f.Why}
	return r.madeOf(f).madeOf(args...)
}

// exprOfCall is readable source for a call, shortened.
func (m *Machine) exprOfCall(f *Unknown, args []Value) string {
	if len(args) == 0 {
		return shorten(f.Expr + "()")
	}
	exprs := make([]string, len(args))
	for i, a := range args {
		if exprs[i] = "..."; !IsFunction(a) {
			exprs[i] = m.Describe(a)
		}
	}
	return shorten(f.Expr + "(" + strings.Join(exprs, ", ") + ")")
}

// runtimeModules are the modules that come with the runtime. Their functions look nothing up by a key and a fallback.
var runtimeModules = wordSet("assert async_hooks buffer bun child_process cluster console crypto dgram diagnostics_channel dns domain " +
	"events fs http http2 https inspector module net os path perf_hooks process querystring readline repl sqlite stream string_decoder " +
	"timers tls trace_events tty url util v8 vm wasi worker_threads zlib")

// ofRuntime tells a function of a module that comes with the runtime.
func ofRuntime(f *Unknown) bool {
	name, ok := strings.CutPrefix(f.Key, "module:")
	if i := strings.IndexAny(name, "./:("); i >= 0 {
		name = name[:i]
	}
	return ok && runtimeModules[name]
}

// isFallback tells a look-up by key with a fallback value: key is a string, the fallback a constant.
func isFallback(args []Value) bool {
	if _, ok := args[0].(String); !ok {
		return false
	}
	switch args[1].(type) {
	case Bool, Number, String, null:
		return true
	}
	return false
}
