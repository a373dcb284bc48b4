//go:build unix

package regular

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestRead(t *testing.T) {
	dir := t.TempDir()
	file, pipe := filepath.Join(dir, "file"), filepath.Join(dir, "pipe")
	if err := errors.Join(os.WriteFile(file, []byte("text"), 0o600), syscall.Mkfifo(pipe, 0o600)); err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	gone, cancel := context.WithCancel(ctx)
	cancel()
	for _, c := range []struct {
		what  string
		ctx   context.Context
		file  string
		limit int64
		read  func(context.Context, string, int64) ([]byte, error)
		text  string
		err   error
	}{
		{"a file", ctx, file, 4, Read, "text", nil},
		{"a file over the limit", ctx, file, 3, Read, "", ErrTooLarge},
		{"a pipe", ctx, pipe, 4, Read, "", ErrKind},
		{"a directory", ctx, dir, 4, Read, "", ErrKind},
		{"a device", ctx, "/dev/zero", 4, Read, "", ErrKind},
		{"no file", ctx, filepath.Join(dir, "none"), 4, Read, "", fs.ErrNotExist},
		{"a context that is over", gone, file, 4, Read, "", context.Canceled},
		{"a file that was named", ctx, file, 4, ReadNamed, "text", nil},
		{"a pipe that nobody writes to", ctx, pipe, 4, ReadNamed, "", nil},
		{"a directory that was named", ctx, dir, 4, ReadNamed, "", ErrKind},
		{"a device without an end", ctx, "/dev/zero", 1 << 20, ReadNamed, "", ErrTooLarge},
	} {
		data, err := c.read(c.ctx, c.file, c.limit)
		if string(data) != c.text || !errors.Is(err, c.err) || c.err != nil && c.err != context.Canceled && !strings.Contains(err.Error(), c.file) {
			t.Errorf("%s: %q, %v", c.what, data, err)
		}
	}
}

// TestReadNamedEnds reads from a pipe whose writer writes nothing more.
func TestReadNamedEnds(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	writer, err := os.OpenFile(pipe, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer writer.Close()
	if _, err := writer.WriteString("text"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if data, err := ReadNamed(ctx, pipe, 100); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%q, %v", data, err)
	}
}
