package eval

import (
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/bundlens/bundlens/analyzer/internal/scope"
)

const (
	envKey            = "process.env"
	symbolIterator    = "@@iterator"
	symbolToStringTag = "@@toStringTag"
	symbolToPrimitive = "@@toPrimitive"
	symbolHasInstance = "@@hasInstance"
	symbolSpreadable  = "@@isConcatSpreadable"
)

func isSymbolKey(k string) bool { return strings.HasPrefix(k, "@@") }

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

// builtin makes a function of the language's library.
func (m *Machine) builtin(name string, f Native) *Object {
	o := m.native(f)
	o.Func.Name = name
	return o
}

// newLibrary makes the names that every program finds declared.
func (m *Machine) newLibrary() map[string]Value {
	lib := map[string]Value{"NaN": Number(math.NaN()), "Infinity": Number(math.Inf(1)), "undefined": Undefined}
	m.library = lib
	for _, c := range classes {
		lib[c.name] = m.constructor(c.name, *c.statics, c.call, c.methods)
	}
	for _, name := range errorClasses {
		lib[name] = m.errorClass(name)
	}
	m.finishClasses()
	lib["Math"] = m.namespace("Math", mathStatics, mathConstants)
	lib["JSON"], lib["Reflect"] = m.namespace("JSON", jsonStatics, nil), m.namespace("Reflect", reflectStatics, nil)
	m.addRest()
	lib["Intl"] = m.intlSpace()
	lib["console"], lib["process"] = m.console(), m.process()
	for name, f := range globalFunctions {
		lib[name] = m.builtin(name, f)
	}
	number := lib["Number"].(*Object)
	for _, name := range []string{"parseInt", "parseFloat"} {
		number.set(name, &Prop{Value: lib[name], Hidden: true})
	}
	if m.config.Asset != nil {
		lib["Bun"] = m.bun()
	}
	global := m.newObject(KindObject)
	m.space = global
	for _, name := range slices.Sorted(maps.Keys(lib)) {
		global.set(name, &Prop{Value: lib[name], Hidden: true})
	}
	for _, name := range slices.Sorted(maps.Keys(ofHost)) {
		if lib[name] == nil {
			global.set(name, &Prop{Value: &Unknown{Key: "global:" + name, Expr: name, Why: "what the runtime has under this name"}, Hidden: true})
		}
	}
	for _, name := range []string{"globalThis", "global", "self"} {
		lib[name] = global
	}
	global.set("globalThis", &Prop{Value: global, Hidden: true})
	return lib
}

// class of the language's library: its static members, what calling it gives, and its methods.
type libraryClass struct {
	name             string
	statics, methods *map[string]Native
	call             Native
}

// constructor makes a class of the library: a function with static members, and a prototype with methods.
func (m *Machine) constructor(name string, statics map[string]Native, call Native, methods *map[string]Native) *Object {
	f := m.builtin(name, call)
	for _, k := range slices.Sorted(maps.Keys(statics)) {
		f.set(k, &Prop{Value: m.builtin(k, statics[k]), Hidden: true})
	}
	proto := m.newObject(KindObject)
	if name == "Array" {
		proto.Kind = KindArray
	}
	m.prototypes[name] = proto
	f.set("prototype", &Prop{Value: proto, Hidden: true, ReadOnly: true, Lasting: true})
	proto.set("constructor", &Prop{Value: f, Hidden: true})
	if methods != nil {
		m.addMethods(proto, *methods)
	}
	return f
}

func (m *Machine) addMethods(o *Object, methods map[string]Native) {
	for _, k := range slices.Sorted(maps.Keys(methods)) {
		name := k
		if isSymbolKey(k) {
			name = "[Symbol." + k[len("@@"):] + "]"
		}
		o.set(k, &Prop{Value: m.builtin(name, methods[k]), Hidden: true})
	}
}

// finishClasses adds to the classes what is no function, and those without a name of their own.
func (m *Machine) finishClasses() {
	constants := func(class string, values map[string]Value) {
		o := m.library[class].(*Object)
		for _, k := range slices.Sorted(maps.Keys(values)) {
			o.set(k, &Prop{Value: values[k], Hidden: true, ReadOnly: true, Lasting: true})
		}
	}
	constants("Number", map[string]Value{
		"MAX_SAFE_INTEGER": Number(1<<53 - 1), "MIN_SAFE_INTEGER": Number(-(1<<53 - 1)), "MAX_VALUE": Number(math.MaxFloat64),
		"MIN_VALUE": Number(math.SmallestNonzeroFloat64), "EPSILON": Number(math.Pow(2, -52)), "NaN": Number(math.NaN()),
		"POSITIVE_INFINITY": Number(math.Inf(1)), "NEGATIVE_INFINITY": Number(math.Inf(-1)),
	})
	symbols := map[string]Value{}
	for _, k := range []string{"iterator", "asyncIterator", "hasInstance", "isConcatSpreadable", "toStringTag", "toPrimitive", "species", "unscopables",
		"match", "matchAll", "replace", "search", "split", "dispose", "asyncDispose"} {
		symbols[k] = &Symbol{"@@" + k}
	}
	constants("Symbol", symbols)
	for _, name := range []string{"Map", "Set"} {
		m.prototypes[name].set("size", &Prop{Get: m.builtin("get size", collectionSize), Hidden: true})
	}
	for _, name := range []string{"WeakMap", "WeakSet"} {
		m.addMethods(m.prototypes[name], weakMethods(name))
	}
	m.regexpGetters(m.prototypes["RegExp"])
	for name, methods := range map[string]map[string]Native{"Iterator": iteratorMethods, "Generator": generatorMethods} {
		m.prototypes[name] = m.newObject(KindObject)
		m.addMethods(m.prototypes[name], methods)
	}
	m.generatorFunctions()
	for _, name := range []string{"Map", "Set", "WeakMap", "WeakSet", "Symbol", "Promise", "BigInt", "Generator"} {
		m.prototypes[name].set(symbolToStringTag, &Prop{Value: String(name), Hidden: true})
	}
	for _, name := range []string{"Buffer", "Uint8Array"} {
		m.prototypes[name].set(symbolToStringTag, &Prop{Value: String("Uint8Array"), Hidden: true})
	}
	m.prototypes["Buffer"].Proto = m.prototypes["Uint8Array"]
}

// generatorFunctions makes what generator functions inherit from: an object each for those that are async and the others,
// which holds what their generators inherit from.
func (m *Machine) generatorFunctions() {
	async, iterator := m.newObject(KindObject), m.newObject(KindObject)
	iterator.set("@@asyncIterator", &Prop{Value: m.builtin("[Symbol.asyncIterator]", func(_ *Machine, this Value, _ []Value) Value { return this }), Hidden: true})
	async.Proto = iterator
	for name, prototype := range map[string]*Object{"GeneratorFunction": m.prototypes["Generator"], "AsyncGeneratorFunction": async} {
		f := m.newObject(KindObject)
		f.Proto = m.prototypes["Function"]
		f.set("prototype", &Prop{Value: prototype, Hidden: true})
		f.set(symbolToStringTag, &Prop{Value: String(name), Hidden: true})
		m.prototypes[name] = f
	}
}

// namespace makes an object of functions and constants.
func (m *Machine) namespace(name string, functions map[string]Native, values map[string]Value) *Object {
	o := m.newObject(KindObject)
	m.addMethods(o, functions)
	for _, k := range slices.Sorted(maps.Keys(values)) {
		o.set(k, &Prop{Value: values[k], Hidden: true, ReadOnly: true, Lasting: true})
	}
	o.set(symbolToStringTag, &Prop{Value: String(name), Hidden: true})
	return o
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
	case "util":
		return m.utilModule()
	case "buffer":
		o := m.newObject(KindObject)
		o.open = []*Unknown{{Key: "module:buffer", Expr: "buffer", Why: "a module outside the program"}}
		o.set("Buffer", &Prop{Value: m.library["Buffer"]})
		o.set("default", &Prop{Value: o})
		return o
	case "process":
		return m.library["process"]
	case "path", "path/posix":
		return m.pathModule()
	case "url":
		return m.urlModule()
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
