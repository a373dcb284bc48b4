package source

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// publisher is a channel on loopback. What a path answers can be changed.
type publisher struct {
	*httptest.Server
	program []byte
	answer  map[string]http.HandlerFunc
	ranges  []string // the Range headers of requests for the program
}

const programPath = "/1.2.3/linux-x64/prog"

func publish(t *testing.T) *publisher {
	t.Helper()
	p := &publisher{program: bytes.Repeat([]byte("program "), 40_000), answer: map[string]http.HandlerFunc{}}
	text := func(s string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, s) }
	}
	p.answer["/latest"] = text("1.2.3\n")
	p.answer["/stable"] = text("v1.2.2")
	p.answer["/1.2.3/manifest.json"] = text(p.manifest(""))
	p.answer[programPath] = func(w http.ResponseWriter, r *http.Request) {
		p.ranges = append(p.ranges, r.Header.Get("Range"))
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(p.program))
	}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if h := p.answer[r.URL.Path]; h != nil {
			h(w, r)
			return
		}
		http.NotFound(w, r)
	}))
	t.Cleanup(p.Close)
	pause := retryPause
	retryPause = time.Millisecond
	t.Cleanup(func() { retryPause = pause })
	return p
}

func (p *publisher) manifest(checksum string) string {
	if checksum == "" {
		checksum = hexSum(p.program)
	}
	return fmt.Sprintf(`{"version":"1.2.3","platforms":{"linux-x64":{"checksum":%q,"size":%d,"binary":"prog"}}}`, checksum, len(p.program))
}

func (p *publisher) fetch(t *testing.T, wanted, platform, cache string) (string, error) {
	t.Helper()
	dir := t.TempDir()
	target := filepath.Join(dir, "out")
	c, err := ParseChannel("channel:" + p.URL + wanted)
	if err != nil {
		t.Fatal(err)
	}
	a, err := c.Resolve(context.Background(), platform)
	if err == nil {
		err = c.Download(context.Background(), a, target, Options{CacheDir: cache})
	}
	if entries, _ := os.ReadDir(dir); err != nil && len(entries) > 0 {
		t.Errorf("left in place after %v: %v", err, entries)
	}
	return target, err
}

func (p *publisher) want(t *testing.T, target string, err error) {
	t.Helper()
	got, readErr := os.ReadFile(target)
	if err != nil || readErr != nil || !bytes.Equal(got, p.program) {
		t.Fatalf("got %d bytes, %v, %v", len(got), err, readErr)
	}
	if info, _ := os.Stat(target); info.Mode().Perm()&0o111 == 0 {
		t.Errorf("mode %v", info.Mode())
	}
}

func TestChannel(t *testing.T) {
	p := publish(t)
	for _, wanted := range []string{"", "@latest", "@1.2.3", "/@1.2.3"} {
		target, err := p.fetch(t, wanted, "linux-x64", t.TempDir())
		p.want(t, target, err)
	}
	target, err := p.fetch(t, "", "linux-amd64", t.TempDir())
	p.want(t, target, err)
}

func TestChannelVariants(t *testing.T) {
	p := publish(t)
	sum := hexSum(p.program)
	p.answer["/files/p"] = p.answer[programPath]
	for name, manifest := range map[string]string{
		"sha256 with its name":  `{"platforms":{"linux-x64":{"sha256":"SHA256:` + strings.ToUpper(sum) + `","filename":"prog"}}}`,
		"a list":                `{"version":"v1.2.3","binary":"prog","platforms":[{"platform":"linux-x64","checksum":"` + sum + `"}]}`,
		"size as a text":        `{"binary":"prog","platforms":{"linux-x64":{"checksum":"` + sum + `","size":"` + strconv.Itoa(len(p.program)) + `"}}}`,
		"an address of its own": `{"platforms":{"linux-x64":{"checksum":"` + sum + `","url":"../files/p"}}}`,
	} {
		p.answer["/1.2.3/manifest.json"] = func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, manifest) }
		p.answer["/latest"] = func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"version":"1.2.3"}`) }
		target, err := p.fetch(t, "", "linux-x64", t.TempDir())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		p.want(t, target, err)
	}
}

// truncated announces the whole and sends half.
func (p *publisher) truncated(w http.ResponseWriter, r *http.Request) {
	p.ranges = append(p.ranges, r.Header.Get("Range"))
	w.Header().Set("Content-Length", strconv.Itoa(len(p.program)))
	w.Write(p.program[:len(p.program)/2])
	panic(http.ErrAbortHandler)
}

func TestChannelMisbehaves(t *testing.T) {
	text := func(s string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, s) }
	}
	to := func(where string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, where, http.StatusFound) }
	}
	for _, c := range []struct {
		name, path string
		answer     func(p *publisher) http.HandlerFunc
		want       error
		says       string
	}{
		{"wrong checksum", "/1.2.3/manifest.json", func(p *publisher) http.HandlerFunc { return text(p.manifest(strings.Repeat("ab", 32))) }, ErrChecksum, "abab"},
		{"no checksum", "/1.2.3/manifest.json", func(*publisher) http.HandlerFunc { return text(`{"platforms":{"linux-x64":{"checksum":"12"}}}`) }, ErrBadManifest, "SHA-256"},
		{"truncated", programPath, func(p *publisher) http.HandlerFunc { return p.truncated }, ErrTruncated, "160000 bytes came"},
		{"shorter than its manifest", programPath, func(*publisher) http.HandlerFunc { return text("short") }, ErrChecksum, "the manifest says 320000"},
		{"redirect loop", programPath, func(*publisher) http.HandlerFunc { return to(programPath) }, ErrRedirects, "prog"},
		{"redirects in turn", "/latest", func(p *publisher) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) {
				n, _ := strconv.Atoi(r.URL.Query().Get("n"))
				http.Redirect(w, r, "/latest?n="+strconv.Itoa(n+1), http.StatusFound)
			}
		}, ErrRedirects, "latest"},
		{"no program", programPath, func(*publisher) http.HandlerFunc { return http.NotFound }, ErrMissing, "404"},
		{"no pointer", "/latest", func(*publisher) http.HandlerFunc { return http.NotFound }, ErrMissing, "/latest"},
		{"a page for a pointer", "/latest", func(*publisher) http.HandlerFunc { return text("<html>Welcome</html>") }, ErrBadManifest, "no version"},
		{"no manifest", "/1.2.3/manifest.json", func(*publisher) http.HandlerFunc { return http.NotFound }, ErrMissing, "manifest.json"},
		{"half a manifest", "/1.2.3/manifest.json", func(*publisher) http.HandlerFunc { return text(`{"platforms":{`) }, ErrBadManifest, "manifest.json"},
		{"no platform", "/1.2.3/manifest.json", func(*publisher) http.HandlerFunc { return text(`{"platforms":{"darwin-arm64":{}}}`) }, ErrNoPlatform, "it has darwin-arm64"},
		{"another version", "/1.2.3/manifest.json", func(*publisher) http.HandlerFunc { return text(`{"version":"1.2.4","platforms":{}}`) }, ErrBadManifest, "1.2.4"},
		{"a name that leaves", "/1.2.3/manifest.json", func(p *publisher) http.HandlerFunc {
			return text(strings.Replace(p.manifest(""), `"prog"`, `".."`, 1))
		}, ErrUnsafe, ".."},
		{"a server in trouble", programPath, func(*publisher) http.HandlerFunc {
			return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }
		}, ErrFetch, "502"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := publish(t)
			p.answer[c.path] = c.answer(p)
			_, err := p.fetch(t, "", "linux-x64", t.TempDir())
			if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestChannelEndless is a body without an end and without a length.
func TestChannelEndless(t *testing.T) {
	p := publish(t)
	p.answer[programPath] = func(w http.ResponseWriter, _ *http.Request) {
		w.(http.Flusher).Flush()
		for range 1000 {
			if _, err := w.Write(p.program); err != nil {
				return
			}
		}
	}
	if _, err := p.fetch(t, "", "linux-x64", t.TempDir()); !errors.Is(err, ErrTooBig) {
		t.Errorf("got %v", err)
	}
}

func TestChannelResume(t *testing.T) {
	p := publish(t)
	whole, cache := p.answer[programPath], t.TempDir()
	p.answer[programPath] = p.truncated
	if _, err := p.fetch(t, "", "linux-x64", cache); !errors.Is(err, ErrTruncated) {
		t.Fatal(err)
	}
	p.answer[programPath], p.ranges = whole, nil
	target, err := p.fetch(t, "", "linux-x64", cache)
	p.want(t, target, err)
	if len(p.ranges) != 1 || p.ranges[0] != "bytes=160000-" {
		t.Errorf("asked for %q", p.ranges)
	}
	if entries, _ := os.ReadDir(filepath.Join(cache, "channel")); len(entries) > 0 {
		t.Errorf("left in the cache: %v", entries)
	}
	// What lies in the cache is of another file: that is found out, and all of it fetched anew.
	part := filepath.Join(cache, "channel", hexSum(p.program)+".part")
	if err := os.WriteFile(part, make([]byte, 1000), 0o666); err != nil {
		t.Fatal(err)
	}
	p.ranges = nil
	target, err = p.fetch(t, "", "linux-x64", cache)
	p.want(t, target, err)
	if len(p.ranges) != 2 || p.ranges[0] != "bytes=1000-" || p.ranges[1] != "" {
		t.Errorf("asked for %q", p.ranges)
	}
}

func TestChannelInterrupted(t *testing.T) {
	p := publish(t)
	ctx, stop := context.WithCancel(context.Background())
	c, err := ParseChannel("channel:" + p.URL)
	if err != nil {
		t.Fatal(err)
	}
	a, err := c.Resolve(ctx, "linux-x64")
	if err != nil {
		t.Fatal(err)
	}
	target := filepath.Join(t.TempDir(), "out")
	err = c.Download(ctx, a, target, Options{CacheDir: t.TempDir(), Progress: func(Step) { stop() }})
	if _, statErr := os.Stat(target); statErr == nil && err != nil {
		t.Errorf("left in place after %v", err)
	}
	p.answer[programPath] = func(w http.ResponseWriter, r *http.Request) {
		w.Write(p.program[:10])
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}
	ctx, stop = context.WithCancel(context.Background())
	err = c.Download(ctx, a, target+"2", Options{CacheDir: t.TempDir(), Progress: func(Step) { stop() }})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(target + "2"); err == nil {
		t.Error("left in place")
	}
}

func TestParseChannel(t *testing.T) {
	for spec, want := range map[string]string{
		"channel:https://h/a":             "https://h/a latest",
		"channel:https://h/a/@stable":     "https://h/a stable",
		"channel:https://h@1.2.3-beta.1":  "https://h 1.2.3-beta.1",
		"channel:https://u@h/a@latest":    "https://u@h/a latest",
		"channel:https://u@h/a":           "https://u@h/a latest",
		"channel:ftp://h/a":               "",
		"channel:":                        "",
		"channel:https://h/a@newest":      "",
		"channel:/etc/passwd":             "",
		"https://h/a":                     "",
		"channel:https://h/a@1.2.3/b@1.0": "",
	} {
		c, err := ParseChannel(spec)
		got := ""
		if err == nil {
			got = c.Base + " " + c.Wanted
		} else if !errors.Is(err, ErrBadChannel) {
			t.Errorf("%s: %v", spec, err)
		}
		if got != want {
			t.Errorf("%s: got %q", spec, got)
		}
	}
}

func TestFetchPackage(t *testing.T) {
	fakeNPM(t, map[string][]byte{"@s/p@1.2.3": tgz(t, "package/package.json", `{"name":"@s/p"}`, "package/cli.js", "let a=1")})
	got, err := FetchPackage(context.Background(), "@s/p@1.2.3", Options{CacheDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if data, err := os.ReadFile(filepath.Join(got.Dir, "cli.js")); err != nil || string(data) != "let a=1" {
		t.Errorf("got %q, %v", data, err)
	}
	if _, err := FetchPackage(context.Background(), "corrupt@1.0.0", Options{CacheDir: t.TempDir()}); !errors.Is(err, ErrCorrupt) {
		t.Errorf("got %v", err)
	}
}
