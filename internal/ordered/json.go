package ordered

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"github.com/bundlens/bundlens/internal/ecma"
)

// MarshalJSON writes the object with its keys in order, without HTML escaping.
func (m *Map) MarshalJSON() ([]byte, error) {
	if m == nil {
		return []byte("null"), nil
	}
	return Marshal(m)
}

// UnmarshalJSON reads an object and keeps the order of its keys.
func (m *Map) UnmarshalJSON(data []byte) error {
	v, err := Parse(data)
	if err != nil {
		return err
	}
	obj, ok := v.(*Map)
	if !ok {
		return fmt.Errorf("ordered: want a JSON object, have %T", v)
	}
	*m = *obj
	return nil
}

// Marshal returns the JSON text of v, compact, as JSON.stringify writes it:
// without HTML escaping, numbers in JavaScript's own form.
func Marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	err := write(&b, v, "", "")
	return b.Bytes(), err
}

// MarshalIndent is Marshal with one member a line, indented.
func MarshalIndent(v any, indent string) ([]byte, error) {
	var b bytes.Buffer
	err := write(&b, v, indent, "\n")
	return b.Bytes(), err
}

// String returns the compact JSON text of v, or the error's text.
func String(v any) string {
	b, err := Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// write appends v. A line break is nl, which grows by indent at each level;
// an empty indent writes compactly.
func write(b *bytes.Buffer, v any, indent, nl string) error {
	switch v := v.(type) {
	case *Map:
		if v == nil {
			b.WriteString("null")
			return nil
		}
		return writeList(b, '{', '}', v.Len(), indent, nl, func(i int, nl string) error {
			b.Write(ecma.AppendQuoted(b.AvailableBuffer(), v.keys[i]))
			b.WriteByte(':')
			if indent != "" {
				b.WriteByte(' ')
			}
			return write(b, v.values[v.keys[i]], indent, nl)
		})
	case []any:
		return writeList(b, '[', ']', len(v), indent, nl, func(i int, nl string) error {
			return write(b, v[i], indent, nl)
		})
	case string:
		b.Write(ecma.AppendQuoted(b.AvailableBuffer(), v))
	case float64:
		b.WriteString(ecma.FormatJSON(v))
	case int:
		b.WriteString(strconv.Itoa(v))
	case bool, nil:
		fmt.Fprint(b, jsonWord(v))
	default:
		return writeOther(b, v)
	}
	return nil
}

func writeList(b *bytes.Buffer, open, end byte, n int, indent, nl string, item func(int, string) error) error {
	b.WriteByte(open)
	inner := nl
	if indent != "" {
		inner += indent
	}
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		if indent != "" {
			b.WriteString(inner)
		}
		if err := item(i, inner); err != nil {
			return err
		}
	}
	if n > 0 && indent != "" {
		b.WriteString(nl)
	}
	b.WriteByte(end)
	return nil
}

func jsonWord(v any) string {
	if v == nil {
		return "null"
	}
	return strconv.FormatBool(v.(bool))
}

// writeOther writes a value of a type that this package doesn't make itself.
func writeOther(b *bytes.Buffer, v any) error {
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err
	}
	b.Truncate(b.Len() - 1) // the encoder's line break
	return nil
}

// Parse reads JSON text. Objects become *Map, lists []any, numbers float64.
func Parse(data []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	v, err := parseValue(dec)
	if err != nil {
		return nil, err
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, fmt.Errorf("ordered: text after the JSON value")
	}
	return v, nil
}

func parseValue(dec *json.Decoder) (any, error) {
	tok, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch tok {
	case json.Delim('{'):
		return parseObject(dec)
	case json.Delim('['):
		return parseList(dec)
	}
	return tok, nil
}

func parseObject(dec *json.Decoder) (any, error) {
	m := &Map{}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, err
		}
		v, err := parseValue(dec)
		if err != nil {
			return nil, err
		}
		m.Set(key.(string), v)
	}
	_, err := dec.Token()
	return m, err
}

func parseList(dec *json.Decoder) (any, error) {
	list := []any{}
	for dec.More() {
		v, err := parseValue(dec)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	_, err := dec.Token()
	return list, err
}
