package source

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// openTarball opens an npm tarball by unpacking it into a temporary directory.
func openTarball(ctx context.Context, file string, opts Options) (*Input, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, fail(file, ErrUnreadable, err)
	}
	tmp, err := os.MkdirTemp("", "bundlens-")
	if err != nil {
		return nil, err
	}
	in, err := openUnpacked(ctx, file, tmp, opts)
	if err != nil {
		os.RemoveAll(tmp)
		return nil, err
	}
	in.Size, in.digest = info.Size(), sumFile(file)
	in.closers = append([]func() error{func() error { return os.RemoveAll(tmp) }}, in.closers...)
	return in, nil
}

func openUnpacked(ctx context.Context, file, tmp string, opts Options) (*Input, error) {
	if err := unpack(ctx, file, tmp, opts); err != nil {
		return nil, err
	}
	p, err := openPackage(ctx, tmp, tmp, nil, opts)
	if err != nil {
		return nil, renamed(err, tmp, file)
	}
	return p.named(KindTarball, file, p.manifest)
}

// renamed makes an error about a temporary directory one about the archive that the user named.
func renamed(err error, tmp, file string) error {
	var e *Error
	if errors.As(err, &e) && strings.HasPrefix(e.Path, tmp) {
		named := *e
		named.Path = file + strings.TrimPrefix(e.Path, tmp)
		return &named
	}
	return err
}

// unpack writes the regular files of a tarball, gzipped or not, below dir, without the first directory of their names, as npm
// does. Links and devices, which no npm tarball holds, are left out; an unsafe name is an error.
func unpack(ctx context.Context, file, dir string, opts Options) error {
	f, _, err := openRegular(file)
	if err != nil {
		return err
	}
	defer f.Close()
	counted := &countingReader{r: f}
	broken := func(err error) error {
		cause := ErrCorrupt
		if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
			cause = ErrTruncated
		}
		return &Error{Path: file, Offset: counted.n, Cause: cause, Err: err}
	}
	packed := bufio.NewReaderSize(counted, 64<<10)
	content := io.Reader(packed)
	if head, _ := packed.Peek(len(gzipMagic)); string(head) == gzipMagic {
		if content, err = gzip.NewReader(packed); err != nil {
			return broken(err)
		}
	}
	u := unpacker{file: file, dir: dir, left: opts.Limits.Unpacked, limits: opts.Limits, broken: broken}
	size, _ := f.Stat()
	for archive := tar.NewReader(content); ; {
		if err := ctx.Err(); err != nil {
			return err
		}
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return broken(err)
		}
		if err := u.entry(header, archive); err != nil {
			return noSpace(file, err)
		}
		opts.Progress(Step{Name: "unpacking " + filepath.Base(file), Done: counted.n, Total: size.Size()})
	}
	// What follows the last entry still has to be whole, checksum and all.
	if _, err := io.Copy(io.Discard, content); err != nil {
		return broken(err)
	}
	if u.files == 0 {
		return fail(file, ErrNothing, "the archive is empty")
	}
	return nil
}

// unpacker writes the entries of one archive.
type unpacker struct {
	file, dir string
	limits    Limits
	left      int64 // bytes that may still be written
	files     int
	broken    func(error) error
}

func (u *unpacker) entry(header *tar.Header, content io.Reader) error {
	name := strings.ReplaceAll(header.Name, `\`, "/")
	if !filepath.IsLocal(filepath.FromSlash(name)) || strings.Contains(name, "\x00") {
		return fail(u.file, ErrUnsafe, header.Name)
	}
	if header.Typeflag != tar.TypeReg {
		return nil
	}
	_, rest, found := strings.Cut(strings.TrimPrefix(name, "./"), "/")
	if !found {
		return nil // npm drops what lies beside the package's directory
	}
	if !filepath.IsLocal(filepath.FromSlash(rest)) {
		return fail(u.file, ErrUnsafe, header.Name)
	}
	u.files++
	if header.Size > u.left || u.files > u.limits.Modules {
		return fail(u.file, ErrTooBig, "unpacked it has more files or bytes than the limit allows")
	}
	u.left -= header.Size
	at := filepath.Join(u.dir, filepath.FromSlash(rest))
	if err := os.MkdirAll(filepath.Dir(at), 0o777); err != nil {
		return err
	}
	out, err := os.Create(at)
	if err != nil {
		return err
	}
	n, err := io.Copy(out, content)
	if closed := out.Close(); err == nil && closed != nil {
		return closed
	}
	if err != nil {
		return u.broken(err)
	}
	if n != header.Size {
		return u.broken(io.ErrUnexpectedEOF)
	}
	return nil
}

// countingReader counts what was read through it.
type countingReader struct {
	r io.Reader
	n int64
}

// Read reads and counts.
func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
