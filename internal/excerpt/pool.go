package excerpt

import (
	"bytes"
	"encoding/json"
	"io"
)

// pool is a list of the Document that others refer to by place.
type pool struct {
	file io.ReaderAt
	key  string // under which they do
	at   []span
	used map[int][]byte
}

// add takes a record of the list. One that reads as the one before it stands where that does.
func (p *pool) add(text []byte, at span) {
	if n := len(p.at); n > 0 && bytes.HasPrefix(text, []byte(`{"again"`)) {
		at = p.at[n-1]
	}
	p.at = append(p.at, at)
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
		if !ok || place >= len(p.at) || p.used[place] != nil {
			continue
		}
		record := make([]byte, p.at[place].end-p.at[place].start)
		if n, err := p.file.ReadAt(record, p.at[place].start); n < len(record) {
			return nil, err
		}
		if p.used == nil {
			p.used = map[int][]byte{}
		}
		p.used[place] = record
		found = append(found, record)
	}
}

// read reads what of a list is used; the others are empty.
func read[T any](p *pool, list *[]T) error {
	*list = make([]T, len(p.at))
	for i, record := range p.used {
		if err := json.Unmarshal(record, &(*list)[i]); err != nil {
			return err
		}
	}
	return nil
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
