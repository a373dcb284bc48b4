package zod

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/bundlens/bundlens/internal/ecma"
	"github.com/bundlens/bundlens/internal/ordered"
)

// undef stands for JavaScript's undefined as a keyword's value: the key is
// there while a schema is made, and is left out when it is written.
type undef struct{}

// UndefinedKeyword is JavaScript's undefined as a keyword's value, for Options.Override: the key counts as there while
// the schema is made, and is left out when it is written.
var UndefinedKeyword any = undef{}

// json returns what JSON.parse(JSON.stringify(a)) gives. An undefined value is
// undef{}. why is not empty when a part isn't known, bigint is true when a part
// is a bigint, which JSON.stringify refuses.
func (a Arg) json() (v any, bigint bool, why string) {
	switch a.Kind {
	case ArgNull:
		return nil, false, ""
	case ArgBool:
		return a.Bool, false, ""
	case ArgNumber:
		if math.IsNaN(a.Num) || math.IsInf(a.Num, 0) {
			return nil, false, ""
		}
		return a.Num + 0, false, ""
	case ArgString:
		return a.Str, false, ""
	case ArgBigInt:
		return nil, true, ""
	case ArgDate:
		return isoDate(a.Num), false, ""
	case ArgRegex:
		return &ordered.Map{}, false, ""
	case ArgArray:
		return a.jsonList()
	case ArgObject:
		return a.jsonObject()
	case ArgUndefined, ArgSymbol, ArgFunc:
		return undef{}, false, ""
	}
	return undef{}, false, a.unknownWhy()
}

func (a Arg) unknownWhy() string {
	if a.Why != "" {
		return a.Why
	}
	return "a value that isn't known"
}

func (a Arg) jsonList() (any, bool, string) {
	list := []any{}
	for _, x := range a.List {
		v, big, why := x.json()
		if big || why != "" {
			return nil, big, why
		}
		if v == (undef{}) {
			v = nil
		}
		list = append(list, v)
	}
	return list, false, ""
}

func (a Arg) jsonObject() (any, bool, string) {
	m := &ordered.Map{}
	if a.Obj == nil {
		return m, false, ""
	}
	if a.Obj.Open != "" {
		return nil, false, a.Obj.Open
	}
	for i := range a.Obj.Props {
		p := &a.Obj.Props[i]
		v, big, why := p.read().json()
		if big || why != "" {
			return nil, big, why
		}
		if v == (undef{}) {
			m.Delete(p.Key)
			continue
		}
		m.Set(p.Key, v)
	}
	return m, false, ""
}

func isoDate(ms float64) any {
	if math.IsNaN(ms) {
		return nil
	}
	return time.UnixMilli(int64(ms)).UTC().Format("2006-01-02T15:04:05.000Z")
}

// typeof returns JavaScript's typeof of a value.
func (a Arg) typeof() string {
	switch a.Kind {
	case ArgUndefined:
		return "undefined"
	case ArgBool:
		return "boolean"
	case ArgNumber:
		return "number"
	case ArgString:
		return "string"
	case ArgBigInt:
		return "bigint"
	case ArgSymbol:
		return "symbol"
	case ArgFunc:
		return "function"
	}
	return "object"
}

// text returns the string that JavaScript's `${a}` gives, for a primitive.
func (a Arg) text() string {
	switch a.Kind {
	case ArgUndefined:
		return "undefined"
	case ArgNull:
		return "null"
	case ArgBool:
		return strconv.FormatBool(a.Bool)
	case ArgNumber:
		return ecma.FormatNumber(a.Num)
	}
	return a.Str
}

// truthy tells whether JavaScript takes the value for true.
func (a Arg) truthy() bool {
	switch a.Kind {
	case ArgUndefined, ArgNull:
		return false
	case ArgBool:
		return a.Bool
	case ArgNumber:
		return a.Num != 0 && !math.IsNaN(a.Num)
	case ArgString:
		return a.Str != ""
	case ArgBigInt:
		return strings.Trim(a.Str, "-0") != ""
	}
	return true
}

// number returns the value of a number, a bigint or a date as a number.
func (a Arg) number() (float64, bool) {
	switch a.Kind {
	case ArgNumber, ArgDate:
		return a.Num, true
	case ArgBigInt:
		f, err := strconv.ParseFloat(a.Str, 64)
		return f, err == nil
	}
	return 0, false
}

// sameValue tells whether a Set takes two primitives for one.
func sameValue(a, b Arg) bool {
	if a.Kind != b.Kind {
		return false
	}
	switch a.Kind {
	case ArgNumber:
		return a.Num == b.Num || (math.IsNaN(a.Num) && math.IsNaN(b.Num))
	case ArgBool:
		return a.Bool == b.Bool
	case ArgString, ArgBigInt:
		return a.Str == b.Str
	}
	return a.Kind == ArgUndefined || a.Kind == ArgNull
}

// valueSet is an ordered set of primitives; nil is JavaScript's undefined.
type valueSet struct{ list []Arg }

func newValueSet(list ...Arg) *valueSet {
	s := &valueSet{}
	for _, a := range list {
		s.add(a)
	}
	return s
}

func (s *valueSet) add(a Arg) {
	for _, b := range s.list {
		if sameValue(a, b) {
			return
		}
	}
	s.list = append(s.list, a)
}

// with returns a copy that also has a; of nil it is nil.
func (s *valueSet) with(a Arg) *valueSet {
	if s == nil {
		return nil
	}
	return newValueSet(append(append([]Arg{}, s.list...), a)...)
}

// inKeyOrder returns properties in the order that an object has them.
func inKeyOrder(props []Prop) []Prop {
	order, at := &ordered.Map{}, map[string]int{}
	for i, p := range props {
		order.Set(p.Key, true)
		at[p.Key] = i
	}
	out := make([]Prop, 0, len(props))
	for _, k := range order.Keys() {
		out = append(out, props[at[k]])
	}
	return out
}
