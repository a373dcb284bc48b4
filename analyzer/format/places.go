package format

import (
	"bytes"
	"sort"
	"unicode/utf8"
)

// places are the lines and columns of a text as source maps count them: columns in UTF-16 units. It does not change after
// it is made.
type places struct {
	lines []int32 // the offsets at which they begin
	wide  []wide  // the characters beyond ASCII, in order
}

// wide is a character that takes more bytes than UTF-16 units. Extra is how many more all take up to its end.
type wide struct{ end, extra int32 }

// placesIn finds the places of a text.
func placesIn(text []byte) *places {
	p := &places{lines: []int32{0}}
	extra := int32(0)
	for at := 0; at < len(text); {
		c := text[at]
		if c < utf8.RuneSelf {
			at++
			if c == '\n' || c == '\r' && !bytes.HasPrefix(text[at:], []byte{'\n'}) {
				p.lines = append(p.lines, int32(at))
			}
			continue
		}
		r, size := utf8.DecodeRune(text[at:])
		at += size
		units := 1
		if r > 0xffff {
			units = 2
		}
		extra += int32(size - units)
		p.wide = append(p.wide, wide{int32(at), extra})
		if r == '\u2028' || r == '\u2029' {
			p.lines = append(p.lines, int32(at))
		}
	}
	return p
}

// extra is how many more bytes than UTF-16 units stand before an offset.
func (p *places) extra(at int32) int32 {
	i := sort.Search(len(p.wide), func(i int) bool { return p.wide[i].end > at })
	if i == 0 {
		return 0
	}
	return p.wide[i-1].extra
}

// of is the line and column of an offset.
func (p *places) of(at int32) (line, column int32) {
	i := sort.Search(len(p.lines), func(i int) bool { return p.lines[i] > at }) - 1
	start := p.lines[i]
	return int32(i), at - start - (p.extra(at) - p.extra(start))
}

// offset is the offset of a line and column.
func (p *places) offset(line, column int32) (int32, bool) {
	if line < 0 || int(line) >= len(p.lines) {
		return 0, false
	}
	start := p.lines[line]
	units := start - p.extra(start) + column // from the beginning of the text
	i := sort.Search(len(p.wide), func(i int) bool { return p.wide[i].end-p.wide[i].extra > units })
	if i == 0 {
		return units, true
	}
	return units + p.wide[i-1].extra, true
}
