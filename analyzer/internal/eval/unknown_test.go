package eval

import (
	"maps"
	"slices"
	"testing"
)

// TestUnknownInUnknownOut gives something unknown to every function of the library, as this and as each argument: none
// answers with a constant that depends on it.
func TestUnknownInUnknownOut(t *testing.T) {
	hole := func() *Unknown { return &Unknown{Key: "hole", Expr: "hole", Why: "unknown for the test"} }
	functions := map[string]map[string]Native{"globals": globalFunctions, "Math": mathStatics, "JSON": jsonStatics, "Reflect": reflectStatics}
	methods := map[string]map[string]Native{"Iterator": iteratorMethods, "Generator": generatorMethods}
	for _, c := range classes {
		functions[c.name] = *c.statics
		methods[c.name+".prototype"] = *c.methods
	}
	receivers := map[string]func(m *Machine) Value{
		"String.prototype": func(*Machine) Value { return String("abcabc") },
		"Array.prototype":  func(m *Machine) Value { return m.NewArray(Number(1), Number(2), Number(3)) },
		"Number.prototype": func(*Machine) Value { return Number(1234.5) },
		"BigInt.prototype": func(*Machine) Value { return BigInt("12") },
		"RegExp.prototype": func(m *Machine) Value { return m.NewPattern("a", "g") },
		"Object.prototype": func(m *Machine) Value {
			o := m.NewObject()
			o.Define("a", Number(1))
			return o
		},
		"Map.prototype": func(m *Machine) Value {
			return collection(KindMap, "Map")(m, constructing, []Value{m.NewArray(m.NewArray(String("a"), Number(1)))})
		},
		"Set.prototype": func(m *Machine) Value {
			return collection(KindSet, "Set")(m, constructing, []Value{m.NewArray(String("a"))})
		},
		"Buffer.prototype": func(m *Machine) Value { return m.buffer([]byte("abc")) },
	}
	fillers := map[string][]Value{"replace": {String("b"), String("x")}, "replaceAll": {String("b"), String("x")}, "padStart": {Number(9), String("-")}, "padEnd": {Number(9), String("-")}}
	check := func(t *testing.T, name string, f Native, this func(m *Machine) Value, args func(m *Machine) []Value) {
		t.Helper()
		m, _ := load(t, "", Config{})
		got := m.Run(func() Value { return f(m, this(m), args(m)) })
		if isConstantValue(got) {
			t.Errorf("%s answers %s", name, show(m, got))
		}
	}
	nothingKnown := func(m *Machine) Value { return hole() }
	for table, list := range functions {
		for _, name := range slices.Sorted(maps.Keys(list)) {
			if !dependsOnArguments(table, name) {
				continue
			}
			check(t, table+"."+name+"(unknown)", list[name], func(*Machine) Value { return Undefined }, func(*Machine) []Value { return []Value{hole()} })
		}
	}
	for table, list := range methods {
		for _, name := range slices.Sorted(maps.Keys(list)) {
			check(t, "unknown."+table+"."+name+"()", list[name], nothingKnown, func(*Machine) []Value { return []Value{String("a")} })
			receiver := receivers[table]
			if receiver == nil || !takesArguments(name) {
				continue
			}
			check(t, table+"."+name+"(unknown)", list[name], receiver, func(*Machine) []Value { return []Value{hole()} })
			if args := fillers[name]; args != nil {
				for i := range args {
					next := slices.Clone(args)
					next[i] = hole()
					check(t, table+"."+name+"(..., unknown)", list[name], receiver, func(*Machine) []Value { return next })
				}
			}
		}
	}
}

// isConstantValue tells a value that says nothing of the unknown that went into it: a primitive one, or a list of those.
func isConstantValue(v Value) bool {
	switch v := v.(type) {
	case String, Number, Bool, BigInt, null:
		return true
	case *Object:
		if v.Kind != KindArray || len(v.open) > 0 || len(v.Elems) == 0 {
			return false
		}
		return !slices.ContainsFunc(v.Elems, func(e Elem) bool { return e.When != nil || e.Each != "" || !isConstantValue(e.Value) })
	}
	return false
}

// dependsOnArguments tells functions whose answer depends on what they are given.
func dependsOnArguments(table, name string) bool {
	return !slices.Contains([]string{"clearTimeout", "clearInterval", "clearImmediate", "queueMicrotask"}, name)
}

// takesArguments tells methods whose answer depends on what they are given.
func takesArguments(name string) bool {
	return !slices.Contains([]string{
		"toString", "valueOf", "trim", "trimStart", "trimEnd", "trimLeft", "trimRight", "toUpperCase", "toLowerCase", "isWellFormed", "toWellFormed",
		"pop", "shift", "reverse", "toReversed", "keys", "values", "entries", "toLocaleString", "clear", symbolIterator,
		"push", "unshift", // they answer with a length
		"toISOString", "toJSON",
	}, name)
}
