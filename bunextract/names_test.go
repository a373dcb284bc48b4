package bunextract

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// assets makes modules that have no extension added.
func assets(names ...string) []*Module {
	var modules []*Module
	for _, name := range names {
		modules = append(modules, &Module{Name: name, Loader: LoaderFile})
	}
	return modules
}

func TestSafeNames(t *testing.T) {
	tests := []struct {
		name string
		in   []string
		want []string
	}{
		{"kept", []string{"/$bunfs/root/a.js", "/$bunfs/root/dir/b.txt", "B:/~BUN/root/c", "compiled://root/./d.js"}, []string{"a.js", "dir/b.txt", "c", "d.js"}},
		{"parents", []string{"/$bunfs/root/../lazy.js", "/$bunfs/root/../../x/../y.js", "/$bunfs/root/a/../b.js"}, []string{"__/lazy.js", "__/__/y.js", "b.js"}},
		{"absolute", []string{"/etc/passwd", "/$bunfs/root//etc/shadow", "//host/share/x"}, []string{"etc/passwd", "etc/shadow", "host/share/x"}},
		{"drives", []string{"C:/Windows/x", `C:\Windows\y`, "c:z"}, []string{"C_/Windows/x", "C_/Windows/y", "c_z"}},
		{"backslashes", []string{`..\..\x`, `a\b`}, []string{"__/__/x", "a/b"}},
		{"not allowed", []string{"a\x00b", "a<b>c:d\"e|f?g*h", "a\nb", "a\u202eb", "\xff\xfe"}, []string{"a_b", "a_b_c_d_e_f_g_h", "a_b-2", "a_b-3", "__"}},
		{"devices", []string{"con", "NUL.txt", "aux.tar.gz", "COM1", "com¹.js", "LPT9", "com", "com10", "console", "x/prn /y"},
			[]string{"_con", "_NUL.txt", "_aux.tar.gz", "_COM1", "_com¹.js", "_LPT9", "com", "com10", "console", "x/_prn/y"}},
		{"ends in dots", []string{"tui-1.", "a. .", "b /c", "...", "d./e"}, []string{"tui-1", "a", "b/c", "_", "d/e"}},
		{"nothing", []string{"", ".", "/", "/$bunfs/root/", "./"}, []string{"_", "_-2", "_-3", "_-4", "_-5"}},
		{"equal", []string{"a.js", "a.js", "a.js", "b/a.js", "x.tar.gz", "x.tar.gz"}, []string{"a.js", "a-2.js", "a-3.js", "b/a.js", "x.tar.gz", "x.tar-2.gz"}},
		{"equal but for case", []string{"Readme.md", "README.md", "dir/K", "dir/\u212a"}, []string{"Readme.md", "README-2.md", "dir/K", "dir/\u212a-2"}},
		{"a number that is taken", []string{"a.js", "a.js", "a-2.js", "a-2.js"}, []string{"a.js", "a-3.js", "a-2.js", "a-2-2.js"}},
		{"file and directory", []string{"a", "a/b", "A/c/d", "a/C"}, []string{"a-2", "a/b", "A/c/d", "a/C-2"}},
		{"long", []string{strings.Repeat("x", 300) + ".js", strings.Repeat("ä", 150), "con" + strings.Repeat(" ", 300) + "x"}, []string{strings.Repeat("x", 217) + ".js", strings.Repeat("ä", 110), "_con"}},
		{"deep", []string{strings.Repeat("d/", 5000) + "x"}, []string{strings.Repeat("d/", 290) + "x"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := SafeNames(assets(test.in...))
			if !slices.Equal(got, test.want) {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
			checkSafe(t, got)
		})
	}
}

func TestSafeNamesExtensions(t *testing.T) {
	tests := []struct {
		name   string
		loader Loader
		want   string
	}{
		{"app", LoaderJS, "app.js"},
		{"app", LoaderTSX, "app.js"},
		{"app-1.0.2", LoaderJS, "app-1.0.2.js"},
		{"app.exe", LoaderJS, "app.exe.js"},
		{"app.TS", LoaderTS, "app.TS"},
		{"app.mjs", LoaderJS, "app.mjs"},
		{"app.", LoaderJS, "app.js"},
		{"con", LoaderJS, "_con.js"},
		{"lib", LoaderNAPI, "lib.node"},
		{"lib", LoaderWasm, "lib.wasm"},
		{"note", LoaderText, "note.txt"},
		{"note.md", LoaderText, "note.md"},
		{"blob", LoaderFile, "blob"},
		{"blob", Loader(200), "blob"},
	}
	for _, test := range tests {
		got := SafeNames([]*Module{{Name: "/$bunfs/root/" + test.name, Loader: test.loader}})
		if got[0] != test.want {
			t.Errorf("%s with loader %v is %q, want %q", test.name, test.loader, got[0], test.want)
		}
	}
}

// checkSafe checks everything that SafeNames promises.
func checkSafe(t *testing.T, names []string) {
	t.Helper()
	files, dirs := map[string]string{}, map[string]bool{}
	for _, name := range names {
		if path.IsAbs(name) || path.Clean(name) != name || name == "." || strings.HasPrefix(name, "../") {
			t.Errorf("%q is not a clean relative path", name)
		}
		if !utf8.ValidString(name) || strings.ContainsAny(name, "\\:<>\"|?*") || len(name) > 1000 {
			t.Errorf("%q has bytes that are not allowed, or too many", name)
		}
		for part := range strings.SplitSeq(name, "/") {
			stem, _, _ := strings.Cut(part, ".")
			switch {
			case part == "", part == "..", strings.HasSuffix(part, "."), strings.HasSuffix(part, " "), len(part) > 255:
				t.Errorf("%q has the component %q", name, part)
			case slices.Contains([]string{"CON", "PRN", "AUX", "NUL", "COM1", "LPT0"}, strings.ToUpper(strings.TrimRight(stem, " "))):
				t.Errorf("%q is a device", name)
			}
		}
		for _, r := range name {
			if !unicode.IsPrint(r) {
				t.Errorf("%q has %U", name, r)
			}
		}
		// Lower case of upper case: an independent, somewhat coarser notion of the same letter.
		key := strings.ToLower(strings.ToUpper(name))
		if fold(name) == fold(files[key]) && files[key] != "" {
			t.Errorf("%q and %q are the same file", name, files[key])
		}
		files[key] = name
		for dir := path.Dir(key); dir != "."; dir = path.Dir(dir) {
			dirs[dir] = true
		}
	}
	for key, name := range files {
		if dirs[key] {
			t.Errorf("%q is a directory, too", name)
		}
	}
	if again := SafeNames(assets(names...)); !slices.Equal(again, names) {
		t.Errorf("safe names changed:\n%q\n%q", names, again)
	}
}

// Many equal names take no quadratic time.
func TestSafeNamesMany(t *testing.T) {
	var names []string
	for i := range 5000 {
		names = append(names, "/$bunfs/root/a.js", fmt.Sprintf("/$bunfs/root/a-%d.js", i))
	}
	checkSafe(t, SafeNames(assets(names...)))
}
