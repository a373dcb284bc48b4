package excerpt

import "bytes"

// pool is a list of the Document that others refer to by place.
type pool struct {
	raw  [][]byte
	used []bool
}

// fill takes the records of the list. One that reads as the one before it becomes that.
func (p *pool) fill(records [][]byte) {
	p.raw, p.used = records, make([]bool, len(records))
	for i, r := range records {
		if i > 0 && bytes.HasPrefix(r, []byte(`{"again"`)) {
			p.raw[i] = p.raw[i-1]
		}
	}
}

// mark marks what a text of the Document refers to under a key, and adds what is new to a list.
func (p *pool) mark(found [][]byte, raw, key []byte) [][]byte {
	for rest := raw; ; {
		i := indexOf(rest, key)
		if i < 0 {
			return found
		}
		rest = rest[i+len(key):]
		if place, ok := number(rest); ok && place < len(p.raw) && !p.used[place] {
			p.used[place] = true
			found = append(found, p.raw[place])
		}
	}
}

// json is the list with its places.
func (p *pool) json(empty []byte) []byte {
	var b bytes.Buffer
	b.WriteByte('[')
	for i, raw := range p.raw {
		if i > 0 {
			b.WriteByte(',')
		}
		if !p.used[i] {
			raw = empty
		}
		b.Write(raw)
	}
	b.WriteByte(']')
	return b.Bytes()
}

// indexOf is where a key stands that is none within a string.
func indexOf(s, key []byte) int {
	for from := 0; ; {
		i := bytes.Index(s[from:], key)
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
