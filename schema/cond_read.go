package schema

import (
	"encoding/json"
	"errors"
	"strconv"
)

// UnmarshalJSON reads a condition; one of version 1 is a text. Conditions are many and nested, so they are read in one
// pass, and not level by level as encoding/json does for types with a method like this.
func (c *Cond) UnmarshalJSON(data []byte) error {
	r := condReader{data: data}
	switch r.next() {
	case '"':
		return r.text(&c.Text)
	case 'n': // null
		return nil
	}
	return r.cond(c)
}

// condReader reads conditions from JSON that is known to be valid.
type condReader struct {
	data []byte
	at   int
}

var errNoCondition = errors.New("a condition is an object with text, q, not, all, any or f")

// next is the next character that is no space; 0 at the end.
func (r *condReader) next() byte {
	for ; r.at < len(r.data); r.at++ {
		if c := r.data[r.at]; c > ' ' {
			return c
		}
	}
	return 0
}

// skip goes behind a character.
func (r *condReader) skip(c byte) bool {
	if r.next() != c {
		return false
	}
	r.at++
	return true
}

func (r *condReader) cond(c *Cond) error {
	if !r.skip('{') {
		return errNoCondition
	}
	for first := true; !r.skip('}'); first = false {
		if !first && !r.skip(',') {
			return errNoCondition
		}
		var key string
		if err := r.text(&key); err != nil {
			return err
		}
		if !r.skip(':') {
			return errNoCondition
		}
		if err := r.member(c, key); err != nil {
			return err
		}
	}
	return nil
}

func (r *condReader) member(c *Cond, key string) (err error) {
	switch key {
	case "text":
		return r.text(&c.Text)
	case "q":
		c.Q, err = r.number()
	case "f":
		c.F, err = r.number()
	case "not":
		c.Not = new(Cond)
		return r.cond(c.Not)
	case "all":
		c.All, err = r.list()
	case "any":
		c.Any, err = r.list()
	default:
		return errNoCondition
	}
	return err
}

func (r *condReader) list() (list []Cond, err error) {
	if !r.skip('[') {
		return nil, errNoCondition
	}
	for !r.skip(']') {
		if len(list) > 0 && !r.skip(',') {
			return nil, errNoCondition
		}
		list = append(list, Cond{})
		if err := r.cond(&list[len(list)-1]); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// text reads a string.
func (r *condReader) text(s *string) error {
	if r.next() != '"' {
		return errNoCondition
	}
	start, plain := r.at, true
	for r.at++; r.at < len(r.data) && r.data[r.at] != '"'; r.at++ {
		if c := r.data[r.at]; c == '\\' {
			plain = false
			r.at++
		} else if c >= 0x80 {
			plain = false
		}
	}
	if r.at++; r.at > len(r.data) {
		return errNoCondition
	}
	if plain {
		*s = string(r.data[start+1 : r.at-1])
		return nil
	}
	return json.Unmarshal(r.data[start:r.at], s)
}

func (r *condReader) number() (*int, error) {
	r.next()
	start := r.at
	for r.at < len(r.data) && (r.data[r.at] == '-' || r.data[r.at] >= '0' && r.data[r.at] <= '9') {
		r.at++
	}
	n, err := strconv.Atoi(string(r.data[start:r.at]))
	return &n, err
}
