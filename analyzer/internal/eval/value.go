// Package eval says what an expression is: a partial evaluator for JavaScript. It follows values through calls,
// closures, classes and modules as far as they are known, keeps what is not known as a value with a reason, and
// keeps a condition that stays open as a choice between both outcomes. It has budgets, and no effects.
package eval

import (
	"slices"
	"strings"

	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/internal/ecma"
)

// Value is what an expression reduces to: Undefined, Null, Bool, Number, String, BigInt, *Symbol, *Text, *Object,
// *Choice or *Unknown.
type Value interface{ isValue() }

type (
	undefined struct{}
	null      struct{}
	// Bool is true or false.
	Bool bool
	// Number is a JavaScript number.
	Number float64
	// String is a string that is known whole, as UTF-8 with lone surrogates encoded as three bytes.
	String string
	// BigInt is a bigint's decimal digits.
	BigInt string
	// Symbol is a unique property key.
	Symbol struct{ Key string }
	// Text is a string with parts that are not known; see Part.
	Text struct {
		Parts []Part
		json  Value // what JSON.parse makes of it, where JSON.stringify wrote it
	}
	// Choice is one of two values, by a condition that the program's text leaves open.
	Choice struct {
		Cond       *Cond
		Then, Else Value
	}
	// Unknown is a value that can't be known from the program's text. Key tells two unknowns apart; Expr is
	// readable source; Why says what stopped the evaluation. Default, when not nil, is its value in the default
	// world (an unset environment variable, a feature flag's fallback).
	Unknown struct {
		Key, Expr, Why string
		Default        Value
		Subject        *Subject   // it is the value of this; nil for something else
		about          []*Subject // what it is made of
		test           string     // what it asks of its subject, where it is no value of it but a test
		member         string     // not "": it asks whether this is in a list or set, or is the name of an element
		role           role
		command        bool // it is made of the command line
		equal          *equality
		thrown         Value // of an exception: what was thrown
		asked          *Cond // that it holds, once that was asked; see atomOf
	}
)

// The values that have no content.
var (
	Undefined Value = undefined{}
	Null      Value = null{}
)

func (undefined) isValue() {}
func (null) isValue()      {}
func (Bool) isValue()      {}
func (Number) isValue()    {}
func (String) isValue()    {}
func (BigInt) isValue()    {}
func (*Symbol) isValue()   {}
func (*Text) isValue()     {}
func (*Choice) isValue()   {}
func (*Unknown) isValue()  {}
func (*Object) isValue()   {}

// ObjectKind says what sort of object an Object is.
type ObjectKind uint8

// The kinds of objects that behave differently.
const (
	KindObject ObjectKind = iota
	KindArray
	KindFunction
	KindRegexp
	KindSet
	KindMap
	KindError
	KindIterator
	KindGenerator
	KindHost // made by Config.Construct; Host holds what it made
)

// Object is an object, array or function. Its properties keep the order in which they were made.
type Object struct {
	Kind      ObjectKind
	Proto     *Object
	Func      *Func
	Host      any
	Site      Site // where it was made
	proxy     *proxy
	pending   bool // its class has not called super yet
	bare      bool // without a prototype
	arguments bool // what a call was given, as the function sees it
	state
	birth uint64 // the machine's clock when it was made
	run   uint64 // the outermost evaluation that made it
	noted uint64 // the journal that noted it last, by its birth
	at    int32  // where it is in a journal that is being merged
}

// state is what an evaluation can change of an object.
type state struct {
	props table[*Prop]
	Elems []Elem     // of an array or Set; a Map's entries are arrays of two
	room  *[]Elem    // Elems with room for more, where they were added one after another; see add
	open  []*Unknown // spreads of unknown objects: the object may have more properties
	fixed integrity
}

// description is what a program gave the symbol as its name.
func (s *Symbol) description() string {
	if name, ok := strings.CutPrefix(s.Key, registeredSymbol); ok {
		return name
	}
	if name, _, made := strings.Cut(strings.TrimPrefix(s.Key, "@@"), "#"); made {
		return name
	}
	return "Symbol." + strings.TrimPrefix(s.Key, "@@")
}

// Prop is one property. When, if not nil, is the condition under which it exists.
type Prop struct {
	Value    Value
	Get, Set *Object
	When     *Cond
	Hidden   bool // not enumerable
	ReadOnly bool
	Lasting  bool  // can't be taken out or defined anew
	state    *Cell // if not nil, what it holds for another evaluation than the one that made the object
}

// Elem is one element of an array. When, if not nil, is the condition under which it is there; Each, if not "",
// says that it stands for any number of elements, one for each of what Each names.
type Elem struct {
	Value Value
	When  *Cond
	Each  string
	Hole  bool // no element is here; the value is undefined
}

// Func is what a function object does when it is called.
type Func struct {
	Node      js.Node // the function, arrow, method or class node
	Env       *Env
	Name      string
	Native    Native
	Arrow     bool
	Generator bool
	async     bool
	class     *class
	home      *Object // the object whose prototype super refers to
	bound     *bound
	proxied   bool // a Proxy of a function
	method    bool // written as a method, which can't be called by new
	lazy      bool // a lazy-module thunk: calling it has no effect, its assignments are found by name
	loads     bool // it runs a CommonJS module once, and returns what that exports
}

// Native is a function of the language's own library.
type Native func(m *Machine, this Value, args []Value) Value

type bound struct {
	target *Object
	this   Value
	args   []Value
}

// Site is a place in the program.
type Site struct {
	Module     int
	Start, End uint32
}

// integrity says what can't be changed of an object any more.
type integrity uint8

const (
	extensible    integrity = iota
	notExtensible           // no property can be added
	sealed                  // and none be taken out
	frozen                  // and none be changed
)

func (s *state) own(key string) *Prop { return s.props.get(key) }

func (s *state) set(key string, p *Prop) { s.props.set(key, p) }

// clone returns a state that changes by itself. Elements are shared: none is ever changed in its place, and what is added
// behind them only the one sees who adds it.
func (s *state) clone() state {
	return state{props: s.props.clone(), Elems: slices.Clip(s.Elems), room: s.room, open: s.open, fixed: s.fixed}
}

// Keys returns the names of o's own enumerable properties: integers in ascending order, then the others as made.
func (o *Object) Keys() []string {
	keys := make([]string, 0, len(o.props.entries))
	for _, e := range o.props.entries {
		if !e.value.Hidden && !isSymbolKey(e.name) {
			keys = append(keys, e.name)
		}
	}
	return ecma.OrderKeys(keys)
}

// Own returns o's own property, or nil.
func (o *Object) Own(key string) *Prop { return o.own(key) }

// Lookup returns a property of o or of its prototypes, or nil.
func (o *Object) Lookup(key string) *Prop {
	for depth := 0; o != nil && depth < maxInherited; o, depth = o.Proto, depth+1 {
		if p := o.own(key); p != nil {
			return p
		}
	}
	return nil
}

// maxInherited bounds how many objects inherit from one another.
const maxInherited = 64

// Open returns the unknown values that were spread into o: it may have more properties than its own.
func (o *Object) Open() []*Unknown { return o.open }

// isBare tells a plain object that nothing was put into yet: it has nothing under any key.
func (o *Object) isBare() bool {
	return o.Kind == KindObject && len(o.props.entries) == 0 && len(o.open) == 0 && o.Proto == nil
}

// IsFunction tells whether v is an object that can be called.
func IsFunction(v Value) bool {
	o, ok := v.(*Object)
	return ok && o.Func != nil
}

// IsArray tells whether v is an array.
func IsArray(v Value) bool {
	o, ok := v.(*Object)
	return ok && o.Kind == KindArray
}

// AllKeys returns the names of o's own properties, those that are not enumerable too, as made.
func (o *Object) AllKeys() []string { return o.props.names() }
