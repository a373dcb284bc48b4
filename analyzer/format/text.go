package format

import (
	"bytes"
	"fmt"
	"sort"
)

// text is what is printed next, and where its parts stand in the source.
type text struct {
	bytes.Buffer
	origins []origin
	pieces  []piece
}

// piece is a part of a text, up to an offset, that is printed by itself.
type piece struct {
	end     int
	laidOut bool // it is printed as it stands
}

// origin says that what stands at an offset of the text, up to the next origin, was copied from an offset of the source, or
// from nowhere (-1).
type origin struct{ at, from int32 }

func (t *text) copied(source []byte, from, to uint32) {
	if from < to {
		t.origins = append(t.origins, origin{int32(t.Len()), int32(from)})
		t.Write(source[from:to])
	}
}

// made writes what does not stand in the source; from is where that is which it stands for, or -1.
func (t *text) made(from int32, format string, args ...any) {
	t.origins = append(t.origins, origin{int32(t.Len()), from})
	fmt.Fprintf(t, format, args...)
}

// from is the offset in the source of an offset in the text, or -1.
func (t *text) from(at int32) int32 {
	i := sort.Search(len(t.origins), func(i int) bool { return t.origins[i].at > at }) - 1
	if i < 0 || t.origins[i].from < 0 {
		return -1
	}
	return t.origins[i].from + at - t.origins[i].at
}

// pieceSize is how large a piece becomes, in bytes: what a printer makes of a text takes many times its size.
const pieceSize = 512 << 10

// cut ends a piece.
func (t *text) cut(laidOut bool) {
	if start := t.start(); t.Len() > start {
		t.pieces = append(t.pieces, piece{t.Len(), laidOut})
	}
}

// start is where the piece under way begins.
func (t *text) start() int {
	if n := len(t.pieces); n > 0 {
		return t.pieces[n-1].end
	}
	return 0
}
