package source

import (
	"context"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// fakeNPM puts a client on the PATH that knows the given packages, by NAME@VERSION, and one tag, latest. It writes a
// line into a log for each of its runs, whose reader is answered.
func fakeNPM(t *testing.T, packages map[string][]byte) (runs func() int) {
	t.Helper()
	dir := fakeNPMIn(t, packages)
	return func() int {
		log, _ := os.ReadFile(filepath.Join(dir, "log"))
		return strings.Count(string(log), "\n")
	}
}

// fakeNPMIn is fakeNPM that answers the directory of the client. A script there of the name wrong runs after it installed
// something, with the directory of the dependency in $l.
func fakeNPMIn(t *testing.T, packages map[string][]byte) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the stand-in for npm is a shell script")
	}
	dir := t.TempDir()
	script := "#!/bin/sh\necho run >>" + dir + "/log\nverb=$1 spec=$2\n" + `while [ $# -gt 0 ]; do
	case $1 in --pack-destination|--prefix) to=$2;; esac
	shift
done
[ -z "$to" ] || cd "$to"
case "$verb $spec" in
prefix*) pwd;;
`
	for spec, data := range packages {
		name, version := splitSpec(spec)
		file := filepath.Join(dir, strings.NewReplacer("/", "-", "@", "").Replace(spec))
		if err := os.WriteFile(file, data, 0o666); err != nil {
			t.Fatal(err)
		}
		sum := sha512.Sum512(data)
		script += fmt.Sprintf("'view %s'|'view %s@latest') echo '\"%s\"';;\n", name, name, version)
		script += fmt.Sprintf(`'pack %s') cp %s p.tgz; echo '[{"name":"%s","version":"%s","integrity":"sha512-%s"}]';;`+"\n",
			spec, file, name, version, base64.StdEncoding.EncodeToString(sum[:]))
		script += fmt.Sprintf("'install %s') m=node_modules/%s l=node_modules/lib; mkdir -p $m $l; tar xzf %s -C $m --strip-components=1\n",
			spec, name, file)
		script += `echo 1 >$l/index.js; echo '{"name":"lib","version":"1.0.0"}' >$l/package.json
echo '{"packages":{"node_modules/lib":{"version":"1.0.0"}}}' >node_modules/.package-lock.json
[ ! -e ` + dir + `/wrong ] || . ` + dir + "/wrong;;\n"
	}
	script += `'pack corrupt@1.0.0') echo x >p.tgz; echo '[{"name":"corrupt","version":"1.0.0","integrity":"sha512-AAAA"}]';;
'pack '*@9.9.9) echo '{"error":{"code":"ETARGET","summary":"No matching version"}}'; exit 1;;
'view '*@none) echo '{"error":{"code":"E404","summary":"No match found for version none"}}'; exit 1;;
*offline*) echo '{"error":{"code":"ENOTFOUND","summary":"network"}}'; exit 1;;
*) echo '{"error":{"code":"E404","summary":"Not Found"}}'; exit 1;;
esac
`
	if err := os.WriteFile(filepath.Join(dir, "npm"), []byte(script), 0o777); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	return dir
}

func TestOpenNPM(t *testing.T) {
	runs := fakeNPM(t, map[string][]byte{
		"@s/p@1.2.3": tgz(t, "package/package.json", `{"name":"@s/p","version":"1.2.3","bin":"cli.js"}`, "package/cli.js", "let a=1"),
	})
	opts := Options{CacheDir: t.TempDir()}
	for i, spec := range []string{"npm:@s/p", "npm:@s/p@1.2.3", "npm:@s/p@latest"} {
		in := mustOpen(t, spec, opts)
		wantModules(t, in, "cli.js")
		d := in.Describe()
		if d.Name != "npm:@s/p@1.2.3" || d.Kind != "package" || len(d.SHA256) != 64 || d.Size == 0 {
			t.Errorf("described as %+v", d)
		}
		// A tag is asked for each time; an exact version only where it is not in the cache.
		if want := []int{2, 2, 3}[i]; runs() != want {
			t.Errorf("%s: %d runs of the client, want %d", spec, runs(), want)
		}
	}
	entries, err := os.ReadDir(filepath.Join(opts.CacheDir, "npm"))
	if err != nil || len(entries) != 1 {
		t.Errorf("in the cache: %v, %v", entries, err)
	}
}

func TestOpenNPMLauncher(t *testing.T) {
	fakeNPM(t, map[string][]byte{
		"p@1.0.0": tgz(t, "package/package.json",
			`{"name":"p","version":"1.0.0","bin":"stub.js","optionalDependencies":{"p-linux-x64":"1.0.0","p-win32-x64":"1.0.0","addon-linux-x64":"1.0.0"}}`,
			"package/stub.js", "spawn()"),
		"p-linux-x64@1.0.0": tgz(t, "package/package.json", `{"name":"p-linux-x64","version":"1.0.0"}`, "package/prog.js", "the('whole program')"),
		"native@1.0.0": tgz(t, "package/package.json",
			`{"name":"native","version":"1.0.0","bin":"stub.js","optionalDependencies":{"native-linux-x64":"1.0.0"}}`, "package/stub.js", "spawn()"),
		"native-linux-x64@1.0.0": tgz(t, "package/package.json", `{"name":"native-linux-x64"}`,
			"package/bin/prog", "\x7fELF"+strings.Repeat("\x00", minExecutable)),
		"was@1.0.0": tgz(t, "package/package.json",
			`{"name":"was","version":"1.0.0","bin":"node_modules/own/own.js","dependencies":{"own":"1.0.0"}}`),
		"own@1.0.0": tgz(t, "package/package.json",
			`{"name":"own","version":"1.0.0","bin":"own.js","optionalDependencies":{"addon-linux-x64":"1.0.0"}}`, "package/own.js", "let a=1"),
		"addon-linux-x64@1.0.0": tgz(t, "package/package.json", `{"name":"addon-linux-x64"}`, "package/a.node", "\x7fELF"),
	})
	opts := Options{CacheDir: t.TempDir()}
	if _, err := Open(context.Background(), "npm:native", opts); !errors.Is(err, ErrNothing) || !strings.Contains(err.Error(), "npm:native-linux-x64@1.0.0") {
		t.Errorf("a program that is no JavaScript: got %v", err)
	}
	wantModules(t, mustOpen(t, "npm:was", opts), "own.js")
	in := mustOpen(t, "npm:p", opts)
	wantModules(t, in, "prog.js")
	if in.Describe().Name != "npm:p@1.0.0" {
		t.Errorf("described as %+v", in.Describe())
	}
	wantModules(t, mustOpen(t, "npm:own", opts), "own.js")
	opts.Platform = "win32-x64"
	if _, err := Open(context.Background(), "npm:p", opts); !errors.Is(err, ErrUnknownPackage) {
		t.Errorf("a platform's package that is missing: got %v", err)
	}
}

func TestOpenNPMDependencies(t *testing.T) {
	program := func(name, imports string) []byte {
		return tgz(t, "package/package.json", `{"name":"`+name+`","version":"1.0.0","main":"a.js","dependencies":{"lib":"^1.0.0"}}`,
			"package/a.js", imports)
	}
	runs := fakeNPM(t, map[string][]byte{
		"@s/open@1.0.0": program("@s/open", `import "lib"; import "node:fs"`),
		"bundled@1.0.0": program("bundled", `import "fs"; import "undeclared"`),
	})
	opts := Options{CacheDir: t.TempDir()}
	for range 2 {
		wantModules(t, mustOpen(t, "npm:@s/open@1.0.0", opts), "a.js", "../../../node_modules/lib/index.js")
	}
	if runs() != 3 {
		t.Errorf("%d runs of the client, want 3: pack, prefix and install", runs())
	}
	wantModules(t, mustOpen(t, "npm:bundled@1.0.0", opts), "a.js")
	if runs() != 4 {
		t.Errorf("%d runs of the client, want 4: what is a bundle needs no dependencies", runs())
	}
}

func TestOpenNPMWithoutDependencies(t *testing.T) {
	fakeNPM(t, map[string][]byte{"p@1.0.0": tgz(t,
		"package/package.json", `{"name":"p","version":"1.0.0","main":"a.js","dependencies":{"lib":"^1.0.0"}}`, "package/a.js", `import "lib"`)})
	opts := Options{CacheDir: t.TempDir()}
	if got, err := fetch(context.Background(), "p", "1.0.0", opts.orDefault()); err != nil || got == nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", t.TempDir())
	in := mustOpen(t, "npm:p@1.0.0", opts)
	wantModules(t, in, "a.js", "node_modules/lib")
	if in.Modules[1].Err == nil {
		t.Error("a dependency that is not here counts as read")
	}
	if len(in.Warnings) != 1 || !errors.Is(in.Warnings[0], ErrNoNPM) {
		t.Errorf("warnings: %v", in.Warnings)
	}
}

func TestOpenNPMErrors(t *testing.T) {
	fakeNPM(t, map[string][]byte{
		"text@1.0.0":  tgz(t, "package/package.json", `{"name":"text"}`, "package/a.txt", "x"),
		"wrong@1.0.0": []byte("\x1f\x8b"),
	})
	opts := Options{CacheDir: t.TempDir()}
	for spec, want := range map[string]error{
		"npm:text@9.9.9": ErrUnknownVersion, "npm:text@none": ErrUnknownVersion, "npm:nobody": ErrUnknownPackage,
		"npm:corrupt@1.0.0": ErrCorrupt, "npm:wrong@1.0.0": ErrTruncated, "npm:text": ErrNothing, "npm:offline": ErrFetch,
	} {
		_, err := Open(context.Background(), spec, opts)
		if !errors.Is(err, want) || !strings.HasPrefix(err.Error(), spec) {
			t.Errorf("%s: got %v, want %v", spec, err, want)
		}
		if err != nil && strings.Contains(err.Error(), opts.CacheDir) {
			t.Errorf("%s: a path of the cache in %v", spec, err)
		}
	}
	left, _ := filepath.Glob(filepath.Join(opts.CacheDir, "npm", ".fetch-*"))
	if len(left) != 0 {
		t.Errorf("left behind: %q", left)
	}
	t.Setenv("PATH", t.TempDir())
	if _, err := Open(context.Background(), "npm:other", opts); !errors.Is(err, ErrNoNPM) {
		t.Errorf("without npm: got %v", err)
	}
}

// TestAbandoned has directories in the cache in which somebody fetched: one was killed long ago, one is at work.
func TestAbandoned(t *testing.T) {
	fakeNPM(t, map[string][]byte{"p@1.0.0": tgz(t, "package/cli.js", "let a=1")})
	opts, old := Options{CacheDir: t.TempDir()}, time.Now().Add(-2*abandonedAfter)
	cache, err := cacheDir(opts)
	if err != nil {
		t.Fatal(err)
	}
	for name, changed := range map[string]time.Time{"killed": old, "at work": time.Now()} {
		dir := filepath.Join(cache, fetchingPrefix+name)
		file := filepath.Join(dir, "p.tgz")
		if err := errors.Join(os.MkdirAll(dir, 0o777), os.WriteFile(file, nil, 0o666), os.Chtimes(file, changed, changed), os.Chtimes(dir, old, old)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := FetchPackage(context.Background(), "p@1.0.0", opts); err != nil {
		t.Fatal(err)
	}
	left, err := filepath.Glob(filepath.Join(cache, fetchingPrefix+"*"))
	if err != nil || len(left) != 1 || filepath.Base(left[0]) != fetchingPrefix+"at work" {
		t.Errorf("left are %v, %v", left, err)
	}
}

// damages are what can happen to a directory of the cache. Each has to be noticed, and the directory fetched again.
var damages = map[string]func(file string) error{
	"emptied": func(file string) error { return os.Truncate(file, 0) },
	"cut":     func(file string) error { return os.Truncate(file, 3) },
	"removed": os.Remove,
	"changed": func(file string) error {
		data, err := os.ReadFile(file)
		if err == nil {
			data[0] ^= 1
			err = os.WriteFile(file, data, 0o666)
		}
		return err
	},
}

func TestDamagedCache(t *testing.T) {
	fakeNPM(t, map[string][]byte{"p@1.0.0": tgz(t,
		"package/package.json", `{"name":"p","version":"1.0.0","main":"a.js","dependencies":{"lib":"^1.0.0"}}`, "package/a.js", `import "lib"`)})
	opts := Options{CacheDir: t.TempDir()}
	place, tree := slot(filepath.Join(opts.CacheDir, "npm"), "p", "1.0.0"), "+dependencies"
	for how, damage := range damages {
		for _, file := range []string{
			place + "/package/a.js", place + "/package/package.json", place + "/sealed",
			place + tree + "/node_modules/lib/index.js", place + tree + "/node_modules/lib/package.json", place + tree + "/sealed",
		} {
			mustOpen(t, "npm:p@1.0.0", opts)
			whole, err := os.ReadFile(file)
			if err == nil {
				err = damage(file)
			}
			if err != nil {
				t.Fatal(err)
			}
			in := mustOpen(t, "npm:p@1.0.0", opts)
			wantModules(t, in, "a.js", "../../node_modules/lib/index.js")
			if again, err := os.ReadFile(file); err != nil || !slices.Equal(again, whole) || len(in.Warnings) > 0 {
				t.Errorf("%s %s: after another run it holds %q, %v; warnings %v", file, how, again, err, in.Warnings)
			}
		}
	}
}

// TestIncompleteDependencies has a client that says it has installed all, and did not.
func TestIncompleteDependencies(t *testing.T) {
	program := tgz(t, "package/package.json", `{"name":"p","version":"1.0.0","main":"a.js","dependencies":{"lib":"^1.0.0"}}`, "package/a.js", `import "lib"`)
	for what, wrong := range map[string]struct {
		script string
		want   error
	}{
		"an emptied package.json": {`: >$l/package.json`, ErrFetch},
		"half of a package.json":  {`echo '{"name":"li' >$l/package.json`, ErrFetch},
		"no package.json":         {`rm $l/package.json`, ErrFetch},
		"another version":         {`echo '{"version":"0.9.0"}' >$l/package.json`, ErrFetch},
		"no list":                 {`rm node_modules/.package-lock.json`, ErrFetch},
		"an entry not unpacked":   {`echo npm warn tar TAR_ENTRY_ERROR EIO: i/o error, write >&2`, ErrFetch},
		"a full disk":             {`echo npm warn tar TAR_ENTRY_ERROR ENOSPC: no space left on device, write >&2`, ErrNoSpace},
	} {
		dir := fakeNPMIn(t, map[string][]byte{"p@1.0.0": program})
		if err := os.WriteFile(filepath.Join(dir, "wrong"), []byte(wrong.script), 0o666); err != nil {
			t.Fatal(err)
		}
		opts := Options{CacheDir: t.TempDir()}
		in, err := Open(context.Background(), "npm:p@1.0.0", opts)
		if err == nil {
			t.Cleanup(func() { in.Close() })
			wantModules(t, in, "a.js", "node_modules/lib")
			err = errors.Join(in.Warnings...)
		} else if wrong.want != ErrNoSpace {
			t.Errorf("%s: %v", what, err)
		}
		if !errors.Is(err, wrong.want) {
			t.Errorf("%s: got %v, want %v", what, err, wrong.want)
		}
		if left, _ := filepath.Glob(filepath.Join(opts.CacheDir, "npm", "*+dependencies")); len(left) > 0 {
			t.Errorf("%s: %q is kept", what, left)
		}
	}
}

// TestProjectConfiguration looks at what the client finds in its working directory and where it installs: the .npmrc of
// the project counts in both, and is not kept.
func TestProjectConfiguration(t *testing.T) {
	program := tgz(t, "package/package.json", `{"name":"p","version":"1.0.0","main":"a.js","dependencies":{"lib":"^1.0.0"}}`, "package/a.js", `import "lib"`)
	dir := fakeNPMIn(t, map[string][]byte{"p@1.0.0": program})
	if err := os.WriteFile(filepath.Join(dir, "wrong"), []byte("cat .npmrc >$l/index.js"), 0o666); err != nil {
		t.Fatal(err)
	}
	project := tree(t, ".npmrc", "registry=http://127.0.0.1:1/\n")
	t.Chdir(project)
	opts := Options{CacheDir: t.TempDir()}
	in := mustOpen(t, "npm:p@1.0.0", opts)
	if got := string(in.Modules[len(in.Modules)-1].Source); got != "registry=http://127.0.0.1:1/\n" {
		t.Errorf("where it installs the client reads %q", got)
	}
	kept, err := filepath.Glob(filepath.Join(opts.CacheDir, "npm", "*", ".npmrc"))
	if err != nil || len(kept) > 0 {
		t.Errorf("kept: %q, %v", kept, err)
	}
}
