package format

import (
	"encoding/json"
	"fmt"
	"path"
	"sort"
	"strings"
)

// sourceMap is a source map of version 3 (ECMA-426).
type sourceMap struct {
	Version  int      `json:"version"`
	File     string   `json:"file"`
	Sources  []string `json:"sources"`
	Names    []string `json:"names"`
	Mappings string   `json:"mappings"`
}

// sourceMap makes of the printer's map to the text one to the source, whose places are given.
func (t *text) sourceMap(file, sourceFile string, printed []byte, source *places) ([]byte, error) {
	var in sourceMap
	if err := json.Unmarshal(printed, &in); err != nil {
		return nil, fmt.Errorf("%s: source map: %w", file, err)
	}
	own := placesIn(t.Bytes())
	out := mapWriter{}
	err := eachMapping(in.Mappings, func(line, column, textLine, textColumn int32) {
		if at, ok := own.offset(textLine, textColumn); ok {
			if from := t.from(at); from >= 0 {
				sourceLine, sourceColumn := source.of(from)
				out.add(line, column, sourceLine, sourceColumn)
			}
		}
	})
	if err != nil {
		return nil, fmt.Errorf("%s: source map: %w", file, err)
	}
	return json.Marshal(sourceMap{3, path.Base(file), []string{sourceFile}, []string{}, out.String()})
}

// from is the offset in the source of an offset in the text, or -1.
func (t *text) from(at int32) int32 {
	i := sort.Search(len(t.origins), func(i int) bool { return t.origins[i].at > at }) - 1
	if i < 0 || t.origins[i].from < 0 {
		return -1
	}
	return t.origins[i].from + at - t.origins[i].at
}

const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

var digitValues = func() (values [256]int32) {
	for i := range values {
		values[i] = int32(strings.IndexByte(digits, byte(i)))
	}
	return values
}()

// eachMapping reads mappings that have a source. Columns are in UTF-16 units.
func eachMapping(text string, visit func(line, column, sourceLine, sourceColumn int32)) error {
	var line int32
	var now [5]int32
	for field, at := 0, 0; at < len(text); {
		switch text[at] {
		case ';':
			line, now[0], field = line+1, 0, 0
			at++
			continue
		case ',':
			field = 0
			at++
			continue
		}
		value, shift := int32(0), 0
		for {
			if at == len(text) || digitValues[text[at]] < 0 || shift > 30 || field > 4 {
				return fmt.Errorf("mappings at byte %d are wrong", at)
			}
			d := digitValues[text[at]]
			at++
			value |= d & 31 << shift
			if shift += 5; d < 32 {
				break
			}
		}
		if value&1 == 1 {
			value = -(value >> 1)
		} else {
			value >>= 1
		}
		now[field] += value
		if field++; field == 4 {
			visit(line, now[0], now[2], now[3])
		}
	}
	return nil
}

// mapWriter writes mappings to one source.
type mapWriter struct {
	strings.Builder
	line                   int32
	column                 int32
	sourceLine, sourceFrom int32
	begun                  bool
}

func (w *mapWriter) add(line, column, sourceLine, sourceColumn int32) {
	for w.line < line {
		w.WriteByte(';')
		w.line++
		w.column, w.begun = 0, false
	}
	if w.begun {
		w.WriteByte(',')
	}
	w.begun = true
	w.number(column - w.column)
	w.number(0)
	w.number(sourceLine - w.sourceLine)
	w.number(sourceColumn - w.sourceFrom)
	w.column, w.sourceLine, w.sourceFrom = column, sourceLine, sourceColumn
}

func (w *mapWriter) number(n int32) {
	v := n << 1
	if n < 0 {
		v = -n<<1 | 1
	}
	for v >= 32 {
		w.WriteByte(digits[v&31|32])
		v >>= 5
	}
	w.WriteByte(digits[v])
}
