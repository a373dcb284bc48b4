package lint

import (
	"bytes"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/bundlens/bundlens/schema"
)

// Position is a place in a file of the user's. Lines and columns count from 1, and columns count UTF-16 units, as in
// SARIF and in editors; the end is behind the last unit.
type Position struct {
	File      string `json:"file"`
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	EndLine   int    `json:"endLine"`
	EndColumn int    `json:"endColumn"`
}

// String is the position as compilers write it.
func (p Position) String() string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column) }

// Places says where things of a program stand in files of the user's; ok is false where that is in none.
type Places func(schema.Origin) (p Position, ok bool)

// Start is the position of a whole file.
func Start(file string) Position { return Position{file, 1, 1, 1, 1} }

// stretch is how much text is counted at once: a position costs no more than that, however long a line is.
const stretch = 4096

// Lines finds lines and columns in a text.
type Lines struct {
	file   string
	text   []byte
	starts []int // of the lines, in bytes
	units  []int // UTF-16 units before each stretch
}

// NewLines reads a text. Its lines end with "\n".
func NewLines(file string, text []byte) *Lines {
	l := &Lines{file: file, text: text, starts: []int{0}}
	for at := 0; ; {
		i := bytes.IndexByte(text[at:], '\n')
		if i < 0 {
			break
		}
		at += i + 1
		l.starts = append(l.starts, at)
	}
	n := 0
	for at := 0; at <= len(text); at += stretch {
		l.units = append(l.units, n)
		n += units(text[at:min(at+stretch, len(text))])
	}
	return l
}

// File is the file that the lines are of.
func (l *Lines) File() string { return l.file }

// units counts UTF-16 units by the first bytes of characters, so that a text may be cut anywhere.
func units(text []byte) (n int) {
	for _, b := range text {
		switch {
		case b >= 0xf0:
			n += 2
		case utf8.RuneStart(b):
			n++
		}
	}
	return n
}

// unitsBefore counts the UTF-16 units before a byte.
func (l *Lines) unitsBefore(at int) int {
	k := at / stretch
	return l.units[k] + units(l.text[k*stretch:at])
}

// Position is where the bytes from start to end stand. Offsets beyond the text are those of its end.
func (l *Lines) Position(start, end int) Position {
	start = min(max(start, 0), len(l.text))
	end = min(max(end, start), len(l.text))
	p := Position{File: l.file}
	p.Line, p.Column = l.at(start)
	p.EndLine, p.EndColumn = l.at(end)
	return p
}

func (l *Lines) at(offset int) (line, column int) {
	i, found := slices.BinarySearch(l.starts, offset)
	if !found {
		i--
	}
	return i + 1, l.unitsBefore(offset) - l.unitsBefore(l.starts[i]) + 1
}
