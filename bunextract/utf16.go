package bunextract

import (
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// utf16Reader reads UTF-16LE of an even length as UTF-8.
type utf16Reader struct {
	src  io.Reader
	raw  [8192]byte
	kept int            // bytes at the start of raw that are not decoded yet
	text [3 * 4096]byte // a unit becomes three bytes at most
	out  []byte         // what of text was not read yet
	err  error          // of src
}

// Read decodes as much as fits.
func (u *utf16Reader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for len(u.out) == 0 {
		if u.err != nil {
			return 0, u.err
		}
		u.fill()
	}
	n := copy(p, u.out)
	u.out = u.out[n:]
	return n, nil
}

// fill decodes the next part of the source. A high surrogate at its end waits for the unit that follows.
func (u *utf16Reader) fill() {
	n, err := io.ReadFull(u.src, u.raw[u.kept:])
	if err == io.ErrUnexpectedEOF {
		err = io.EOF
	}
	u.err = err
	raw := u.raw[:u.kept+n]
	u.out = u.text[:0]
	for len(raw) >= 2 {
		r := rune(raw[0]) | rune(raw[1])<<8
		width := 2
		if utf16.IsSurrogate(r) {
			if len(raw) < 4 && err == nil {
				break
			}
			second := rune(utf8.RuneError)
			if len(raw) >= 4 {
				second = rune(raw[2]) | rune(raw[3])<<8
			}
			if r = utf16.DecodeRune(r, second); r != utf8.RuneError {
				width = 4
			}
		}
		u.out = utf8.AppendRune(u.out, r)
		raw = raw[width:]
	}
	u.kept = copy(u.raw[:], raw)
}

// failing is a reader of nothing but an error.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
