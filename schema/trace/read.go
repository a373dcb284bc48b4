package trace

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/klauspost/compress/zstd"

	"github.com/bundlens/bundlens/internal/regular"
)

// Options change how captures are read. The zero value is fine.
type Options struct {
	// MaxRecord bounds one record in bytes; 64 MiB if 0. A longer one is a finding.
	MaxRecord int64
	// Paths are what the path of a request's URL has to end with; DefaultPaths if empty.
	Paths []string
}

// DefaultPaths are where requests to a model go.
var DefaultPaths = []string{"/v1/messages", "/chat/completions", "/responses", ":generateContent", ":streamGenerateContent"}

func (o Options) orDefault() Options {
	if o.MaxRecord == 0 {
		o.MaxRecord = 64 << 20
	}
	if len(o.Paths) == 0 {
		o.Paths = DefaultPaths
	}
	return o
}

// Result is what a reading was like.
type Result struct {
	// Files were read; Captures are requests to the model, and Others are records of something else.
	Files, Captures, Others int
	// Findings are what could not be read; those of a capture stand in it.
	Findings []Finding
}

// Blind says whether something could not be seen.
func (r *Result) Blind() bool {
	return slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Severity == SeverityError })
}

// ErrNoCaptures says that there is no file that could hold captures.
var ErrNoCaptures = errors.New("no captures here: no file named .json, .jsonl, .ndjson, .log or .har")

// endings are what files with captures are called, before what says that they are compressed.
var endings = []string{".json", ".jsonl", ".ndjson", ".log", ".har"}

// Read reads files, and in directories the files that look like captures, in the order of their names. each is called
// for one capture after the other, and an error of it ends the reading.
func Read(ctx context.Context, paths []string, opts Options, each func(*Capture) error) (*Result, error) {
	opts = opts.orDefault()
	res := &Result{}
	for _, path := range paths {
		files, err := filesOf(path)
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			if err := readFile(ctx, file, opts, res, each); err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
		}
	}
	return res, nil
}

// filesOf answers the files that a path means.
func filesOf(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	var files []string
	err = filepath.WalkDir(path, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		hidden := strings.HasPrefix(d.Name(), ".") && name != path // half of a file that is being written
		if d.IsDir() && hidden {
			return fs.SkipDir
		}
		if d.Type().IsRegular() && !hidden && d.Name() != RunFile && isCaptureName(d.Name()) {
			files = append(files, name)
		}
		return nil
	})
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("%s: %w", path, ErrNoCaptures)
	}
	return files, err
}

func isCaptureName(name string) bool {
	name = strings.ToLower(name)
	for _, packed := range []string{".zst", ".gz"} {
		name = strings.TrimSuffix(name, packed)
	}
	return slices.Contains(endings, filepath.Ext(name))
}

func readFile(ctx context.Context, path string, opts Options, res *Result, each func(*Capture) error) error {
	f, _, err := regular.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return ReadFrom(ctx, path, f, opts, res, each)
}

// ReadFrom reads the captures of one stream, which may be compressed, and adds to a result.
func ReadFrom(ctx context.Context, name string, r io.Reader, opts Options, res *Result, each func(*Capture) error) error {
	opts = opts.orDefault()
	res.Files++
	report := func(f Finding) {
		f.File = name
		res.Findings = append(res.Findings, f)
	}
	plain, done, err := unpacked(name, r)
	if err != nil {
		report(Finding{Severity: SeverityError, Code: "damaged-archive", Message: err.Error()})
		return nil
	}
	defer done()
	split := &splitter{r: plain, max: opts.MaxRecord, found: report}
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		raw, at, err := split.next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			report(Finding{Severity: SeverityError, Code: "unreadable", Message: "the rest could not be read: " + err.Error(), Offset: split.base})
			return nil
		}
		if err := opts.records(raw, name, at, res, report, each); err != nil {
			return err
		}
	}
}

// records gives out what one object holds: a record, or a bundle of them.
func (o Options) records(raw []byte, name string, at int64, res *Result, report func(Finding), each func(*Capture) error) error {
	parts, err := unfold(raw)
	if err != nil {
		report(Finding{Severity: SeverityError, Code: "damaged-bundle", Message: err.Error(), Offset: at})
		return nil
	}
	for _, part := range parts {
		c, err := o.decode(part)
		switch {
		case errors.Is(err, errNoRequest):
			res.Others++
			report(Finding{Severity: SeverityWarning, Code: "unknown-record", Message: err.Error(), Offset: at})
		case err != nil:
			report(Finding{Severity: SeverityError, Code: "bad-record", Message: "the record is in no known form: " + err.Error(), Offset: at})
		case c == nil:
			res.Others++
		default:
			res.Captures++
			c.File, c.Offset = name, at
			for i := range c.Findings {
				c.Findings[i].File, c.Findings[i].Offset = name, at
			}
			if err := each(c); err != nil {
				return err
			}
		}
	}
	return nil
}

// unpacked answers a stream's plain bytes.
func unpacked(name string, r io.Reader) (io.Reader, func(), error) {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".gz":
		zip, err := gzip.NewReader(r)
		return zip, func() {}, err
	case ".zst":
		zip, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(256<<20))
		if err != nil {
			return nil, nil, err
		}
		return zip, zip.Close, nil
	}
	return r, func() {}, nil
}
