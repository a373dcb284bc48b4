// Package source turns what the user named into modules: a JavaScript file, a directory, an npm package or tarball,
// a Bun executable, or text on standard input. It looks at contents rather than at names, runs nothing of what it
// reads, and keeps the bytes of a module as they are.
package source

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bundlens/bundlens/internal/regular"
	"github.com/bundlens/bundlens/schema"
)

// ModuleKind says what a module holds.
type ModuleKind int

// The kinds of modules. Only the source of an asset is not loaded by [Open].
const (
	JS ModuleKind = iota
	JSON
	Text
	Asset
)

// String names the kind.
func (k ModuleKind) String() string {
	return [...]string{"js", "json", "text", "asset"}[k]
}

// Module is one module of a program.
type Module struct {
	// Name is what other modules call it: an absolute name in an executable, a path with forward slashes below
	// the input's directory otherwise.
	Name string
	Kind ModuleKind
	// Entry says that it is the one that runs first.
	Entry bool
	// Size is how many bytes it has.
	Size int64
	// Source is its content, verbatim; nil for an asset.
	Source []byte
	// Err says why it could not be read; its Source is nil then.
	Err error

	open func() ([]byte, error)
}

// Read gives the content of any module, an asset's too. It may be called until the Input is closed.
func (m *Module) Read() ([]byte, error) {
	if m.Source != nil || m.open == nil {
		return m.Source, m.Err
	}
	return m.open()
}

// Kind says what an input is.
type Kind string

// The kinds of inputs.
const (
	KindFile       Kind = "file"
	KindDirectory  Kind = "directory"
	KindPackage    Kind = "package"
	KindTarball    Kind = "tarball"
	KindArchive    Kind = "archive" // any but a tar
	KindExecutable Kind = "executable"
	KindStdin      Kind = "stdin"
)

// Input is an opened input. Nothing in it changes after Open, apart from what Close gives back.
type Input struct {
	// Spec is what the user named.
	Spec string
	Kind Kind
	// Path is the file or directory that was read; empty for standard input.
	Path string
	// Package and Version stand in the package.json; empty without one.
	Package, Version string
	// Size is the size of the file that was read; 0 for a directory.
	Size int64
	// Modules are in a fixed order.
	Modules []Module
	// Entry is the index of the module that runs first, or -1.
	Entry int
	// Missing names packages that are not here and may hold the program that this small one only starts.
	Missing []string
	// Gone names the programs of the package that are not there, where none of those that it names is.
	Gone []string
	// Warnings are oddities that did not keep the modules from being read.
	Warnings []error

	folders  map[string][]string // what lies in those that were loaded
	digest   func() string
	resolver resolver
	index    map[string]int
	closers  []func() error
}

// Limits bound what is read. A zero means the default.
type Limits struct {
	// File bounds one module, Total all of them together, Modules how many there may be.
	File, Total int64
	Modules     int
	// Unpacked bounds an archive's files together.
	Unpacked int64
}

func (l Limits) orDefault() Limits {
	set := func(v *int64, to int64) {
		if *v == 0 {
			*v = to
		}
	}
	set(&l.File, 512<<20)
	set(&l.Total, 1<<30)
	set(&l.Unpacked, 4<<30)
	if l.Modules == 0 {
		l.Modules = 100_000
	}
	return l
}

// Step is a long-running part of opening an input.
type Step struct {
	// Name says what is done, and to what.
	Name string
	// Done and Total are in bytes; Total is 0 where it is not known.
	Done, Total int64
}

// Options change how an input is opened. The zero value is fine.
type Options struct {
	// Platform chooses among packages that hold one platform's program each; "linux-x64" if empty.
	Platform string
	// Stdin is what "-" reads; os.Stdin if nil.
	Stdin io.Reader
	// Progress is called with steps that take long; may be nil.
	Progress func(Step)
	Limits   Limits
	// CacheDir keeps fetched packages; below the user's cache directory if empty.
	CacheDir string
	// FollowLinks reads what lies outside of a directory, too, where its links and imports lead there.
	FollowLinks bool
	// Offline fetches nothing: a package has to be in the cache, by an exact version.
	Offline bool
	// Fetching is called before anything is asked of the registry, and may wait for its turn; what it answers is called
	// when that is over. It may be nil, and called several times for one input, never at once.
	Fetching func(ctx context.Context) (done func(), err error)
}

func (o Options) orDefault() Options {
	if o.Platform == "" {
		o.Platform = "linux-x64"
	}
	if o.Stdin == nil {
		o.Stdin = os.Stdin
	}
	if o.Fetching == nil {
		o.Fetching = func(context.Context) (func(), error) { return func() {}, nil }
	}
	if o.Progress == nil {
		o.Progress = func(Step) {}
	}
	o.Limits = o.Limits.orDefault()
	return o
}

// Open opens what spec names: "-" for standard input, "npm:NAME[@VERSION|@TAG]" for a package of the npm registry,
// or the path of a file or directory. The caller closes the Input.
func Open(ctx context.Context, spec string, opts Options) (*Input, error) {
	opts = opts.orDefault()
	in, err := open(ctx, spec, opts)
	if err != nil {
		return nil, err
	}
	in.Spec = spec
	in.link()
	return in, nil
}

func open(ctx context.Context, spec string, opts Options) (*Input, error) {
	if spec == "-" {
		return openStream("standard input", KindStdin, opts.Stdin, opts)
	}
	if name, ok := strings.CutPrefix(spec, "npm:"); ok {
		return openNPM(ctx, name, opts)
	}
	info, err := os.Stat(spec)
	if err != nil {
		return nil, fail(spec, ErrUnreadable, err)
	}
	switch {
	case info.IsDir():
		return openDirectory(ctx, spec, opts)
	case info.Mode().IsRegular():
		return openFile(ctx, spec, opts)
	}
	src, err := regular.ReadNamed(ctx, spec, opts.Limits.File)
	if err != nil {
		return nil, unread(spec, err)
	}
	return openStream(spec, KindFile, bytes.NewReader(src), opts)
}

// openFile opens a regular file by what it holds.
func openFile(ctx context.Context, path string, opts Options) (*Input, error) {
	what, err := sniffFile(path)
	if err != nil {
		return nil, err
	}
	switch what {
	case holdsGzip, holdsTar, holdsZip:
		return openArchive(ctx, path, what, opts)
	}
	return openProgram(ctx, path, what, opts)
}

// openProgram opens a file that is a program by itself.
func openProgram(ctx context.Context, path string, what content, opts Options) (*Input, error) {
	switch {
	case what == holdsExecutable, what == holdsBinary && isBunExecutable(path): // the bare graph of one
		return openExecutable(path, opts)
	case what == holdsScript:
		return openScript(ctx, path, opts)
	}
	return nil, fail(path, ErrNotJavaScript, what.describe())
}

// openStream reads a script from something that is not a regular file.
func openStream(name string, kind Kind, r io.Reader, opts Options) (*Input, error) {
	src, err := io.ReadAll(io.LimitReader(r, opts.Limits.File+1))
	if err != nil {
		return nil, fail(name, ErrUnreadable, err)
	}
	if int64(len(src)) > opts.Limits.File {
		return nil, fail(name, ErrTooBig, sizes(int64(len(src)), opts.Limits.File))
	}
	if len(src) == 0 {
		return nil, fail(name, ErrNothing, "it is empty")
	}
	if what := sniff("stdin.js", src); what != holdsScript {
		return nil, fail(name, ErrNotJavaScript, what.describe())
	}
	in := &Input{Kind: kind, Size: int64(len(src))}
	in.digest = lazily(func() string { return hexSum(src) })
	in.Modules = []Module{{Name: "stdin", Kind: JS, Entry: true, Size: in.Size, Source: src}}
	return in, nil
}

// Folder gives the names of what lies in a folder of the input, those of folders with a slash behind them; ok is false for
// one that the program was not seen to name.
func (in *Input) Folder(name string) (names []string, ok bool) {
	names, ok = in.folders[name]
	return slices.Clone(names), ok
}

// SHA256 is the digest of the file that was read, in hexadecimal; empty for a directory. It is computed beside the
// caller's work, and waited for here.
func (in *Input) SHA256() string {
	if in.digest == nil {
		return ""
	}
	return in.digest()
}

// Describe is the input as a Document says it, without anything of this machine.
func (in *Input) Describe() schema.Source {
	s := schema.Source{Kind: string(in.Kind), Package: in.Package, Version: in.Version, SHA256: in.SHA256(), Size: in.Size}
	switch in.Kind {
	case KindStdin:
		s.Name = "-"
	case KindPackage:
		s.Name = "npm:" + in.Package + "@" + in.Version
	default:
		s.Name = filepath.Base(in.Path)
		if abs, err := filepath.Abs(in.Path); err == nil {
			s.Name = filepath.Base(abs) // "." has a name too
		}
	}
	if in.Entry >= 0 && in.Entry < len(in.Modules) {
		s.Entry = in.Modules[in.Entry].Name
	}
	return s
}

// Close gives back files and temporary directories.
func (in *Input) Close() error {
	var first error
	for i := len(in.closers) - 1; i >= 0; i-- {
		if err := in.closers[i](); err != nil && first == nil {
			first = err
		}
	}
	in.closers = nil
	return first
}

// lazily starts f at once in a goroutine of its own and answers a function that waits for its result.
func lazily(f func() string) func() string {
	var result string
	done := make(chan struct{})
	go func() {
		defer close(done)
		result = f()
	}()
	return func() string {
		<-done
		return result
	}
}

// sumFile starts to compute the digest of a file; its result is empty where the file can't be read.
func sumFile(path string) func() string {
	return lazily(func() string {
		f, _, err := regular.Open(path)
		if err != nil {
			return ""
		}
		defer f.Close()
		h := sha256.New()
		if _, err := io.Copy(h, f); err != nil {
			return ""
		}
		return hex.EncodeToString(h.Sum(nil))
	})
}

func hexSum(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
