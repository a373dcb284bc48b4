package source

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"github.com/bundlens/bundlens/internal/lazyregexp"
)

// The causes of failures of a release channel, besides those of other inputs.
var (
	// ErrBadChannel is a channel specification that can't be read.
	ErrBadChannel = errors.New("is not of the form channel:BASE_URL[@latest|@stable|@VERSION]")
	// ErrMissing is an address at which there is nothing.
	ErrMissing = errors.New("is not there")
	// ErrRedirects is an address that leads on and on.
	ErrRedirects = errors.New("redirects without end")
	// ErrNoPlatform is a manifest without the platform.
	ErrNoPlatform = errors.New("has nothing for the platform")
	// ErrBadManifest is a manifest, or a version pointer, that can't be read.
	ErrBadManifest = errors.New("is not in a known form")
	// ErrChecksum is a download whose digest or size is another than the manifest's.
	ErrChecksum = errors.New("is not the file that its manifest describes")
)

// channelDefaults is what is taken where a manifest does not say: data, not knowledge of the code.
//
//go:embed channel.json
var channelDefaults []byte

// defaultBinary is what an artifact is called; those for Windows end with .exe.
var defaultBinary = gjson.GetBytes(channelDefaults, "binary").String()

// Channel is a place from which a program's executables are published:
//
//	BASE/latest, BASE/stable        a version, as plain text
//	BASE/VERSION/manifest.json      {"version", "platforms": {"linux-x64": {"checksum": SHA-256 in hexadecimal, "size", "binary"}}}
//	BASE/VERSION/PLATFORM/NAME      the executable; NAME is the manifest's "binary"
//
// Variants that are read, too: a pointer with a leading v, in quotes or as {"version"}; "sha256" for "checksum", with
// "sha256:" before the digits; "filename", "file", "name" or "path" for "binary", there or for the whole manifest;
// "url" for the artifact's whole address; a size written as text or not at all; "platforms" as a list of objects with
// "platform"; other spellings of platforms, such as macos-amd64.
type Channel struct {
	// Base is the address, without a slash at the end; Wanted is "latest", "stable" or a version.
	Base, Wanted string
	// Binary is what the executable is called where the manifest does not say.
	Binary string

	client *http.Client
}

// Artifact is one platform's executable of one version.
type Artifact struct {
	Version, Platform, Name, URL string
	SHA256                       string
	Size                         int64 // 0 where the manifest does not say
}

var pointerName = lazyregexp.New(`^(latest|stable)$`)

// maxText bounds pointers and manifests.
const maxText = 4 << 20

// maxRedirects is how many addresses may lead to the next one.
const maxRedirects = 10

// ParseChannel reads "channel:BASE_URL[@latest|@stable|@VERSION]".
func ParseChannel(spec string) (*Channel, error) {
	rest, ok := strings.CutPrefix(spec, "channel:")
	if !ok {
		return nil, fail(spec, ErrBadChannel, nil)
	}
	c := &Channel{Base: rest, Wanted: "latest", Binary: defaultBinary, client: newClient()}
	if i := strings.LastIndexByte(rest, '@'); i > strings.LastIndexByte(rest, '/') {
		c.Base, c.Wanted = rest[:i], rest[i+1:]
	}
	c.Base = strings.TrimRight(c.Base, "/")
	u, err := url.Parse(c.Base)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, fail(spec, ErrBadChannel, nil)
	}
	if !pointerName.Get().MatchString(c.Wanted) && !exactVersion.Get().MatchString(c.Wanted) {
		return nil, fail(spec, ErrBadChannel, fmt.Sprintf("%q is neither latest, stable nor a version", c.Wanted))
	}
	return c, nil
}

// newClient follows redirects, but not in circles and not from a safe address to an unsafe one.
func newClient() *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.ResponseHeaderTimeout = 30 * time.Second
	transport.DisableCompression = true // sizes and digests are those of the file
	return &http.Client{Transport: transport, CheckRedirect: func(req *http.Request, via []*http.Request) error {
		if len(via) >= maxRedirects {
			return ErrRedirects
		}
		for _, v := range via {
			if v.URL.String() == req.URL.String() {
				return ErrRedirects
			}
		}
		if via[0].URL.Scheme == "https" && req.URL.Scheme != "https" {
			return errors.New("it redirects to an unsafe address")
		}
		return nil
	}}
}

// Resolve answers the artifact for a platform.
func (c *Channel) Resolve(ctx context.Context, platform string) (*Artifact, error) {
	version, err := c.version(ctx)
	if err != nil {
		return nil, err
	}
	at := c.Base + "/" + version + "/manifest.json"
	data, err := c.text(ctx, at)
	if err != nil {
		return nil, err
	}
	m, err := parseChannelManifest(data)
	if err != nil {
		return nil, fail(at, ErrBadManifest, err)
	}
	if m.Version != "" && strings.TrimPrefix(m.Version, "v") != version {
		return nil, fail(at, ErrBadManifest, fmt.Sprintf("it is the manifest of version %s", m.Version))
	}
	key, entry, err := m.pick(platform)
	if err != nil {
		return nil, fail(at, ErrNoPlatform, err)
	}
	return c.artifact(at, version, key, entry)
}

// version answers the version that is wanted.
func (c *Channel) version(ctx context.Context) (string, error) {
	if !pointerName.Get().MatchString(c.Wanted) {
		return c.Wanted, nil
	}
	at := c.Base + "/" + c.Wanted
	data, err := c.text(ctx, at)
	if err != nil {
		return "", err
	}
	var pointer struct{ Version string }
	text := strings.TrimSpace(string(data))
	if json.Unmarshal(data, &pointer) == nil && pointer.Version != "" {
		text = pointer.Version
	}
	version := strings.TrimPrefix(strings.Trim(text, `"`), "v")
	if !exactVersion.Get().MatchString(version) {
		return "", fail(at, ErrBadManifest, "it holds no version")
	}
	return version, nil
}

// artifact puts together what the manifest says.
func (c *Channel) artifact(at, version, platform string, e entry) (*Artifact, error) {
	a := &Artifact{Version: version, Platform: platform, Name: e.name(), SHA256: e.digest()}
	if a.Name == "" {
		a.Name = c.Binary
		if strings.HasPrefix(platform, "win") {
			a.Name += ".exe"
		}
	}
	a.Name = path.Base(a.Name)
	if a.Name == "." || a.Name == ".." || a.Name == "/" || strings.ContainsAny(a.Name, `\:`) {
		return nil, fail(at, ErrUnsafe, a.Name)
	}
	if !sha256Digits.Get().MatchString(a.SHA256) {
		return nil, fail(at, ErrBadManifest, "it gives no SHA-256 for "+platform)
	}
	size, err := e.size()
	if err != nil {
		return nil, fail(at, ErrBadManifest, err)
	}
	a.Size = size
	a.URL = c.Base + "/" + version + "/" + url.PathEscape(platform) + "/" + url.PathEscape(a.Name)
	if e.URL == "" {
		return a, nil
	}
	base, err := url.Parse(at)
	if err != nil {
		return nil, fail(at, ErrBadManifest, err)
	}
	u, err := base.Parse(e.URL)
	if err != nil || u.Scheme != base.Scheme && u.Scheme != "https" {
		return nil, fail(at, ErrBadManifest, "it gives an address that can't be used")
	}
	a.URL = u.String()
	return a, nil
}

// text fetches something small.
func (c *Channel) text(ctx context.Context, at string) ([]byte, error) {
	ctx, stop := context.WithTimeout(ctx, time.Minute)
	defer stop()
	res, err := c.get(ctx, at, 0)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	data, err := io.ReadAll(io.LimitReader(res.Body, maxText+1))
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return nil, fail(at, ErrTruncated, err)
	case err != nil:
		return nil, fail(at, ErrFetch, err)
	case len(data) > maxText:
		return nil, fail(at, ErrTooBig, sizes(int64(len(data)), maxText))
	}
	return data, nil
}

// get asks for a file, or for what follows its first bytes.
func (c *Channel) get(ctx context.Context, at string, from int64) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
	if err != nil {
		return nil, fail(at, ErrBadChannel, err)
	}
	if from > 0 {
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-", from))
	}
	res, err := c.client.Do(req)
	switch {
	case errors.Is(err, ErrRedirects):
		return nil, fail(at, ErrRedirects, nil)
	case err != nil && ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, fail(at, ErrFetch, errors.Unwrap(err))
	}
	switch {
	case res.StatusCode == http.StatusOK, from > 0 && res.StatusCode == http.StatusPartialContent,
		from > 0 && res.StatusCode == http.StatusRequestedRangeNotSatisfiable:
		return res, nil
	}
	res.Body.Close()
	if res.StatusCode == http.StatusNotFound || res.StatusCode == http.StatusGone || res.StatusCode == http.StatusForbidden {
		return nil, fail(at, ErrMissing, res.Status)
	}
	return nil, &statusError{fail(at, ErrFetch, "the server answers "+res.Status), res.StatusCode}
}

// statusError is an answer that is none.
type statusError struct {
	error
	status int
}

// Unwrap gives the error that says where.
func (e *statusError) Unwrap() error { return e.error }
