package source

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/bundlens/bundlens/internal/regular"
)

// Attempts of one download, and how long it may stand still.
const (
	maxAttempts = 4
	idleLimit   = 30 * time.Second
)

// retryPause is the wait before a second attempt; it grows with each.
var retryPause = 500 * time.Millisecond

// Download fetches an artifact to the path target, which is not there or as it was unless the whole file is there
// with the size and the digest of its manifest. What was fetched of it before stays in the cache, under its digest, and
// is gone on from.
func (c *Channel) Download(ctx context.Context, a *Artifact, target string, opts Options) error {
	opts = opts.orDefault()
	cache, err := cacheRoot(opts, "channel")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(cache, 0o777); err != nil {
		return err
	}
	part := filepath.Join(cache, a.SHA256+".part")
	_, err = os.Stat(part)
	resumed := err == nil
	err = c.complete(ctx, a, part, opts)
	if resumed && errors.Is(err, ErrChecksum) {
		err = c.complete(ctx, a, part, opts) // what was there from before may have been wrong, and is gone now
	}
	if err != nil {
		return err
	}
	return moveFile(part, target)
}

// complete makes part the whole file, or removes it where it is another.
func (c *Channel) complete(ctx context.Context, a *Artifact, part string, opts Options) error {
	if err := c.fill(ctx, a, part, opts); err != nil {
		return err
	}
	err := verifyFile(a, part)
	if err != nil {
		os.Remove(part)
	}
	return err
}

// fill fetches into part until it has the whole size, trying again where a connection breaks.
func (c *Channel) fill(ctx context.Context, a *Artifact, part string, opts Options) error {
	var last error
	for attempt := range maxAttempts {
		if attempt > 0 {
			select {
			case <-time.After(retryPause << (attempt - 1)):
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		err := c.attempt(ctx, a, part, opts)
		if err == nil || !worthTrying(err) || ctx.Err() != nil {
			return err
		}
		last = err
	}
	return last
}

// worthTrying says whether another attempt may do better.
func worthTrying(err error) bool {
	var status *statusError
	if errors.As(err, &status) {
		return status.status >= 500 || status.status == http.StatusTooManyRequests
	}
	return errors.Is(err, ErrTruncated) || errors.Is(err, ErrFetch)
}

// attempt fetches what part lacks.
func (c *Channel) attempt(ctx context.Context, a *Artifact, part string, opts Options) error {
	f, err := os.OpenFile(part, os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	defer f.Close()
	have, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if a.Size > 0 && have == a.Size {
		return nil
	}
	if a.Size == 0 || have > a.Size {
		have = 0
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	res, err := c.get(ctx, a.URL, have)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	switch {
	case res.StatusCode == http.StatusOK:
		have = 0 // the whole, whatever was asked for
	case res.StatusCode != http.StatusPartialContent || !startsAt(res, have):
		os.Remove(part)
		return fail(a.URL, ErrFetch, "the server does not go on where it stopped")
	}
	if a.Size > 0 && res.ContentLength >= 0 && have+res.ContentLength != a.Size {
		return fail(a.URL, ErrChecksum, fmt.Sprintf("the server has %d bytes of it, the manifest says %d", have+res.ContentLength, a.Size))
	}
	if _, err := f.Seek(have, io.SeekStart); err != nil {
		return err
	}
	if err := f.Truncate(have); err != nil {
		return err
	}
	return copyBody(ctx, stop, f, res, a, have, opts)
}

// startsAt says whether a part of a file is the one that was asked for.
func startsAt(res *http.Response, have int64) bool {
	var from int64
	n, _ := fmt.Sscanf(res.Header.Get("Content-Range"), "bytes %d-", &from)
	return n == 1 && from == have
}

// copyBody writes a body to the file; one that stands still, is too long or ends too early is an error.
func copyBody(ctx context.Context, stop context.CancelCauseFunc, f *os.File, res *http.Response, a *Artifact, have int64, opts Options) error {
	idle := time.AfterFunc(idleLimit, func() { stop(errors.New("nothing came for " + idleLimit.String())) })
	defer idle.Stop()
	buf := make([]byte, 256<<10)
	step := Step{Name: "fetching " + a.Name + " " + a.Version, Done: have, Total: a.Size}
	limit := opts.Limits.Unpacked
	if a.Size > 0 {
		limit = a.Size
	}
	for {
		n, err := res.Body.Read(buf)
		if n > 0 {
			idle.Reset(idleLimit)
			step.Done += int64(n)
			if step.Done > limit {
				f.Truncate(0)
				return fail(a.URL, ErrTooBig, sizes(step.Done, limit))
			}
			if _, err := f.Write(buf[:n]); err != nil {
				return err
			}
			opts.Progress(step)
		}
		switch {
		case errors.Is(err, io.EOF) && a.Size > 0 && step.Done < a.Size:
			return fail(a.URL, ErrTruncated, fmt.Sprintf("%d of %d bytes came", step.Done, a.Size))
		case errors.Is(err, io.EOF):
			return f.Sync()
		case err != nil && ctx.Err() != nil && !errors.Is(context.Cause(ctx), context.Canceled):
			return fail(a.URL, ErrTruncated, context.Cause(ctx))
		case err != nil && ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			return fail(a.URL, ErrTruncated, fmt.Errorf("%d bytes came: %w", step.Done, err))
		}
	}
}

// verifyFile compares a file with the manifest.
func verifyFile(a *Artifact, file string) error {
	f, _, err := regular.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return err
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != a.SHA256 {
		return fail(a.URL, ErrChecksum, "its SHA-256 is "+got+" and not "+a.SHA256)
	}
	return nil
}

// moveFile moves a program into place, across file systems if need be; target is the old file or the whole new one.
func moveFile(file, target string) error {
	if err := os.Chmod(file, 0o755); err != nil {
		return err
	}
	if err := os.Rename(file, target); err == nil || errors.Is(err, fs.ErrNotExist) {
		return err
	}
	in, _, err := regular.Open(file)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.CreateTemp(filepath.Dir(target), ".bundlens-*")
	if err != nil {
		return err
	}
	defer os.Remove(out.Name())
	_, err = io.Copy(out, in)
	err = errors.Join(err, out.Chmod(0o755), out.Close())
	if err != nil {
		return err
	}
	if err := os.Rename(out.Name(), target); err != nil {
		return err
	}
	return os.Remove(file)
}

// cacheRoot is where one kind of fetched things is kept.
func cacheRoot(opts Options, kind string) (string, error) {
	npm, err := cacheDir(opts)
	if err != nil {
		return "", err
	}
	return filepath.Join(filepath.Dir(npm), kind), nil
}

// Package is a package of the npm registry, unpacked.
type Package struct {
	Name, Version string
	// Integrity is the registry's digest, which the tarball had; SHA256 and Size are those of the tarball.
	Integrity, SHA256 string
	Size              int64
	// Dir is where it is unpacked, in the cache; it is not to be changed.
	Dir string
}

// FetchPackage fetches what "npm:NAME[@VERSION|@TAG]" names through the npm client, verifies and unpacks it.
func FetchPackage(ctx context.Context, spec string, opts Options) (*Package, error) {
	opts = opts.orDefault()
	name, version := splitSpec(spec)
	got, err := fetch(ctx, name, version, opts)
	if err != nil {
		return nil, err
	}
	return &Package{Name: got.Name, Version: got.Version, Integrity: got.Integrity, SHA256: got.SHA256, Size: got.Size, Dir: got.dir}, nil
}
