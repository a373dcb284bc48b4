package trace

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// maxRestarts bounds how often reading one file is taken up again behind a damaged place. Each time the rest may be
// scanned anew, so a file of nothing but damage would otherwise take the square of its size.
const maxRestarts = 100

// splitter cuts a stream into the JSON objects that stand in it one after the other: one a line, concatenated without
// anything between them, indented, or as the items of one array. It holds no more than one object, and of one that is
// over the bound nothing but its length.
type splitter struct {
	r     io.Reader
	max   int64
	found func(Finding)

	buf      []byte // what was read and not yet given out
	base     int64  // where buf starts in the stream
	eof      bool
	readErr  error
	restarts int
}

// errTooDamaged ends the reading of a file.
var errTooDamaged = errors.New("too much of it is damaged")

// next answers the next object and where it starts; io.EOF after the last one. What is damaged is reported and left
// out.
func (s *splitter) next() ([]byte, int64, error) {
	for {
		if err := s.seekObject(); err != nil {
			return nil, 0, err
		}
		value, at, err := s.object()
		if err != nil {
			return nil, 0, err
		}
		if value != nil {
			return value, at, nil
		}
	}
}

// seekObject moves to the next opening brace. Only white space and what holds a list together may stand before it.
func (s *splitter) seekObject() error {
	reported := false
	for {
		for i, c := range s.buf {
			if c == '{' {
				s.drop(i)
				return nil
			}
			if !reported && !bytes.ContainsRune([]byte(" \t\r\n,[]\x1e\ufeff"), rune(c)) && c < 0x80 {
				reported = true
				s.report(SeverityWarning, "not-json", "here stands something that is not JSON", s.base+int64(i))
			}
		}
		s.drop(len(s.buf))
		if err := s.fill(); err != nil {
			return err
		}
	}
}

// object cuts off the object that the buffer starts with. It answers nil where that was damaged or over the bound,
// and has reported it.
func (s *splitter) object() ([]byte, int64, error) {
	at := s.base
	var m machine
	for pos, dropped := 0, int64(0); ; {
		n, end := m.scan(s.buf[pos:])
		pos += n
		switch {
		case end == ended && (dropped > 0 || int64(pos) > s.max):
			s.drop(pos)
			s.report(SeverityError, "record-too-big", sizeText(s.base-at)+" is over the bound of "+sizeText(s.max), at)
			return nil, 0, nil
		case end == ended:
			return s.take(pos, at)
		case end == brokenString:
			s.report(SeverityError, "truncated-json", "the record ends in the middle of a string", at)
			s.drop(pos)
			return nil, 0, s.restarted()
		}
		if int64(pos) > s.max || dropped > 0 {
			dropped += int64(pos)
			s.drop(pos)
			pos = 0
		}
		if err := s.fill(); err != nil {
			return nil, 0, s.unfinished(err, at, dropped > 0)
		}
	}
}

// take gives out the first n bytes, an object by its brackets.
func (s *splitter) take(n int, at int64) ([]byte, int64, error) {
	if value := s.buf[:n]; json.Valid(value) {
		value = bytes.Clone(value)
		s.drop(n)
		return value, at, nil
	}
	return nil, 0, s.damaged(n, at, "truncated-json", "the record is not well-formed JSON")
}

// unfinished is called where the stream ends inside an object.
func (s *splitter) unfinished(err error, at int64, big bool) error {
	if !errors.Is(err, io.EOF) {
		return err
	}
	if big {
		s.report(SeverityError, "truncated-json", "the file ends in the middle of a record over the bound of "+sizeText(s.max), at)
		s.drop(len(s.buf))
		return nil
	}
	return s.damaged(len(s.buf), at, "truncated-json", "the file ends in the middle of a record")
}

// damaged reports an object and goes on at the next line that starts with one: a program that is ended while it writes
// leaves half a record, and the next run appends whole ones to it.
func (s *splitter) damaged(n int, at int64, code, why string) error {
	s.report(SeverityError, code, why, at)
	if i := bytes.Index(s.buf[1:n], []byte("\n{")); i >= 0 {
		s.drop(i + 2)
	} else {
		s.drop(n)
	}
	return s.restarted()
}

func (s *splitter) restarted() error {
	if s.restarts++; s.restarts > maxRestarts {
		return errTooDamaged
	}
	return nil
}

// fill reads more; io.EOF at the end.
func (s *splitter) fill() error {
	if s.eof {
		return io.EOF
	}
	if s.readErr != nil {
		return s.readErr
	}
	const step = 256 << 10
	if cap(s.buf)-len(s.buf) < step {
		grown := make([]byte, len(s.buf), max(2*len(s.buf), 2*step))
		copy(grown, s.buf)
		s.buf = grown
	}
	n, err := s.r.Read(s.buf[len(s.buf) : len(s.buf)+step])
	s.buf = s.buf[:len(s.buf)+n]
	if errors.Is(err, io.EOF) {
		s.eof = true
		if n == 0 {
			return io.EOF
		}
		return nil
	}
	if s.readErr = err; n == 0 {
		return err
	}
	return nil
}

func (s *splitter) drop(n int) {
	s.buf = s.buf[n:]
	s.base += int64(n)
}

func (s *splitter) report(severity, code, message string, at int64) {
	s.found(Finding{Severity: severity, Code: code, Message: message, Offset: at})
}

// machine follows the brackets and strings of JSON.
type machine struct {
	depth     int
	inString  bool
	afterBack bool
}

// What a scan ended with.
const (
	wantsMore = iota
	ended
	brokenString // a line break inside a string, which JSON does not have
)

// scan reads on and answers how many bytes it took.
func (m *machine) scan(b []byte) (n, how int) {
	for i := 0; i < len(b); i++ {
		if m.inString {
			if m.afterBack {
				m.afterBack = false
				continue
			}
			skip := stringEnd(b[i:])
			if skip < 0 {
				return len(b), wantsMore
			}
			i += skip
			switch b[i] {
			case '\\':
				m.afterBack = true
			case '"':
				m.inString = false
			default:
				return i, brokenString
			}
			continue
		}
		switch b[i] {
		case '"':
			m.inString = true
		case '{', '[':
			m.depth++
		case '}', ']':
			if m.depth--; m.depth == 0 {
				return i + 1, ended
			}
		}
	}
	return len(b), wantsMore
}

// stringEnd is the first byte that means something inside a string.
func stringEnd(b []byte) int {
	for i, c := range b {
		if c == '"' || c == '\\' || c == '\n' {
			return i
		}
	}
	return -1
}
