package zod

import "github.com/bundlens/bundlens/internal/ordered"

// ArgKind says what sort of JavaScript value an Arg is.
type ArgKind uint8

// The sorts of values.
const (
	ArgUndefined ArgKind = iota
	ArgNull
	ArgBool
	ArgNumber
	ArgString
	ArgBigInt // Str holds its decimal digits
	ArgSymbol
	ArgDate // Num holds its milliseconds since the epoch
	ArgRegex
	ArgArray
	ArgObject
	ArgSchema // a schema, or a check, which is a Def of kind KindCheck
	ArgFunc
	ArgUnknown // Why says why it isn't known
)

// Arg is a JavaScript value, as definitions and method calls hold it. It is the
// neutral form between an evaluator and this package.
type Arg struct {
	Kind  ArgKind
	Bool  bool
	Num   float64
	Str   string
	Regex *Regex
	List  []Arg
	Obj   *Record
	Def   *Def
	Func  *Func
	// Why gives the reason of an ArgUnknown. On any other kind it says that the
	// value is only the likeliest rendering, as of a text with a hole.
	Why string
}

// Regex is a regular expression. Two uses of one instance share the pointer.
type Regex struct {
	Source, Flags string

	builtin bool // one of the library's own
}

// Func is a function, or a schema thunk. Invoke may be nil.
type Func struct {
	// Invoke calls it; ok is false when its result can't be known.
	Invoke func(args ...Arg) (result Arg, ok bool)
	// Name is the function's own name, for messages.
	Name string
}

// Record is an object with ordered properties. It is shared by pointer.
type Record struct {
	Props []Prop
	// Open says why there may be further properties that aren't known, as after
	// spreading an unknown value. Empty: the properties are all there are.
	Open string
}

// Prop is one property. A getter has Get instead of a Value.
type Prop struct {
	Key   string
	Value Arg
	Get   *Func
}

// Undefined makes an undefined value.
func Undefined() Arg { return Arg{} }

// Null makes a null.
func Null() Arg { return Arg{Kind: ArgNull} }

// Bool makes a boolean.
func Bool(b bool) Arg { return Arg{Kind: ArgBool, Bool: b} }

// Number makes a number.
func Number(f float64) Arg { return Arg{Kind: ArgNumber, Num: f} }

// String makes a string.
func String(s string) Arg { return Arg{Kind: ArgString, Str: s} }

// BigInt makes a bigint of its decimal digits.
func BigInt(digits string) Arg { return Arg{Kind: ArgBigInt, Str: digits} }

// Array makes an array.
func Array(list ...Arg) Arg { return Arg{Kind: ArgArray, List: list} }

// Unknown makes a value that isn't known, and says why.
func Unknown(why string) Arg { return Arg{Kind: ArgUnknown, Why: why} }

// RegexArg makes an Arg of a regular expression.
func RegexArg(source, flags string) Arg {
	return Arg{Kind: ArgRegex, Regex: &Regex{Source: source, Flags: flags}}
}

// SchemaArg makes an Arg of a schema or check.
func SchemaArg(d *Def) Arg {
	if d == nil {
		return Arg{}
	}
	return Arg{Kind: ArgSchema, Def: d}
}

// ObjectArg makes an Arg of properties in order.
func ObjectArg(props ...Prop) Arg { return Arg{Kind: ArgObject, Obj: &Record{Props: props}} }

// FuncArg makes an Arg of a function.
func FuncArg(f *Func) Arg {
	if f == nil {
		f = &Func{}
	}
	return Arg{Kind: ArgFunc, Func: f}
}

// Thunk makes a function that takes nothing and returns v.
func Thunk(v Arg) *Func {
	return &Func{Invoke: func(...Arg) (Arg, bool) { return v, true }}
}

// FromJSON makes an Arg of a JSON value, as package ordered has them.
func FromJSON(v any) Arg {
	switch v := v.(type) {
	case nil:
		return Null()
	case bool:
		return Bool(v)
	case float64:
		return Number(v)
	case string:
		return String(v)
	case []any:
		a := Arg{Kind: ArgArray}
		for _, x := range v {
			a.List = append(a.List, FromJSON(x))
		}
		return a
	case *ordered.Map:
		r := &Record{}
		for _, k := range v.Keys() {
			r.Props = append(r.Props, Prop{Key: k, Value: FromJSON(v.Value(k))})
		}
		return Arg{Kind: ArgObject, Obj: r}
	}
	return Unknown("not a JSON value")
}

// IsUndefined tells whether the value is undefined (also when it is absent).
func (a Arg) IsUndefined() bool { return a.Kind == ArgUndefined }

// IsNullish tells whether the value is undefined or null.
func (a Arg) IsNullish() bool { return a.Kind == ArgUndefined || a.Kind == ArgNull }

// Get returns the property of an object, running its getter. An absent one is undefined.
func (a Arg) Get(key string) Arg {
	if a.Kind != ArgObject || a.Obj == nil {
		return Arg{}
	}
	for i := len(a.Obj.Props) - 1; i >= 0; i-- {
		if p := &a.Obj.Props[i]; p.Key == key {
			return p.read()
		}
	}
	if a.Obj.Open != "" {
		return Unknown(a.Obj.Open)
	}
	return Arg{}
}

// read returns the property's value.
func (p *Prop) read() Arg {
	if p.Get == nil {
		return p.Value
	}
	return p.Get.call()
}

// call runs a function; a result that can't be known is an ArgUnknown.
func (f *Func) call(args ...Arg) Arg {
	if f == nil || f.Invoke == nil {
		return Unknown("a function whose result isn't known")
	}
	if v, ok := f.Invoke(args...); ok {
		return v
	}
	return Unknown("a function whose result isn't known")
}
