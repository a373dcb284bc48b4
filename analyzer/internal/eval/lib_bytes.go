package eval

import (
	"strings"

	"github.com/bundlens/bundlens/internal/ecma"
)

var bufferStatics, textDecoderMethods, textEncoderMethods, bytesMethods map[string]Native

func init() {
	bufferStatics = map[string]Native{
		"from": func(m *Machine, _ Value, args []Value) Value {
			return m.lift(argument(args, 0), func(v Value) Value {
				raw, ok := m.bytesFrom(v, argument(args, 1))
				if !ok || len(args) > 2 {
					return m.resultOf(m.unknown("bytes that are not known", "Buffer.from"), args)
				}
				return m.buffer(raw)
			})
		},
		"concat":     bufferConcat,
		"byteLength": bufferByteLength,
		"isBuffer": func(m *Machine, _ Value, args []Value) Value {
			return m.lift(argument(args, 0), func(v Value) Value {
				o, ok := v.(*Object)
				if isUnknown(v) || ok && len(o.open) > 0 {
					return m.resultOf(m.unknown("tests something unknown", "Buffer.isBuffer"), []Value{v})
				}
				_, isBuffer := bytesOf(v)
				return Bool(isBuffer && o.Proto == m.prototypeOf("Buffer"))
			})
		},
		"alloc": given("alloc", func(m *Machine, _ Value, args []Value) Value {
			n := integer(args, 0, 0)
			if n < 0 || n > maxElems || argument(args, 1) != Undefined {
				return m.resultOf(m.unknown("bytes that are not known", "Buffer.alloc"), args)
			}
			return m.buffer(make([]byte, n))
		}, 0),
	}
	textDecoderMethods = map[string]Native{"decode": textDecode}
	textEncoderMethods = map[string]Native{"encode": func(m *Machine, _ Value, args []Value) Value {
		return m.lift(argument(args, 0), func(v Value) Value {
			if v == Undefined {
				v = String("")
			}
			s, ok := m.toString(v).(String)
			if !ok {
				return m.resultOf(m.unknown("bytes that are not known", "encode"), args)
			}
			return m.bytes([]byte(ecma.ToWellFormed(string(s))), "Uint8Array")
		})
	}}
	bytesMethods = map[string]Native{
		"toString": given("toString", bytesToString, 1, 2), "equals": bytesEqual,
		"slice": given("slice", bytesPart, 0, 1), "subarray": given("subarray", bytesPart, 0, 1),
		symbolIterator: func(m *Machine, this Value, args []Value) Value {
			list, ok := m.byteList(this)
			if !ok {
				return m.resultOf(m.unknown("bytes that are not known", "iterator"), []Value{this})
			}
			return m.iteratorOver(list)
		},
	}
	for name, f := range arrayMethods {
		if bytesMethods[name] == nil && !writesArrays[name] && !strings.HasPrefix(name, "to") && name != "concat" && name != "flat" && name != "flatMap" && name != "with" {
			bytesMethods[name] = onBytes(name, f)
		}
	}
}

// onBytes is a method of arrays on bytes. What gives a list gives bytes again.
func onBytes(name string, f Native) Native {
	return func(m *Machine, this Value, args []Value) Value {
		list, ok := m.byteList(this)
		if !ok {
			return m.resultOf(m.unknown("bytes that are not known", name), append([]Value{this}, args...))
		}
		v := f(m, list, args)
		if name == "map" || name == "filter" {
			raw, ok := m.bytesFrom(v, Undefined)
			if !ok {
				return m.resultOf(m.unknown("bytes that are not known", name), append([]Value{this}, args...))
			}
			return m.bytes(raw, "Uint8Array")
		}
		return v
	}
}

// byteList is a buffer as a list of numbers.
func (m *Machine) byteList(v Value) (*Object, bool) {
	raw, ok := bytesOf(v)
	if !ok || len(raw) > maxElems {
		return nil, false
	}
	out := m.newArray(make([]Elem, len(raw)))
	for i, b := range raw {
		out.Elems[i].Value = Number(b)
	}
	return out, true
}

func bufferConcat(m *Machine, _ Value, args []Value) Value {
	list, ok := m.settled(argument(args, 0)).(*Object)
	if !ok || list.Kind != KindArray || !isCertain(list.Elems) || len(list.open) > 0 || len(args) > 1 {
		return m.resultOf(m.unknown("bytes that are not known", "Buffer.concat"), args)
	}
	var all []byte
	for _, e := range list.Elems {
		raw, ok := bytesOf(m.settled(e.Value))
		if !ok {
			return m.resultOf(m.unknown("bytes that are not known", "Buffer.concat"), args)
		}
		all = append(all, raw...)
	}
	return m.buffer(all)
}

func bufferByteLength(m *Machine, _ Value, args []Value) Value {
	return m.lift(argument(args, 0), func(v Value) Value {
		raw, ok := m.bytesFrom(v, argument(args, 1))
		if !ok {
			return m.resultOf(m.unknown("bytes that are not known", "Buffer.byteLength"), args)
		}
		return Number(len(raw))
	})
}

func newTextDecoder(m *Machine, _ Value, args []Value) Value {
	name, ok := m.encodingOf(argument(args, 0))
	if name = strings.ToLower(name); !ok || len(args) > 1 || name != "" && name != "utf-8" && name != "utf8" {
		return m.resultOf(m.unknown("an encoding that is not evaluated", "new TextDecoder"), args)
	}
	o := m.newObject(KindObject)
	o.Proto = m.prototypeOf("TextDecoder")
	return o
}

func textDecode(m *Machine, _ Value, args []Value) Value {
	return m.lift(argument(args, 0), func(v Value) Value {
		raw, ok := bytesOf(v)
		if v == Undefined {
			ok = true
		}
		s, valid := decodeBytes(raw, "")
		if !ok || !valid || len(args) > 1 {
			return m.resultOf(m.unknown("bytes that are not known", "decode"), args)
		}
		return String(strings.TrimPrefix(s, "\ufeff"))
	})
}

func bytesToString(m *Machine, this Value, args []Value) Value {
	raw, ok := bytesOf(this)
	if o, isObject := this.(*Object); ok && isObject && o.Proto != m.prototypeOf("Buffer") {
		list, _ := m.byteList(this)
		return m.join(list, ",")
	}
	name, known := m.encodingOf(argument(args, 0))
	if ok && known {
		from := max(0, min(integer(args, 1, 0), len(raw)))
		to := max(from, min(integer(args, 2, len(raw)), len(raw)))
		if s, ok := decodeBytes(raw[from:to], name); ok {
			return String(s)
		}
	}
	return m.resultOf(m.unknown("bytes that are no text", "buffer.toString"), append([]Value{this}, args...))
}

func bytesEqual(m *Machine, this Value, args []Value) Value {
	a, ok1 := bytesOf(this)
	b, ok2 := bytesOf(m.settled(argument(args, 0)))
	if !ok1 || !ok2 {
		return m.resultOf(m.unknown("bytes that are not known", "equals"), append([]Value{this}, args...))
	}
	return Bool(string(a) == string(b))
}

// bytesPart is a part of bytes, which shares them.
func bytesPart(m *Machine, this Value, args []Value) Value {
	raw, ok := bytesOf(this)
	if !ok {
		return m.resultOf(m.unknown("bytes that are not known", "subarray"), append([]Value{this}, args...))
	}
	from, to := clampIndex(integer(args, 0, 0), len(raw)), clampIndex(integer(args, 1, len(raw)), len(raw))
	part := m.bytes(raw[from:max(from, to)], "Buffer")
	whole := this.(*Object)
	part.Proto = whole.Proto
	if memory := lastByte(raw); memory != nil {
		m.views[memory] = append(m.views[memory], whole, part)
	}
	return part
}

// lastByte stands for the memory that a slice lies in: all slices of it have the same.
func lastByte(raw []byte) *byte {
	if cap(raw) == 0 {
		return nil
	}
	return &raw[:cap(raw)][cap(raw)-1]
}

func newUint8Array(m *Machine, this Value, args []Value) Value {
	if this != Value(constructing) {
		return m.raise("TypeError", "Constructor Uint8Array requires 'new'")
	}
	return m.lift(argument(args, 0), func(v Value) Value {
		if n, ok := v.(Number); ok && n >= 0 && n <= maxElems {
			return m.bytes(make([]byte, int(n)), "Uint8Array")
		}
		raw, ok := m.bytesFrom(v, String("utf8"))
		if !ok || isString(v) || len(args) > 1 {
			return m.resultOf(m.unknown("bytes that are not known", "new Uint8Array"), args)
		}
		return m.bytes(raw, "Uint8Array")
	})
}

var uint8ArrayStatics map[string]Native

func init() {
	uint8ArrayStatics = map[string]Native{
		"from": func(m *Machine, _ Value, args []Value) Value {
			raw, ok := m.bytesFrom(arrayFrom(m, Undefined, args), Undefined)
			if !ok {
				return m.resultOf(m.unknown("bytes that are not known", "Uint8Array.from"), args)
			}
			return m.bytes(raw, "Uint8Array")
		},
		"of": func(m *Machine, _ Value, args []Value) Value {
			raw, ok := m.bytesFrom(m.newArray(elemsOf(args)), Undefined)
			if !ok {
				return m.resultOf(m.unknown("bytes that are not known", "Uint8Array.of"), args)
			}
			return m.bytes(raw, "Uint8Array")
		},
	}
}

// buffer is a Node buffer whose content is known.
func (m *Machine) buffer(content []byte) *Object { return m.bytes(content, "Buffer") }

// bytes is an object of a class of bytes, whose content is known. A program that writes to it makes it unknown.
func (m *Machine) bytes(content []byte, class string) *Object {
	o := m.newObject(KindObject)
	o.Host = content
	o.Proto = m.prototypeOf(class)
	return o
}

// byteProperty is a byte of a buffer, or its length.
func byteProperty(o *Object, key string) (Value, bool) {
	raw, ok := o.Host.([]byte)
	if !ok {
		return nil, false
	}
	if key == "length" || key == "byteLength" {
		return Number(len(raw)), true
	}
	if i, isIndex := ecma.ArrayIndex(key); isIndex {
		if int(i) < len(raw) {
			return Number(raw[i]), true
		}
		return Undefined, true
	}
	return nil, false
}
