package bunextract

import (
	"encoding/binary"
	"fmt"
	"math"
)

// Bun's InternalSourceMap, from 1.3.13 on:
//
//	header: u64 size of all, u64 number of mappings, u64 number of lines, u32 number of windows, u32 offset of the stream
//	index:  a row for each window: its first mapping, and where in the stream the others of it stand
//	stream: windows of up to 64 mappings
//
// A window holds the differences between one mapping and the next, with a lane of signed LEB128 numbers for each of
// generated column, source line and source column. Three masks, with a bit for each difference, save most of the numbers:
// whether the generated line goes up by one; whether the source's line does what the generated one does; whether its
// column does.
const (
	internalHeader = 32
	internalRow    = 24
	internalWindow = 32 // count, flags, three sizes of lanes, three masks
	internalMost   = 64 // mappings of a window

	internalFarLines = 4 // flag: exceptions to the first mask follow
	internalSources  = 8 // flag: the window has mappings of several sources
	internalFarEnd   = 0xff
)

// isInternal reports whether mappings have the binary form, which begins with its own size. Text can't: its bytes stand
// for numbers with many more digits.
func isInternal(mappings []byte) bool {
	return len(mappings) >= internalHeader && binary.LittleEndian.Uint64(mappings) == uint64(len(mappings))
}

// decodeInternal decodes mappings in the binary form.
func decodeInternal(data []byte) ([]Mapping, error) {
	le := binary.LittleEndian
	count, windows, stream := le.Uint64(data[8:]), int64(le.Uint32(data[24:])), int64(le.Uint32(data[28:]))
	if internalHeader+windows*internalRow > int64(len(data)) || stream > int64(len(data)) {
		return nil, invalid(fmt.Sprintf("%d windows and a stream at %d, in %d bytes of mappings", windows, stream, len(data)))
	}
	if count > uint64(windows)*internalMost || count > uint64(len(data)) { // each takes a byte at least
		return nil, invalid(fmt.Sprintf("%d mappings in %d windows of %d bytes", count, windows, len(data)))
	}
	mappings := make([]Mapping, 0, count)
	for i := range windows {
		row := data[internalHeader+i*internalRow:][:internalRow]
		at := stream + int64(le.Uint32(row[8:]))
		if at > int64(len(data)) {
			return nil, invalid(fmt.Sprintf("window %d of the mappings at %d of %d bytes", i, at, len(data)))
		}
		first := Mapping{
			Line:         int32(le.Uint32(row)),
			Column:       int32(le.Uint32(row[4:])),
			SourceLine:   int32(le.Uint32(row[12:])),
			SourceColumn: int32(le.Uint32(row[16:])),
			Source:       int32(le.Uint32(row[20:])),
			Name:         -1,
		}
		var ok bool
		if mappings, ok = appendWindow(mappings, first, data[at:]); !ok || uint64(len(mappings)) > count {
			return nil, invalid(fmt.Sprintf("window %d of the mappings, at %d of %d bytes", i, at, len(data)))
		}
	}
	if uint64(len(mappings)) != count {
		return nil, invalid(fmt.Sprintf("%d mappings, where %d should be", len(mappings), count))
	}
	return mappings, nil
}

// appendWindow appends the mappings of a window that begins with first. It reports whether the window was whole.
func appendWindow(mappings []Mapping, first Mapping, window []byte) ([]Mapping, bool) {
	le := binary.LittleEndian
	if len(window) < internalWindow {
		return mappings, false
	}
	count, flags := int(window[0]), window[1]
	if count == 0 || count > internalMost {
		return mappings, false
	}
	sizes := [3]int{int(le.Uint16(window[2:])), int(le.Uint16(window[4:])), int(le.Uint16(window[6:]))}
	nextLine, sameLine, sameColumn := le.Uint64(window[8:]), le.Uint64(window[16:]), le.Uint64(window[24:])
	rest := window[internalWindow:]
	if sizes[0]+sizes[1]+sizes[2] > len(rest) {
		return mappings, false
	}
	var lanes [3]lane
	for i, size := range sizes {
		lanes[i].data = rest[:size]
		rest = rest[size:]
	}
	columns, sourceLines, sourceColumns := &lanes[0], &lanes[1], &lanes[2]
	tail := lane{data: rest}

	var far [internalMost]int64 // generated lines gone up otherwise than by the mask
	if flags&internalFarLines != 0 {
		for {
			i := tail.byte()
			if i == internalFarEnd || tail.failed {
				break
			}
			if i >= internalMost {
				return mappings, false
			}
			far[i] = tail.number()
		}
	}
	sameSource := uint64(math.MaxUint64)
	if flags&internalSources != 0 {
		sameSource = tail.mask()
	}
	mappings = append(mappings, first.normal())
	now := first
	for i := range count - 1 {
		line := int64(nextLine >> i & 1)
		if far[i] != 0 {
			line = far[i]
		}
		column := columns.number()
		sourceLine, sourceColumn, source := line, column, int64(0)
		if sameLine>>i&1 == 0 {
			sourceLine = sourceLines.number()
		}
		if sameColumn>>i&1 == 0 {
			sourceColumn = sourceColumns.number()
		}
		if sameSource>>i&1 == 0 {
			source = tail.number()
		}
		if line != 0 {
			now.Column = 0
		}
		if !add(&now.Line, line) || !add(&now.Column, column) || !add(&now.SourceLine, sourceLine) ||
			!add(&now.SourceColumn, sourceColumn) || !add(&now.Source, source) {
			return mappings, false
		}
		mappings = append(mappings, now.normal())
	}
	return mappings, !columns.failed && !sourceLines.failed && !sourceColumns.failed && !tail.failed
}

// normal returns the mapping, without a place in a source if it belongs to none.
func (m Mapping) normal() Mapping {
	if m.Source == -1 {
		m.SourceLine, m.SourceColumn = 0, 0
	}
	return m
}

// add adds to a number, and reports whether the sum fits.
func add(to *int32, n int64) bool {
	if n < math.MinInt32 || n > math.MaxInt32 {
		return false
	}
	sum := int64(*to) + n
	*to = int32(sum)
	return sum >= math.MinInt32 && sum <= math.MaxInt32
}

// lane reads numbers from bytes. Once those have run out it yields zeros, and has failed.
type lane struct {
	data   []byte
	failed bool
}

// byte reads one byte.
func (l *lane) byte() byte {
	if len(l.data) == 0 {
		l.failed = true
		return 0
	}
	b := l.data[0]
	l.data = l.data[1:]
	return b
}

// number reads a zig-zag LEB128 number: the lowest bit is the sign.
func (l *lane) number() int64 {
	n, size := binary.Uvarint(l.data)
	if size <= 0 {
		l.failed = true
		l.data = nil
		return 0
	}
	l.data = l.data[size:]
	return int64(n>>1) ^ -int64(n&1)
}

// mask reads 64 bits.
func (l *lane) mask() uint64 {
	if len(l.data) < 8 {
		l.failed = true
		l.data = nil
		return 0
	}
	m := binary.LittleEndian.Uint64(l.data)
	l.data = l.data[8:]
	return m
}
