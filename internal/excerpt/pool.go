package excerpt

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"slices"
)

// pool is a list of the Document that others refer to by place.
type pool struct {
	file   io.ReaderAt
	key    string // under which they do
	at     spans
	used   map[int][]byte
	places map[int]int // among those that are used
}

// spans is a list that is never copied as it grows. A Document has tens of thousands, so that they are kept small: the
// files that are read are shorter than 4 GiB.
type spans struct {
	blocks [][]shortSpan
	count  int
}

type shortSpan struct{ start, length uint32 }

const spansInBlock = 1 << 11

func (s *spans) add(x shortSpan) {
	if s.count%spansInBlock == 0 {
		s.blocks = append(s.blocks, make([]shortSpan, spansInBlock))
	}
	s.blocks[s.count/spansInBlock][s.count%spansInBlock] = x
	s.count++
}

func (s *spans) at(i int) shortSpan { return s.blocks[i/spansInBlock][i%spansInBlock] }

// add takes a record of the list. One that reads as the one before it stands where that does.
func (p *pool) add(text []byte, at span) {
	if n := p.at.count; n > 0 && bytes.HasPrefix(text, []byte(`{"again"`)) {
		p.at.add(p.at.at(n - 1))
		return
	}
	p.at.add(shortSpan{uint32(at.start), uint32(at.end - at.start)})
}

// read reads the record at a place of the file.
func (s shortSpan) read(file io.ReaderAt) ([]byte, error) {
	record := make([]byte, s.length)
	if n, err := file.ReadAt(record, int64(s.start)); n < len(record) {
		return nil, err
	}
	return record, nil
}

// mark marks what a text of the Document refers to, and adds what is new to a list.
func (p *pool) mark(found [][]byte, text []byte) ([][]byte, error) {
	for {
		i := indexOf(text, p.key)
		if i < 0 {
			return found, nil
		}
		text = text[i+len(p.key):]
		place, ok := number(text)
		if !ok || place >= p.at.count || p.used[place] != nil {
			continue
		}
		record, err := p.at.at(place).read(p.file)
		if err != nil {
			return nil, err
		}
		if p.used == nil {
			p.used = map[int][]byte{}
		}
		p.used[place] = record
		found = append(found, record)
	}
}

// used reads what of a list is used, one behind the other.
func used[T any](p *pool, list *[]T) error {
	places := slices.Sorted(maps.Keys(p.used))
	*list, p.places = make([]T, len(places)), make(map[int]int, len(places))
	for to, place := range places {
		p.places[place] = to
		if err := json.Unmarshal(p.used[place], &(*list)[to]); err != nil {
			return err
		}
	}
	return nil
}

// place is where a record stands that was read by used; behind all of them for one that is not in the Document.
func (p *pool) place(inWhole int) int {
	if to, ok := p.places[inWhole]; ok {
		return to
	}
	return len(p.places)
}

// indexOf is where a key stands that is none within a string.
func indexOf(s []byte, key string) int {
	for from := 0; ; {
		i := bytes.Index(s[from:], []byte(key))
		if i < 0 {
			return -1
		}
		if i += from; i == 0 || s[i-1] != '\\' {
			return i
		}
		from = i + len(key)
	}
}

// number reads the number behind a colon.
func number(s []byte) (n int, ok bool) {
	i := 0
	for i < len(s) && (s[i] == ' ' || s[i] == ':') {
		i++
	}
	for ; i < len(s) && s[i] >= '0' && s[i] <= '9' && n < 1<<30; i++ {
		n, ok = 10*n+int(s[i]-'0'), true
	}
	return n, ok
}
