package eval

import (
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/bundlens/bundlens/analyzer/scope"
)

const (
	envKey            = "process.env"
	symbolIterator    = "@@iterator"
	symbolToStringTag = "@@toStringTag"
)

func isSymbolKey(k string) bool { return strings.HasPrefix(k, "@@") }

// prototypes are the classes that values of the library belong to.
type prototypes struct{ object, function *Object }

func (m *Machine) newObject(kind ObjectKind) *Object {
	m.clock++
	return &Object{Kind: kind, birth: m.clock, run: m.run}
}

func (m *Machine) newArray(elems []Elem) *Object {
	o := m.newObject(KindArray)
	o.Elems = elems
	return o
}

// NewArray returns an array of values.
func (m *Machine) NewArray(values ...Value) *Object {
	o := m.newArray(nil)
	for _, v := range values {
		o.Elems = append(o.Elems, Elem{Value: v})
	}
	return o
}

// NewObject returns an object without properties.
func (m *Machine) NewObject() *Object { return m.newObject(KindObject) }

// Define adds a property to an object that was just made.
func (o *Object) Define(key string, v Value) { o.set(key, &Prop{Value: v}) }

// DefineGetter adds a property to an object that was just made, which is found when it is first asked for.
func (m *Machine) DefineGetter(o *Object, key string, get func() Value) {
	var found Value
	o.set(key, &Prop{Get: m.native(func(*Machine, Value, []Value) Value {
		if found == nil {
			found = get()
		}
		return found
	})})
}

// Assign copies the properties of from to an object, as Object.assign does.
func (m *Machine) Assign(o, from *Object) { m.copyInto(o, from, nil) }

// NewHost returns an object whose properties Config.Member knows.
func (m *Machine) NewHost(host any) *Object {
	o := m.newObject(KindHost)
	o.Host = host
	return o
}

// NewFunction returns a function object that runs f.
func (m *Machine) NewFunction(f Native) *Object { return m.native(f) }

func (m *Machine) native(f Native) *Object {
	o := m.newObject(KindFunction)
	o.Func = &Func{Native: f}
	return o
}

// methodOf returns the library's method of a value's type, or nil.
func (m *Machine) methodOf(v Value, key string) Native {
	switch v := v.(type) {
	case String, *Text:
		return stringMethods[key]
	case Number, BigInt:
		return numberMethods[key]
	case Bool:
		if f := boolMethods[key]; f != nil {
			return f
		}
		return objectMethods[key]
	case *Object:
		var f Native
		switch v.Kind {
		case KindArray:
			if f = arrayMethods[key]; key == "next" && v.own(iteratorPosition) == nil {
				f = nil
			}
		case KindSet, KindMap:
			f = collectionMethods[key]
		case KindRegexp:
			f = regexpMethods[key]
		case KindError:
			f = errorMethods[key]
		}
		if f == nil && v.Func != nil {
			f = functionMethods[key]
		}
		if f == nil {
			f = objectMethods[key]
		}
		return f
	}
	return nil
}

// newLibrary makes the names that every program finds declared.
func (m *Machine) newLibrary() map[string]Value {
	lib := map[string]Value{
		"NaN": Number(math.NaN()), "Infinity": Number(math.Inf(1)),
		"Object": m.constructor("Object", objectStatics, newPlainObject), "Array": m.constructor("Array", arrayStatics, newArrayOf),
		"String": m.constructor("String", stringStatics, stringOf), "Number": m.constructor("Number", numberStatics, numberOf),
		"Boolean": m.constructor("Boolean", nil, booleanOf), "Symbol": m.constructor("Symbol", symbolStatics, newSymbol),
		"BigInt": m.constructor("BigInt", nil, bigintOf), "Function": m.constructor("Function", nil, unknownOf("function made of text")),
		"Set": m.constructor("Set", nil, newSet), "Map": m.constructor("Map", nil, newMap),
		"WeakMap": m.constructor("WeakMap", nil, newMap), "WeakSet": m.constructor("WeakSet", nil, newSet),
		"Promise": m.constructor("Promise", promiseStatics, newPromise), "RegExp": m.constructor("RegExp", nil, newRegexp),
		"Proxy": m.constructor("Proxy", nil, newProxy),
		"Math":  m.constants(mathStatics, map[string]Value{"PI": Number(math.Pi), "E": Number(math.E)}),
		"JSON":  m.constants(jsonStatics, nil), "Reflect": m.constants(reflectStatics, nil),
		"parseInt": m.native(parseInt), "parseFloat": m.native(parseFloat), "isNaN": m.native(isNaN), "isFinite": m.native(isFinite),
		"encodeURIComponent": m.native(keepKnown("encodeURIComponent")), "decodeURIComponent": m.native(keepKnown("decodeURIComponent")),
		"structuredClone": m.native(firstArgument), "queueMicrotask": m.native(nothing),
		"setTimeout": m.native(nothing), "clearTimeout": m.native(nothing), "setInterval": m.native(nothing), "clearInterval": m.native(nothing), "setImmediate": m.native(nothing),
		"console": m.console(), "process": m.process(),
	}
	if m.config.Asset != nil {
		lib["Bun"] = m.bun()
	}
	for _, name := range []string{"Error", "TypeError", "RangeError", "SyntaxError", "ReferenceError", "EvalError", "URIError", "AggregateError"} {
		lib[name] = m.errorClass(name)
	}
	global := m.newObject(KindObject)
	m.space = global
	for _, name := range slices.Sorted(maps.Keys(lib)) {
		global.set(name, &Prop{Value: lib[name], Hidden: true})
	}
	for _, name := range []string{"globalThis", "global", "self"} {
		lib[name] = global
	}
	global.set("globalThis", &Prop{Value: global, Hidden: true})
	return lib
}

// constructor makes a library class: a function with static members.
func (m *Machine) constructor(name string, statics map[string]Native, call Native) *Object {
	f := m.native(call)
	f.Func.Name = name
	for k, s := range statics {
		f.set(k, &Prop{Value: m.native(s), Hidden: true})
	}
	proto := m.newObject(KindObject)
	f.set("prototype", &Prop{Value: proto, Hidden: true})
	switch name {
	case "Object":
		for k, s := range objectMethods {
			proto.set(k, &Prop{Value: m.native(s), Hidden: true})
		}
	case "Array":
		for k, s := range arrayMethods {
			proto.set(k, &Prop{Value: m.native(s), Hidden: true})
		}
	case "Symbol":
		for _, k := range []string{"iterator", "asyncIterator", "hasInstance", "toStringTag", "toPrimitive", "dispose", "asyncDispose"} {
			f.set(k, &Prop{Value: &Symbol{"@@" + k}, Hidden: true})
		}
	case "Number":
		f.set("MAX_SAFE_INTEGER", &Prop{Value: Number(1<<53 - 1)})
		f.set("MIN_SAFE_INTEGER", &Prop{Value: Number(-(1<<53 - 1))})
		f.set("MAX_VALUE", &Prop{Value: Number(math.MaxFloat64)})
		f.set("MIN_VALUE", &Prop{Value: Number(math.SmallestNonzeroFloat64)})
		f.set("EPSILON", &Prop{Value: Number(math.Pow(2, -52))})
		f.set("POSITIVE_INFINITY", &Prop{Value: Number(math.Inf(1))})
		f.set("NEGATIVE_INFINITY", &Prop{Value: Number(math.Inf(-1))})
	}
	return f
}

func (m *Machine) constants(functions map[string]Native, values map[string]Value) *Object {
	o := m.newObject(KindObject)
	for k, f := range functions {
		o.set(k, &Prop{Value: m.native(f), Hidden: true})
	}
	for k, v := range values {
		o.set(k, &Prop{Value: v, Hidden: true})
	}
	return o
}

func (m *Machine) errorClass(name string) *Object {
	return m.constructor(name, map[string]Native{"captureStackTrace": nothing}, func(m *Machine, _ Value, args []Value) Value {
		o := m.newObject(KindError)
		o.set("name", &Prop{Value: String(name), Hidden: true})
		o.set("message", &Prop{Value: argument(args, 0), Hidden: true})
		return o
	})
}

func (m *Machine) console() Value {
	o := m.newObject(KindObject)
	for _, k := range []string{"log", "error", "warn", "info", "debug", "trace"} {
		o.set(k, &Prop{Value: m.native(nothing)})
	}
	return o
}

// external is what a module outside the program exports, as the module called importer names it.
func (m *Machine) external(importer, module, name string) Value {
	if v, ok := m.imported(importer, module, name); ok {
		return v
	}
	base := strings.TrimPrefix(module, "node:")
	space := m.externalSpace(base)
	if base == "module" {
		space = m.moduleModule(importer)
	}
	if name == "*" || name == "default" {
		return space
	}
	return m.get(space, name, true)
}

func (m *Machine) externalSpace(module string) Value {
	switch module {
	case "fs", "fs/promises":
		return m.fileSystem(module)
	case "zlib":
		return m.compression()
	case "process":
		return m.library["process"]
	case "path":
		return m.pathModule()
	case "async_hooks":
		return m.asyncHooksModule()
	case "tty":
		return m.ttyModule()
	case "os":
		o := m.newObject(KindObject)
		o.open = []*Unknown{{Key: "os", Expr: "os", Why: "the machine it runs on"}}
		o.set("platform", &Prop{Value: m.native(func(m *Machine, _ Value, _ []Value) Value {
			return m.world("platform", "process.platform", "linux")
		})})
		o.set("EOL", &Prop{Value: String("\n")})
		o.set("default", &Prop{Value: o})
		return o
	}
	return &Unknown{Key: "module:" + module, Expr: module, Why: "a module outside the program"}
}

func (m *Machine) requireFrom(module *scope.Module) *Object {
	return m.native(func(m *Machine, _ Value, args []Value) Value { return m.require(&Env{module: module}, args) })
}

func nothing(*Machine, Value, []Value) Value { return Undefined }

func firstArgument(_ *Machine, _ Value, args []Value) Value { return argument(args, 0) }

func unknownOf(why string) Native {
	return func(m *Machine, _ Value, _ []Value) Value { return m.unknown(why, why) }
}

// keepKnown is a function that leaves plain text as it is and makes anything else unknown.
func keepKnown(name string) Native {
	return func(m *Machine, _ Value, args []Value) Value {
		if s, ok := argument(args, 0).(String); ok && strings.IndexFunc(string(s), func(r rune) bool {
			return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_.!~*'()", r))
		}) < 0 {
			return s
		}
		return m.callUnknown(m.unknown("encoded at run time", name), args)
	}
}
