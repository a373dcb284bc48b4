package bunextract

import (
	"errors"
	"fmt"
	"io"
)

// The kinds of failure, for errors.Is. ErrStripped is an ErrNoGraph too.
var (
	// ErrNotExecutable: no ELF, Mach-O or PE file, nor the bytes of a graph.
	ErrNotExecutable = errors.New("not an executable")
	// ErrNotBun: an executable that is not the Bun runtime.
	ErrNotBun = errors.New("not a bun executable")
	// ErrNoGraph: the Bun runtime, with no program in it.
	ErrNoGraph = errors.New("bun runtime without a module graph")
	// ErrStripped: the Bun runtime without its symbols; what removes those removes a graph at the file's end.
	ErrStripped = fmt.Errorf("%w: stripped", ErrNoGraph)
	// ErrTruncated: the file ends before the graph does. The error is a *TruncatedError.
	ErrTruncated = errors.New("truncated")
	// ErrCorrupt: a graph that can't be read. The error is a *FormatError.
	ErrCorrupt = errors.New("corrupt")
	// ErrSeveralGraphs: more than one graph, and nothing in the file says which one runs. The error is a
	// *SeveralGraphsError, and is a warning: see File.Warnings.
	ErrSeveralGraphs = errors.New("several graphs")
	// ErrTooLarge: more than MaxSource bytes asked for at once.
	ErrTooLarge = errors.New("too large")
)

// FormatError says what of a file is not as it should be, and where.
type FormatError struct {
	Kind   error  // one of the errors above
	Offset int64  // in bytes from the start of the file
	Cause  string // what was found there
}

// Error returns kind, offset and cause in one line.
func (e *FormatError) Error() string {
	return fmt.Sprintf("%v: at offset %d: %s", e.Kind, e.Offset, e.Cause)
}

// Unwrap returns the kind.
func (e *FormatError) Unwrap() error { return e.Kind }

// TruncatedError says how much of a file there is.
type TruncatedError struct {
	Have int64 // size of the file, in bytes
	Want int64 // the size it must have had at least; 0 when only its end could tell
	Part string
}

// Error returns the figures in one line.
func (e *TruncatedError) Error() string {
	if e.Want == 0 {
		return fmt.Sprintf("%v: the file ends at %d bytes, inside %s", ErrTruncated, e.Have, e.Part)
	}
	return fmt.Sprintf("%v: %d of %d bytes, the file ends before %s does", ErrTruncated, e.Have, e.Want, e.Part)
}

// Unwrap returns ErrTruncated.
func (e *TruncatedError) Unwrap() error { return ErrTruncated }

// SeveralGraphsError lists the graphs of a file that has several.
type SeveralGraphsError struct {
	Graphs []*Graph // the one that was chosen comes first
}

// Error counts the graphs and says which was chosen.
func (e *SeveralGraphsError) Error() string {
	return fmt.Sprintf("%v: %d, nothing says which one runs; took the one at offset %d",
		ErrSeveralGraphs, len(e.Graphs), e.Graphs[0].Offset)
}

// Unwrap returns ErrSeveralGraphs.
func (e *SeveralGraphsError) Unwrap() error { return ErrSeveralGraphs }

// corrupt returns a FormatError of that kind.
func corrupt(offset int64, format string, args ...any) error {
	return &FormatError{Kind: ErrCorrupt, Offset: offset, Cause: fmt.Sprintf(format, args...)}
}

// isFormat reports whether an error is about the file, and not about reading it.
func isFormat(err error) bool {
	if _, ok := errors.AsType[*FormatError](err); ok {
		return true
	}
	_, ok := errors.AsType[*TruncatedError](err)
	return ok
}

// readFull fills buf from offset. What was being read goes into the error; a file that ends early is truncated.
func readFull(r io.ReaderAt, buf []byte, offset int64, what string) error {
	n, err := r.ReadAt(buf, offset)
	if n == len(buf) {
		return nil
	}
	if err == io.EOF {
		return &TruncatedError{Have: offset + int64(n), Want: offset + int64(len(buf)), Part: what}
	}
	return fmt.Errorf("reading %s at offset %d: %w", what, offset, err)
}
