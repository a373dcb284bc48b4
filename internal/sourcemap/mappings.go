// Package sourcemap reads and writes the mappings of source maps of version 3 (ECMA-426): a text in which each number is
// the difference from the one before, in base64 digits of 5 bits.
package sourcemap

import (
	"fmt"
	"math"
	"strings"
)

// Mapping relates a place in generated code to one in a source. All counts start at 0; columns are in UTF-16 units.
type Mapping struct {
	Line, Column             int32 // generated
	Source                   int32 // index of the source; -1 if the place belongs to none
	SourceLine, SourceColumn int32
	Name                     int32 // index of the name; -1 if there is none
}

// digits are those of a number: 5 bits each, and one that says whether another digit follows.
const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// digitValues has the value of each digit, -1 for other bytes.
var digitValues = func() (values [256]int8) {
	for i := range values {
		values[i] = int8(strings.IndexByte(digits, byte(i)))
	}
	return values
}()

// Each visits the mappings in order. A number that is negative, or that 31 bits don't hold, is an error.
func Each(text string, visit func(Mapping)) error {
	var now Mapping
	for at := 0; at < len(text); {
		switch text[at] {
		case ';':
			now.Line++
			now.Column = 0
			at++
			continue
		case ',':
			at++
			continue
		}
		fields, n, next, err := segment(text, at)
		if err != nil {
			return err
		}
		to := [...]*int32{&now.Column, &now.Source, &now.SourceLine, &now.SourceColumn, &now.Name}
		for i, field := range fields[:n] {
			sum := int64(*to[i]) + field
			if sum < 0 || sum > math.MaxInt32 {
				return fmt.Errorf("mappings at byte %d: number out of range", at)
			}
			*to[i] = int32(sum)
		}
		m := now
		switch n {
		case 1:
			m.Source, m.SourceLine, m.SourceColumn, m.Name = -1, 0, 0, -1
		case 4:
			m.Name = -1
		}
		visit(m)
		at = next
	}
	return nil
}

// segment reads the numbers of the segment at offset at: 1, 4 or 5. It returns where the segment ends.
func segment(text string, at int) (fields [5]int64, n, next int, err error) {
	value, shift := int64(0), 0
	begin := at
	for ; at < len(text) && text[at] != ',' && text[at] != ';'; at++ {
		digit := int64(digitValues[text[at]])
		if digit < 0 || shift > 35 || n == len(fields) {
			return fields, 0, 0, fmt.Errorf("mappings at byte %d: no digit of a number", at)
		}
		value |= digit & 31 << shift
		shift += 5
		if digit&32 != 0 {
			continue
		}
		fields[n] = value >> 1
		if value&1 != 0 {
			fields[n] = -fields[n]
		}
		n++
		value, shift = 0, 0
	}
	if shift != 0 || n != 1 && n != 4 && n != 5 {
		return fields, 0, 0, fmt.Errorf("mappings at byte %d: a segment of %d numbers", begin, n)
	}
	return fields, n, at, nil
}

// Writer writes mappings whose lines don't decrease.
type Writer struct {
	text  []byte
	now   Mapping
	begun bool // the line has a mapping
}

// NewWriter returns a writer with room for a number of mappings, about.
func NewWriter(mappings int) *Writer {
	const size = 6
	return &Writer{text: make([]byte, 0, size*mappings)}
}

// Add writes a mapping.
func (w *Writer) Add(m Mapping) {
	for w.now.Line < m.Line {
		w.text = append(w.text, ';')
		w.now.Line++
		w.now.Column, w.begun = 0, false
	}
	if w.begun {
		w.text = append(w.text, ',')
	}
	w.begun = true
	w.number(&w.now.Column, m.Column)
	if m.Source < 0 {
		return
	}
	w.number(&w.now.Source, m.Source)
	w.number(&w.now.SourceLine, m.SourceLine)
	w.number(&w.now.SourceColumn, m.SourceColumn)
	if m.Name >= 0 {
		w.number(&w.now.Name, m.Name)
	}
}

// String is the text so far.
func (w *Writer) String() string { return string(w.text) }

// number writes how far a number is from the one before, which it becomes.
func (w *Writer) number(before *int32, n int32) {
	difference := int64(n) - int64(*before)
	*before = n
	value := uint64(difference) << 1
	if difference < 0 {
		value = uint64(-difference)<<1 | 1
	}
	for {
		digit := value & 31
		if value >>= 5; value != 0 {
			digit |= 32
		}
		w.text = append(w.text, digits[digit])
		if value == 0 {
			return
		}
	}
}
