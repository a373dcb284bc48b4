package source

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// openArchive opens an archive by unpacking it into a temporary directory: of npm's tarballs, of others that hold a
// program, or a single compressed one.
func openArchive(ctx context.Context, file string, what content, opts Options) (*Input, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, fail(file, ErrUnreadable, err)
	}
	tmp, err := os.MkdirTemp("", "bundlens-")
	if err != nil {
		return nil, noSpace(file, err)
	}
	in, err := openUnpacked(ctx, file, tmp, what, opts)
	if err != nil {
		os.RemoveAll(tmp)
		return nil, renamed(err, tmp, file)
	}
	for i, warning := range in.Warnings {
		in.Warnings[i] = renamed(warning, tmp, file)
	}
	in.Path, in.Size, in.digest = file, info.Size(), sumFile(file)
	in.closers = append([]func() error{func() error { return os.RemoveAll(tmp) }}, in.closers...)
	return in, nil
}

func openUnpacked(ctx context.Context, file, tmp string, what content, opts Options) (*Input, error) {
	kind, err := unpackInto(ctx, file, tmp, what, false, opts)
	if err != nil {
		return nil, err
	}
	root, member, err := programRoot(tmp)
	if err != nil {
		return nil, err
	}
	if member != "" {
		in, err := openMember(ctx, member, opts)
		if err != nil {
			return nil, err
		}
		in.Kind = kind
		return in, nil
	}
	p, err := openPackage(ctx, root, tmp, nil, opts)
	if err != nil {
		return nil, err
	}
	return p.named(kind, file, p.manifest)
}

// openMember opens the one file of an archive. An archive in an archive is none that anybody ships.
func openMember(ctx context.Context, member string, opts Options) (*Input, error) {
	what, err := sniffFile(member)
	if err != nil {
		return nil, err
	}
	return openProgram(ctx, member, what, opts)
}

// programRoot is the directory of the program in what was unpacked: the package of npm's tarballs, the one directory of
// others, or all of it. Where there is but one file, that is the member.
func programRoot(tmp string) (root, member string, err error) {
	if info, err := os.Stat(filepath.Join(tmp, "package", "package.json")); err == nil && info.Mode().IsRegular() {
		return filepath.Join(tmp, "package"), "", nil
	}
	for root = tmp; ; {
		entries, err := os.ReadDir(root)
		if err != nil {
			return "", "", fail(root, ErrUnreadable, err)
		}
		switch {
		case len(entries) != 1:
			return root, "", nil
		case !entries[0].IsDir():
			return root, filepath.Join(root, entries[0].Name()), nil
		}
		root = filepath.Join(root, entries[0].Name())
	}
}

// renamed makes an error about a file in a temporary directory one about that member of the archive, or of the package,
// that the user named.
func renamed(err error, tmp, file string) error {
	var e *Error
	if !errors.As(err, &e) {
		return err
	}
	rest, below := strings.CutPrefix(e.Path, tmp)
	if !below {
		return err
	}
	named := *e
	named.Path = file
	if member := strings.TrimLeft(filepath.ToSlash(rest), "/: "); member != "" {
		named.Path += ": " + member
	}
	return &named
}

// unpackInto writes the regular files of an archive below dir, and says of what kind it is. Links and devices are left out;
// a name that leads out is an error. Of a package of npm the first directory of each name is left out, as npm does.
func unpackInto(ctx context.Context, file, dir string, what content, npm bool, opts Options) (Kind, error) {
	f, size, err := openRegular(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	u := &unpacker{ctx: ctx, file: file, dir: dir, npm: npm, left: opts.Limits.Unpacked, limits: opts.Limits}
	u.counted = &countingReader{r: f}
	u.progress = func() {
		opts.Progress(Step{Name: "unpacking " + filepath.Base(file), Done: u.counted.n, Total: size})
	}
	kind := KindArchive
	if what == holdsZip {
		err = u.zip(f, size)
	} else {
		kind, err = u.stream()
	}
	if err == nil && u.files == 0 {
		err = fail(file, ErrNothing, "the archive is empty")
	}
	return kind, noSpace(file, err)
}

// unpacker writes the entries of one archive.
type unpacker struct {
	ctx       context.Context
	file, dir string
	npm       bool
	limits    Limits
	left      int64 // bytes that may still be written
	files     int
	counted   *countingReader
	progress  func()
}

// broken is an error in the archive, where it was read up to.
func (u *unpacker) broken(err error) error {
	cause := ErrCorrupt
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		cause = ErrTruncated
	}
	return &Error{Path: u.file, Offset: u.counted.n, Cause: cause, Err: err}
}

// stream reads an archive that is read from its start: a tar, gzipped or not, or a gzipped file.
func (u *unpacker) stream() (Kind, error) {
	packed := bufio.NewReaderSize(u.counted, 64<<10)
	content := packed
	compressed := false
	if head, _ := packed.Peek(len(gzipMagic)); string(head) == gzipMagic {
		plain, err := gzip.NewReader(packed)
		if err != nil {
			return "", u.broken(err)
		}
		content, compressed = bufio.NewReaderSize(plain, 64<<10), true
	}
	head, _ := content.Peek(tarMagicAt + len(tarMagic))
	name := strings.ToLower(filepath.Base(u.file))
	if compressed && !isTar(head) && !strings.HasSuffix(name, ".tgz") && !strings.HasSuffix(name, ".tar.gz") {
		member := filepath.Base(u.file)
		if filepath.Ext(name) == ".gz" {
			member = member[:len(member)-len(".gz")]
		}
		return KindArchive, u.write(member, -1, content)
	}
	if err := u.tar(content); err != nil {
		return "", err
	}
	// What follows the last entry still has to be whole, checksum and all.
	if _, err := io.Copy(io.Discard, content); err != nil {
		return "", u.broken(err)
	}
	return KindTarball, nil
}

// place is the path below the directory for an entry of that name; "" for one that is left out.
func (u *unpacker) place(entry string) (string, error) {
	name := strings.ReplaceAll(entry, `\`, "/")
	if !filepath.IsLocal(filepath.FromSlash(name)) || strings.Contains(name, "\x00") || slices.Contains(strings.Split(name, "/"), "..") {
		return "", fail(u.file, ErrUnsafe, entry)
	}
	name = strings.TrimPrefix(name, "./")
	if !u.npm {
		return name, nil
	}
	_, rest, _ := strings.Cut(name, "/") // npm drops what lies beside the package's directory
	return rest, nil
}

// entry writes one entry. A negative size is one that the archive does not tell.
func (u *unpacker) entry(name string, size int64, content io.Reader) error {
	if err := u.ctx.Err(); err != nil {
		return err
	}
	place, err := u.place(name)
	if err != nil || place == "" {
		return err
	}
	return u.write(place, size, content)
}

// write writes a file of the archive.
func (u *unpacker) write(place string, size int64, content io.Reader) error {
	u.files++
	if size > u.left || u.files > u.limits.Modules {
		return u.tooBig()
	}
	at := filepath.Join(u.dir, filepath.FromSlash(place))
	if err := os.MkdirAll(filepath.Dir(at), 0o777); err != nil {
		return u.unwritten(place, err)
	}
	out, err := os.Create(at)
	if err != nil {
		return u.unwritten(place, err)
	}
	n, err := io.Copy(out, &endingReader{u.ctx, io.LimitReader(content, u.left+1)})
	if closed := out.Close(); err == nil {
		err = closed
	}
	u.left -= n
	u.progress()
	switch _, system := errors.AsType[*fs.PathError](err); {
	case u.ctx.Err() != nil:
		return u.ctx.Err()
	case system:
		return u.unwritten(place, err)
	case err != nil:
		return u.broken(err)
	case u.left < 0:
		return u.tooBig()
	case size >= 0 && n != size:
		return u.broken(io.ErrUnexpectedEOF)
	}
	return nil
}

func (u *unpacker) tooBig() error {
	return fail(u.file, ErrTooBig, "unpacked it has more files or bytes than the limit allows")
}

// unwritten is the error for a member that the system did not take, such as one with a file where it needs a directory.
func (u *unpacker) unwritten(place string, err error) error {
	return fail(u.file+": "+place, ErrUnwritable, err)
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

// endingReader reads until its context ends.
type endingReader struct {
	ctx context.Context
	r   io.Reader
}

// Read reads unless the context is over.
func (e *endingReader) Read(p []byte) (int, error) {
	if err := e.ctx.Err(); err != nil {
		return 0, err
	}
	return e.r.Read(p)
}
