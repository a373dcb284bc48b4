// Package hidden knows the characters that people don't see and models read: controls, marks that turn the direction of
// what follows, and characters without a width. What is shown to people has them spelled out.
package hidden

import (
	"bytes"
	"fmt"
	"io"
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// In goes through the hidden characters of a text, with their places in bytes. A tab and the end of a line are none, nor is
// a character that joins or varies the picture before it, as in emoji: it is seen by what it does.
func In(text string) iter.Seq2[int, rune] {
	return func(yield func(int, rune) bool) {
		before := ' '
		for at, r := range text {
			joins := (r == '\u200d' || r >= '\ufe00' && r <= '\ufe0f') && before > 0x7f && !is(before)
			ends := r == '\r' && strings.HasPrefix(text[at+1:], "\n")
			if !joins && !ends && is(r) && !yield(at, r) {
				return
			}
			before = r
		}
	}
}

func is(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case unicode.IsControl(r), unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Variation_Selector):
		return true
	}
	return r == 0x115f || r == 0x1160 || r == 0x3164 || r == 0xffa0 || r == 0x034f || r == 0x17b4 || r == 0x17b5 // letters that are drawn as nothing
}

// Spelled is a text with its hidden characters spelled out, as in <U+202E>. What is no UTF-8 becomes U+FFFD: a terminal
// may take it for controls.
func Spelled(text string) string {
	text = strings.ToValidUTF8(text, "\ufffd")
	var b strings.Builder
	done := 0
	for at, r := range In(text) {
		fmt.Fprintf(&b, "%s<U+%04X>", text[done:at], r)
		done = at + utf8.RuneLen(r)
	}
	if done == 0 {
		return text
	}
	return b.String() + text[done:]
}

// Writer passes text on with its hidden characters spelled out, but for the sequences that it was told to let pass. What
// may go on in the next text, such as the first bytes of a character, is held back until then, or until Flush. It is for
// one goroutine.
type Writer struct {
	w    io.Writer
	pass [][]byte
	held []byte
}

// NewWriter makes a Writer. Each sequence that passes begins with an escape character.
func NewWriter(w io.Writer, pass ...string) *Writer {
	out := &Writer{w: w}
	for _, s := range pass {
		out.pass = append(out.pass, []byte(s))
	}
	return out
}

const escape = 0x1b

// Write passes text on. It says that all of it was taken where the rest is only held back.
func (w *Writer) Write(p []byte) (int, error) {
	text := append(w.held, p...)
	keep := w.unfinished(text)
	w.held = bytes.Clone(text[len(text)-keep:])
	if err := w.write(text[:len(text)-keep]); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Flush passes on what was held back.
func (w *Writer) Flush() error {
	text := w.held
	w.held = nil
	return w.write(text)
}

func (w *Writer) write(text []byte) error {
	var out strings.Builder
	for len(text) > 0 {
		end := bytes.IndexByte(text, escape)
		if end < 0 {
			end = len(text)
		}
		out.WriteString(Spelled(string(text[:end])))
		if text = text[end:]; len(text) > 0 {
			own := w.passes(text)
			if own == 0 {
				out.WriteString(Spelled(string(text[:1])))
				own = 1
			} else {
				out.Write(text[:own])
			}
			text = text[own:]
		}
	}
	_, err := io.WriteString(w.w, out.String())
	return err
}

// passes is how long the sequence is that a text begins with and that passes; 0 for none.
func (w *Writer) passes(text []byte) int {
	for _, s := range w.pass {
		if bytes.HasPrefix(text, s) {
			return len(s)
		}
	}
	return 0
}

// unfinished is how many bytes at the end of a text may be the beginning of something.
func (w *Writer) unfinished(text []byte) int {
	if at := bytes.LastIndexByte(text, escape); at >= 0 {
		for _, s := range w.pass {
			if rest := text[at:]; len(rest) < len(s) && bytes.HasPrefix(s, rest) {
				return len(rest)
			}
		}
	}
	if bytes.HasSuffix(text, []byte("\r")) {
		return 1
	}
	for n := 1; n < utf8.UTFMax && n <= len(text); n++ {
		if tail := text[len(text)-n:]; utf8.RuneStart(tail[0]) {
			if !utf8.FullRune(tail) {
				return n
			}
			break
		}
	}
	return 0
}
