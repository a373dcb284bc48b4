// Package regular opens and reads files whose kind is not known. A pipe that nobody writes to, a device
// without an end or a file of any size may stand where one is looked for: opening waits for nobody, and reading has a
// limit and ends with its context.
package regular

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
)

var (
	// ErrKind is a directory, a pipe, a socket or a device where a regular file has to be.
	ErrKind = errors.New("is no regular file")
	// ErrTooLarge is a file that is larger than the limit.
	ErrTooLarge = errors.New("is too large")
)

// Open opens a regular file to read it, and answers its size in bytes. The caller closes it. Errors name the file: they
// are an [fs.PathError], or wrap [ErrKind].
func Open(file string) (*os.File, int64, error) {
	f, info, err := open(file)
	if err != nil {
		return nil, 0, err
	}
	if !info.Mode().IsRegular() {
		f.Close()
		return nil, 0, fmt.Errorf("%s: %w but %s", file, ErrKind, kind(info.Mode()))
	}
	return f, info.Size(), nil
}

// Read reads a regular file that has at most limit bytes. Errors are those of Open and of ctx, or wrap [ErrTooLarge].
func Read(ctx context.Context, file string, limit int64) ([]byte, error) {
	f, size, err := Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return read(ctx, f, file, size, limit)
}

// ReadNamed reads what somebody named on purpose, which may be a pipe or a device, too: <(command) in a shell is one. Of
// a pipe that nobody writes to it reads nothing. It is Read in all else.
func ReadNamed(ctx context.Context, file string, limit int64) ([]byte, error) {
	f, info, err := open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info.IsDir() {
		return nil, fmt.Errorf("%s: %w but %s", file, ErrKind, kind(info.Mode()))
	}
	// A pipe that waits for its writer ends with the context.
	defer context.AfterFunc(ctx, func() { f.Close() })()
	return read(ctx, f, file, info.Size(), limit)
}

func open(file string) (*os.File, fs.FileInfo, error) {
	f, err := os.OpenFile(file, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, nil, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	return f, info, nil
}

// step is how much is read between two looks at the context.
const step = 16 << 20

func read(ctx context.Context, f *os.File, file string, size, limit int64) ([]byte, error) {
	tooLarge := func() error { return fmt.Errorf("%s: %w: more than %d bytes", file, ErrTooLarge, limit) }
	if size > limit {
		return nil, tooLarge()
	}
	data := make([]byte, 0, size+1) // one more, to see that it ends there
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if len(data) == cap(data) {
			data = append(data, 0)[:len(data)]
		}
		n, err := f.Read(data[len(data):min(cap(data), len(data)+step)])
		data = data[:len(data)+n]
		switch {
		case int64(len(data)) > limit:
			return nil, tooLarge()
		case errors.Is(err, io.EOF):
			return data, nil
		case err != nil && ctx.Err() != nil:
			return nil, ctx.Err()
		case err != nil:
			return nil, err
		}
	}
}

// kind says what a file is that is no regular one.
func kind(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "a directory"
	case mode&fs.ModeNamedPipe != 0:
		return "a pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	}
	return "a device"
}
