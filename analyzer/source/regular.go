package source

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// openRegular opens a regular file to read it, and answers its size. Opening waits for nobody: a pipe that nobody writes
// to, a device or a socket where a file is looked for is refused.
func openRegular(file string) (*os.File, int64, error) {
	f, err := os.OpenFile(file, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, 0, fail(file, ErrUnreadable, err)
	}
	info, err := f.Stat()
	switch {
	case err != nil:
		f.Close()
		return nil, 0, fail(file, ErrUnreadable, err)
	case !info.Mode().IsRegular():
		f.Close()
		return nil, 0, fail(file, ErrUnreadable, "it is no regular file but "+kindOfFile(info.Mode()))
	}
	return f, info.Size(), nil
}

// kindOfFile says what a file is that is no regular one.
func kindOfFile(mode os.FileMode) string {
	switch {
	case mode.IsDir():
		return "a directory"
	case mode&os.ModeNamedPipe != 0:
		return "a pipe"
	case mode&os.ModeSocket != 0:
		return "a socket"
	}
	return "a device"
}

// readBounded reads a regular file that is not larger than limit, in bytes.
func readBounded(file string, limit int64) ([]byte, error) {
	f, size, err := openRegular(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if size > limit {
		return nil, fail(file, ErrTooBig, sizes(size, limit))
	}
	src := make([]byte, size)
	if n, err := io.ReadFull(f, src); err != nil {
		return nil, &Error{Path: file, Offset: int64(n), Cause: ErrTruncated, Err: err}
	}
	return src, nil
}

// leadsOut says whether a file of the input is a link to one outside of its directory. What lies among the packages of a
// project, to which tools link from its parts, is none.
func (l *loader) leadsOut(name string) bool {
	if name == l.named {
		return false
	}
	file := l.file(name)
	real, err := filepath.EvalSymlinks(file)
	if err != nil {
		return false // reading it says why
	}
	root, err := filepath.EvalSymlinks(l.root)
	if err != nil {
		return false
	}
	if rel, err := filepath.Rel(root, real); err != nil || filepath.IsLocal(rel) || real == filepath.Join(root, filepath.FromSlash(name)) {
		return false
	}
	return !strings.Contains(filepath.ToSlash(real), "/node_modules/")
}
