package bunextract

import (
	"fmt"
	"math"
	"strings"
)

// base64Digits are the digits of a variable-length quantity in a source map: 5 bits each, and one that says whether
// another digit follows.
const base64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// base64Values has the value of each digit, -1 for other bytes.
var base64Values = func() (values [256]int8) {
	for i := range values {
		values[i] = int8(strings.IndexByte(base64Digits, byte(i)))
	}
	return values
}()

// decodeVLQ decodes the mappings of a source map of version 3.
func decodeVLQ(text string) ([]Mapping, error) {
	// A mapping takes two bytes at least, and usually five or more.
	mappings := make([]Mapping, 0, len(text)/6)
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
		fields, n, next, err := vlqSegment(text, at)
		if err != nil {
			return nil, err
		}
		to := []*int32{&now.Column, &now.Source, &now.SourceLine, &now.SourceColumn, &now.Name}
		for i, field := range fields[:n] {
			sum := int64(*to[i]) + field
			if sum < 0 || sum > math.MaxInt32 {
				return nil, invalid(fmt.Sprintf("mappings at byte %d: number out of range", at))
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
		mappings = append(mappings, m)
		at = next
	}
	return mappings, nil
}

// vlqSegment decodes the numbers of the segment at offset at: 1, 4 or 5. It returns where the segment ends.
func vlqSegment(text string, at int) (fields [5]int64, n, next int, err error) {
	value, shift := int64(0), 0
	begin := at
	for ; at < len(text) && text[at] != ',' && text[at] != ';'; at++ {
		digit := int64(base64Values[text[at]])
		if digit < 0 || shift > 35 || n == len(fields) {
			return fields, 0, 0, invalid(fmt.Sprintf("mappings at byte %d: no digit of a number", at))
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
		return fields, 0, 0, invalid(fmt.Sprintf("mappings at byte %d: a segment of %d numbers", begin, n))
	}
	return fields, n, at, nil
}

// encodeVLQ is the inverse of decodeVLQ, for mappings whose lines don't decrease.
func encodeVLQ(mappings []Mapping) string {
	var text []byte
	var now Mapping
	first := true
	for _, m := range mappings {
		for now.Line < m.Line {
			text = append(text, ';')
			now.Line++
			now.Column = 0
			first = true
		}
		if !first {
			text = append(text, ',')
		}
		first = false
		text = appendVLQ(text, int64(m.Column)-int64(now.Column))
		now.Column = m.Column
		if m.Source < 0 {
			continue
		}
		text = appendVLQ(text, int64(m.Source)-int64(now.Source))
		text = appendVLQ(text, int64(m.SourceLine)-int64(now.SourceLine))
		text = appendVLQ(text, int64(m.SourceColumn)-int64(now.SourceColumn))
		now.Source, now.SourceLine, now.SourceColumn = m.Source, m.SourceLine, m.SourceColumn
		if m.Name >= 0 {
			text = appendVLQ(text, int64(m.Name)-int64(now.Name))
			now.Name = m.Name
		}
	}
	return string(text)
}

// appendVLQ appends a number.
func appendVLQ(text []byte, n int64) []byte {
	value := uint64(n) << 1
	if n < 0 {
		value = uint64(-n)<<1 | 1
	}
	for {
		digit := value & 31
		if value >>= 5; value != 0 {
			digit |= 32
		}
		text = append(text, base64Digits[digit])
		if value == 0 {
			return text
		}
	}
}
