package eval

import "strings"

// registeredSymbol begins the key of a symbol that Symbol.for made.
const registeredSymbol = "@@for:"

func newSymbol(m *Machine, this Value, args []Value) Value {
	if this == Value(constructing) {
		return m.raise("TypeError", "Symbol is not a constructor")
	}
	m.clock++
	name := ""
	if v := argument(args, 0); v != Undefined {
		s, ok := m.toString(v).(String)
		if !ok {
			return m.resultOf(m.unknown("a symbol with an unknown name", "Symbol"), args)
		}
		name = string(s)
	} else {
		name = nameless
	}
	return &Symbol{"@@" + name + "#" + primitiveString(Number(m.clock))}
}

// nameless is the name of a symbol that was given none.
const nameless = "\x00"

var symbolStatics map[string]Native

func init() {
	symbolStatics = map[string]Native{
		"for": func(m *Machine, _ Value, args []Value) Value {
			s, ok := m.toString(argument(args, 0)).(String)
			if !ok {
				return m.resultOf(m.unknown("a symbol with an unknown name", "Symbol.for"), args)
			}
			return &Symbol{registeredSymbol + string(s)}
		},
		"keyFor": func(m *Machine, _ Value, args []Value) Value {
			s, ok := m.settled(argument(args, 0)).(*Symbol)
			if !ok {
				return m.resultOf(m.unknown("the name of something unknown", "Symbol.keyFor"), args)
			}
			if name, registered := strings.CutPrefix(s.Key, registeredSymbol); registered {
				return String(name)
			}
			return Undefined
		},
	}
}
