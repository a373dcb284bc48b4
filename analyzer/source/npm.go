package source

import (
	"bytes"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"github.com/bundlens/bundlens/internal/lazyregexp"
	"github.com/bundlens/bundlens/internal/regular"
)

// fetched is a package in the cache. Its exported fields are kept beside it.
type fetched struct {
	Name      string `json:"name"`
	Version   string `json:"version"`
	Integrity string `json:"integrity"`
	SHA256    string `json:"sha256"`
	Size      int64  `json:"size"`
	dir       string // where it is unpacked
	seal      *seal
}

func (f *fetched) spec() string { return "npm:" + f.Name + "@" + f.Version }

var (
	packageName  = lazyregexp.New(`^(@[A-Za-z0-9~_.-]+/)?[A-Za-z0-9~_.][A-Za-z0-9~_.-]*$`)
	versionOrTag = lazyregexp.New(`^[A-Za-z0-9^~<>=*.+ |-]+$`)
	exactVersion = lazyregexp.New(`^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$`)
)

// splitSpec cuts NAME@VERSION; the version is empty where none is given.
func splitSpec(spec string) (name, version string) {
	if i := strings.LastIndexByte(spec, '@'); i > 0 {
		return spec[:i], spec[i+1:]
	}
	return spec, ""
}

// fetch answers a package of the registry in the cache. Only where the version is not an exact one, or not there yet,
// is the registry asked.
func fetch(ctx context.Context, name, version string, opts Options) (*fetched, error) {
	asked := "npm:" + name
	if version != "" {
		asked += "@" + version
	}
	if !packageName.Get().MatchString(name) || version != "" && !versionOrTag.Get().MatchString(version) {
		return nil, fail(asked, ErrBadSpec, nil)
	}
	cache, err := cacheDir(opts)
	if err != nil {
		return nil, err
	}
	npm := client{asked: asked, progress: opts.Progress, offline: opts.Offline, fetching: opts.Fetching}
	if !exactVersion.Get().MatchString(version) {
		if version, err = npm.resolve(ctx, name, version); err != nil {
			return nil, err
		}
	}
	if got := readCached(cache, name, version); got != nil {
		return got, nil
	}
	if err := os.MkdirAll(cache, 0o777); err != nil {
		return nil, noSpace(asked, err)
	}
	tmp, err := fetchingDir(cache)
	if err != nil {
		return nil, noSpace(asked, err)
	}
	defer os.RemoveAll(tmp)
	got, err := npm.pack(ctx, name, version, tmp, opts)
	if err != nil {
		return nil, noSpace(asked, err)
	}
	return got, noSpace(asked, got.install(cache, tmp))
}

// fetchingPrefix begins the names of directories in the cache in which something is being fetched.
const fetchingPrefix = ".fetch-"

// abandonedAfter is how long nothing has to happen in such a directory for its process to be taken for killed.
const abandonedAfter = time.Hour

// fetchingDir makes a directory to fetch into, and removes those that killed processes left.
func fetchingDir(cache string) (string, error) {
	entries, err := os.ReadDir(cache)
	if err != nil {
		return "", err
	}
	for _, e := range entries {
		if dir := filepath.Join(cache, e.Name()); strings.HasPrefix(e.Name(), fetchingPrefix) && time.Since(lastChange(dir)) > abandonedAfter {
			if err := os.RemoveAll(dir); err != nil {
				return "", err
			}
		}
	}
	return os.MkdirTemp(cache, fetchingPrefix)
}

// lastChange is when something below a directory changed last.
func lastChange(dir string) (last time.Time) {
	filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil // gone meanwhile: somebody is at work in it
		}
		if info, err := d.Info(); err == nil && info.ModTime().After(last) {
			last = info.ModTime()
		}
		return nil
	})
	return last
}

// cacheDir is where fetched packages are kept.
func cacheDir(opts Options) (string, error) {
	if opts.CacheDir != "" {
		return filepath.Join(opts.CacheDir, "npm"), nil
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "bundlens", "npm"), nil
}

const (
	fetchedFile = "fetched.json"
	unpackedDir = "package"
)

func slot(cache, name, version string) string {
	return filepath.Join(cache, url.PathEscape(name)+"@"+url.PathEscape(version))
}

// readCached answers a package of an earlier run; nil where there is none, or it is not as it was.
func readCached(cache, name, version string) *fetched {
	dir := slot(cache, name, version)
	data, err := regular.Read(context.Background(), filepath.Join(dir, fetchedFile), maxManifest)
	if err != nil {
		return nil
	}
	got := &fetched{dir: filepath.Join(dir, unpackedDir)}
	if json.Unmarshal(data, got) != nil || got.Name != name || got.Version != version {
		return nil
	}
	if got.seal = readSeal(dir); got.seal == nil {
		return nil
	}
	return got
}

// install moves what was unpacked in tmp to its place. Where another run was faster, its copy stays.
func (f *fetched) install(cache, tmp string) error {
	data, err := json.Marshal(f)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(tmp, fetchedFile), data, 0o666); err != nil {
		return err
	}
	place := slot(cache, f.Name, f.Version)
	f.dir = filepath.Join(place, unpackedDir)
	f.seal, err = moveSealed(tmp, place)
	return err
}

// moveSealed seals a directory and moves it to its place. Where another run was faster, its copy stays.
func moveSealed(tmp, place string) (*seal, error) {
	s, err := sealTree(tmp)
	if err != nil {
		return nil, err
	}
	s.dir = place
	if os.Rename(tmp, place) == nil {
		return s, nil
	}
	if there := readSeal(place); there != nil {
		return there, nil
	}
	if err := os.RemoveAll(place); err != nil { // half of something, or of an older form
		return nil, err
	}
	return s, os.Rename(tmp, place)
}

// client runs the npm client.
type client struct {
	asked    string
	progress func(Step)
	offline  bool
	// fetching waits until something may be asked of the registry; nil where that is always so.
	fetching func(context.Context) (done func(), err error)
}

// resolve answers the exact version that a tag means. A range stays as it is: the client chooses when it packs.
func (c client) resolve(ctx context.Context, name, version string) (string, error) {
	c.progress(Step{Name: "asking for the version of " + c.asked})
	spec := name
	if version != "" {
		spec += "@" + version
	}
	out, err := c.run(ctx, "view", spec, "version", "--json")
	if err != nil {
		return "", err
	}
	if v := gjson.ParseBytes(out); v.Type == gjson.String {
		return v.String(), nil
	}
	return version, nil
}

// Versions answers all versions of a package that the registry has, in the order in which it has them.
func Versions(ctx context.Context, name string) ([]string, error) {
	out, err := client{asked: "npm:" + name}.run(ctx, "view", name, "versions", "--json")
	if err != nil {
		return nil, err
	}
	var versions []string
	for _, v := range gjson.ParseBytes(out).Array() { // the client writes a list of one as its element
		versions = append(versions, v.String())
	}
	if len(versions) == 0 {
		return nil, fail("npm:"+name, ErrFetch, "the npm client answered no versions")
	}
	return versions, nil
}

// Published says when each version of a package came.
func Published(ctx context.Context, name string) (map[string]time.Time, error) {
	out, err := client{asked: "npm:" + name}.run(ctx, "view", name, "time", "--json")
	if err != nil {
		return nil, err
	}
	times := map[string]time.Time{}
	gjson.ParseBytes(out).ForEach(func(version, at gjson.Result) bool {
		times[version.String()] = at.Time()
		return true
	})
	return times, nil
}

// pack fetches a package's tarball into dir, verifies it, unpacks it and removes it.
func (c client) pack(ctx context.Context, name, version, dir string, opts Options) (*fetched, error) {
	c.progress(Step{Name: "fetching " + c.asked})
	spec := name
	if version != "" {
		spec += "@" + version
	}
	out, err := c.run(ctx, "pack", spec, "--json", "--ignore-scripts", "--pack-destination", dir)
	if err != nil {
		return nil, err
	}
	answer := gjson.GetBytes(out, "0")
	tarballs, _ := filepath.Glob(filepath.Join(dir, "*.tgz"))
	if len(tarballs) != 1 {
		return nil, fail(c.asked, ErrFetch, "the npm client left no tarball")
	}
	got := &fetched{Name: answer.Get("name").String(), Version: answer.Get("version").String(),
		Integrity: answer.Get("integrity").String()}
	if got.Name != name || !exactVersion.Get().MatchString(got.Version) {
		return nil, fail(c.asked, ErrFetch, fmt.Sprintf("the npm client answered %q", got.Name+"@"+got.Version))
	}
	if err := got.verify(tarballs[0]); err != nil {
		return nil, err
	}
	if _, err := unpackInto(ctx, tarballs[0], filepath.Join(dir, unpackedDir), holdsGzip, true, opts); err != nil {
		return nil, renamed(err, tarballs[0], got.spec())
	}
	return got, os.Remove(tarballs[0])
}

// verify compares a tarball with the digest that the registry gives for it, and takes its size and SHA-256.
func (f *fetched) verify(tarball string) error {
	sum := sumFile(tarball)
	file, _, err := regular.Open(tarball)
	if err != nil {
		return err
	}
	defer file.Close()
	h := sha512.New()
	if f.Size, err = io.Copy(h, file); err != nil {
		return err
	}
	digest := h.Sum(nil)
	want, ok := strings.CutPrefix(f.Integrity, "sha512-")
	if !ok || want != base64.StdEncoding.EncodeToString(digest) {
		return fail(f.spec(), ErrCorrupt, "its digest is "+hex.EncodeToString(digest)+" and not what the registry says")
	}
	f.SHA256 = sum()
	return nil
}

// run runs the client where the user is, so that the configuration of the project counts as it does for the user. What
// it could not unpack it only warns of.
func (c client) run(ctx context.Context, args ...string) ([]byte, error) {
	if c.offline {
		return nil, fail(c.asked, ErrOffline, nil)
	}
	npm, err := exec.LookPath("npm")
	if err != nil {
		return nil, fail(c.asked, ErrNoNPM, nil)
	}
	if c.fetching != nil && args[0] != "prefix" { // which asks nobody
		done, err := c.fetching(ctx)
		if err != nil {
			return nil, err
		}
		defer done()
	}
	cmd := exec.CommandContext(ctx, npm, append(args, "--loglevel=warn")...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err = cmd.Run()
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil || strings.Contains(stderr.String(), "TAR_ENTRY_ERROR"):
		return nil, c.failure(stdout.Bytes(), stderr.String())
	}
	return stdout.Bytes(), nil
}

// failure reads what the client says went wrong.
func (c client) failure(stdout []byte, stderr string) error {
	code := gjson.GetBytes(stdout, "error.code").String()
	summary := gjson.GetBytes(stdout, "error.summary").String()
	switch {
	case code == "ENOSPC" || strings.Contains(stderr, "ENOSPC"):
		return fail(c.asked, ErrNoSpace, nil)
	case code == "ETARGET" || code == "E404" && strings.Contains(summary, "version"):
		return fail(c.asked, ErrUnknownVersion, summary)
	case code == "E404":
		return fail(c.asked, ErrUnknownPackage, nil)
	case summary == "":
		summary = strings.TrimSpace(stderr)
	}
	return fail(c.asked, ErrFetch, strings.TrimSpace(code+" "+summary))
}

// Pin answers the specification npm:NAME@VERSION for what npm:NAME[@VERSION|@TAG] means today.
func Pin(ctx context.Context, spec string, opts Options) (string, error) {
	opts = opts.orDefault()
	name, version := splitSpec(strings.TrimPrefix(spec, "npm:"))
	if !exactVersion.Get().MatchString(version) {
		var err error
		npm := client{asked: spec, progress: opts.Progress, offline: opts.Offline, fetching: opts.Fetching}
		if version, err = npm.resolve(ctx, name, version); err != nil {
			return "", err
		}
		if !exactVersion.Get().MatchString(version) {
			return "", fail(spec, ErrBadSpec, "it means several versions")
		}
	}
	return "npm:" + name + "@" + version, nil
}
