package excerpt

import (
	"bytes"
	"fmt"
	"io"

	"github.com/bundlens/bundlens/schema"
)

// span is where a line stands in a file.
type span struct{ start, end int64 }

// start is how a Document begins that schema.Encode wrote.
var start = fmt.Sprintf("{\"schemaVersion\": %d,", schema.Version)

// visitor is told of the members of a Document in their order. What it is given is its own only while it looks at it.
type visitor interface {
	value(name string, text []byte)
	// record is one of a list, at a place of the file.
	record(list string, text []byte, at span)
}

// lines goes through a Document as schema.Encode writes it: each member on a line, and a list's records on a line each. No
// string has a line break in it, so that nothing else has to be looked at. ok is false where it is laid out otherwise.
func lines(r io.Reader, v visitor) (ok bool, err error) {
	s := lineScanner{r: r}
	line, err := s.line()
	if err != nil || string(line) != start {
		return false, err
	}
	v.value("schemaVersion", fmt.Append(nil, schema.Version))
	list, last := "", false // whose records follow; nothing may
	for {
		line, err := s.line()
		switch {
		case err == io.EOF:
			return last && len(line) == 0, nil
		case err != nil || last:
			return false, err
		case list != "" && bytes.HasPrefix(line, []byte("]")):
			list, last = "", string(line) == "]}"
		case list != "":
			text := bytes.TrimSuffix(line, []byte(","))
			v.record(list, text, span{s.at, s.at + int64(len(text))})
		default:
			name, value, ok := memberOf(line)
			if !ok {
				return false, nil
			}
			switch string(value) {
			case "[":
				list = name
			case "[],", "[]}":
			default:
				v.value(name, value[:len(value)-1])
			}
			last = value[len(value)-1] == '}' && list == ""
		}
	}
}

// memberOf reads a line `"name": value,`, or `"name": [` that opens a list. The last one has a brace for the comma.
func memberOf(line []byte) (name string, value []byte, ok bool) {
	quoted, value, ok := bytes.Cut(line, []byte(`": `))
	if !ok || len(quoted) == 0 || quoted[0] != '"' || len(value) == 0 {
		return "", nil, false
	}
	return string(quoted[1:]), value, string(value) == "[" || value[len(value)-1] == ',' || value[len(value)-1] == '}'
}

// lineScanner reads lines of any length. What it gives stands in its buffer until the next one is asked for.
type lineScanner struct {
	r        io.Reader
	at       int64 // where the last line begins
	next     int64
	buf      []byte
	from, to int // what of the buffer was read, and not given
	err      error
}

const firstBuffer = 1 << 18

// line is the next line without its end; what is behind the last line end is a line with io.EOF.
func (s *lineScanner) line() ([]byte, error) {
	s.at = s.next
	for searched := s.from; ; {
		if i := bytes.IndexByte(s.buf[searched:s.to], '\n'); i >= 0 {
			line := s.buf[s.from : searched+i]
			s.from = searched + i + 1
			s.next += int64(len(line)) + 1
			return line, nil
		}
		if s.err != nil {
			line := s.buf[s.from:s.to]
			s.from = s.to
			s.next += int64(len(line))
			return line, s.err
		}
		searched = s.to - s.from
		s.fill()
	}
}

// fill reads more of the file. What was read and not given moves to the front of the buffer.
func (s *lineScanner) fill() {
	room := s.buf
	if len(s.buf) == 0 {
		room = make([]byte, firstBuffer)
	} else if s.to-s.from > len(s.buf)/2 {
		room = make([]byte, 2*len(s.buf))
	}
	s.to = copy(room, s.buf[s.from:s.to])
	s.buf, s.from = room, 0
	n, err := io.ReadAtLeast(s.r, s.buf[s.to:], 1)
	s.to, s.err = s.to+n, err
}
