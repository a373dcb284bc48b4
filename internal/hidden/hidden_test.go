package hidden

import (
	"bytes"
	"io"
	"testing"
	"testing/iotest"
)

func TestSpelled(t *testing.T) {
	for _, c := range [][2]string{
		{"plain\n\ttext\r\n 👩\u200d💻 ✔\ufe0f é", "plain\n\ttext\r\n 👩\u200d💻 ✔\ufe0f é"},
		{"a\u202eb", "a<U+202E>b"},
		{"over\rwritten\r", "over<U+000D>written<U+000D>"},
		{"\x1b[2J\x07", "<U+001B>[2J<U+0007>"},
		{"\U000e0061\u200b\u200d\u2028\u3164", "<U+E0061><U+200B><U+200D><U+2028><U+3164>"},
		{"\x9b2J\u009b2J", "\ufffd2J<U+009B>2J"},
		{"", ""},
	} {
		if got := Spelled(c[0]); got != c[1] {
			t.Errorf("%q: got %q, want %q", c[0], got, c[1])
		}
	}
}

// TestWriter asserts that it does not matter how a text is cut.
func TestWriter(t *testing.T) {
	const text = "\x1b[1mTOOLS\x1b[0m e\u0301 名\r\n\x1b[8mgone\x1b[0 \u202e \r\x1b[1m.\x1b[0m\x1b"
	const want = "\x1b[1mTOOLS\x1b[0m e\u0301 名\r\n<U+001B>[8mgone<U+001B>[0 <U+202E> <U+000D>\x1b[1m.\x1b[0m<U+001B>"
	for _, cut := range []func(io.Reader) io.Reader{func(r io.Reader) io.Reader { return r }, iotest.OneByteReader, iotest.HalfReader} {
		var b bytes.Buffer
		w := NewWriter(&b, "\x1b[1m", "\x1b[0m")
		if _, err := io.Copy(w, onlyReader{cut(bytes.NewReader([]byte(text)))}); err != nil {
			t.Fatal(err)
		}
		if err := w.Flush(); err != nil || b.String() != want {
			t.Errorf("%v: got %q, want %q", err, b.String(), want)
		}
	}
}

// onlyReader hides that what is read could write itself.
type onlyReader struct{ io.Reader }

func TestWriterFails(t *testing.T) {
	if n, err := NewWriter(failing{}).Write([]byte("x")); n != 0 || err != io.ErrClosedPipe {
		t.Errorf("got %d, %v", n, err)
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }
