package bunextract

import (
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of a safe name, in bytes. File systems allow 255 for a component; the rest is for what users add.
const (
	maxComponent = 220
	maxSafeName  = 800
)

// extensions are given to modules whose name has none, by loader.
var extensions = map[Loader]string{
	LoaderCSS:      ".css",
	LoaderJSON:     ".json",
	LoaderJSONC:    ".jsonc",
	LoaderTOML:     ".toml",
	LoaderWasm:     ".wasm",
	LoaderNAPI:     ".node",
	LoaderText:     ".txt",
	LoaderSQLite:   ".sqlite",
	LoaderHTML:     ".html",
	LoaderYAML:     ".yaml",
	LoaderJSON5:    ".json5",
	LoaderMarkdown: ".md",
}

// SafeNames returns a relative file name for each of the modules, in their order: one that stays below the directory
// it is joined to, that Windows, macOS and Linux all accept, and that is no other's in the list, even where upper
// and lower case are the same. Components are separated by "/".
//
// Names are kept as far as they can be. A component .. becomes __, as modules from outside of the project have it; what
// is not allowed or not visible becomes _; a name without an extension gets that of the module's loader, so that app
// becomes app.js and app-1.0 becomes app-1.0.js; and of equal names, all but the first get a number: app-2.js. Safe
// names are left as they are.
func SafeNames(modules []*Module) []string {
	names := make([]string, len(modules))
	dirs := map[string]bool{} // folded
	for i, m := range modules {
		names[i] = safePath(m.Path())
		names[i] = fit(names[i], missingExtension(names[i], m.Loader))
		for dir := path.Dir(fold(names[i])); dir != "."; dir = path.Dir(dir) {
			dirs[dir] = true
		}
	}
	wanted := map[string]bool{} // folded; a number must not make one of these
	for _, name := range names {
		wanted[fold(name)] = true
	}
	taken := map[string]bool{}
	next := map[string]int{} // the number to try for a name, so that many equal ones take no quadratic time
	for i, name := range names {
		key := fold(name)
		if taken[key] || dirs[key] {
			names[i] = numbered(name, next, func(key string) bool { return taken[key] || dirs[key] || wanted[key] })
		}
		taken[fold(names[i])] = true
	}
	return names
}

// missingExtension returns what a name lacks. An executable's entry has the executable's name, which may have dots but
// no extension, so for JavaScript only those of JavaScript count.
func missingExtension(name string, loader Loader) string {
	ext := path.Ext(name)
	if !loader.IsJavaScript() {
		if ext != "" {
			return ""
		}
		return extensions[loader]
	}
	switch strings.ToLower(ext) {
	case ".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx":
		return ""
	}
	return ".js" // what is stored is the loader's output
}

// numbered puts the first free number behind a name.
func numbered(name string, next map[string]int, used func(key string) bool) string {
	ext := path.Ext(name)
	stem := strings.TrimSuffix(name, ext)
	key := fold(name)
	for n := max(next[key], 2); ; n++ {
		candidate := fit(stem, "-"+strconv.Itoa(n)+ext)
		if !used(fold(candidate)) {
			next[key] = n + 1
			return candidate
		}
	}
}

// safePath makes each component of a path safe.
func safePath(p string) string {
	p = strings.ReplaceAll(p, `\`, "/")
	var safe []string
	size := maxComponent // whatever the last one takes, so that suffixes change nothing
	parts := strings.Split(strings.TrimLeft(path.Clean("./"+p), "/"), "/")
	// Of a path that is too long, the end says most.
	for i := len(parts) - 1; i >= 0; i-- {
		part := safeComponent(parts[i])
		if i < len(parts)-1 {
			size += len(part) + 1
		}
		if size > maxSafeName {
			break
		}
		safe = append(safe, part)
	}
	slices.Reverse(safe)
	return strings.Join(safe, "/")
}

// safeComponent makes one component of a path safe.
func safeComponent(part string) string {
	if part == ".." {
		return "__"
	}
	part = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) || strings.ContainsRune(`<>:"|?*/\`, r) {
			return '_'
		}
		return r
	}, part)
	part = trim(cut(part))
	if isReserved(part) {
		part = trim(cut("_" + part))
	}
	if part == "" {
		return "_"
	}
	return part
}

// trim removes what Windows drops at the end of a name, and so takes for the same name.
func trim(part string) string {
	return strings.TrimRight(part, ". ")
}

// cut shortens a component that is too long, and keeps its extension.
func cut(part string) string {
	if len(part) <= maxComponent {
		return part
	}
	ext := path.Ext(part)
	if len(ext) > maxComponent/4 {
		ext = ""
	}
	return fit(strings.TrimSuffix(part, ext), ext)
}

// fit joins a name and a suffix. The name's last component is shortened if it would get too long.
func fit(name, suffix string) string {
	end := len(name)
	begin := strings.LastIndexByte(name, '/') + 1
	if most := begin + maxComponent - len(suffix); end > most {
		for end = most; !utf8.RuneStart(name[end]); end-- {
		}
	}
	return name[:end] + suffix
}

// isReserved reports whether Windows takes a file of that name for a device, whatever its extension.
func isReserved(part string) bool {
	stem, _, _ := strings.Cut(strings.ToUpper(part), ".")
	stem = strings.TrimRight(stem, " ")
	switch stem {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$":
		return true
	}
	for _, device := range []string{"COM", "LPT"} {
		if number, ok := strings.CutPrefix(stem, device); ok && utf8.RuneCountInString(number) == 1 {
			return strings.Contains("0123456789¹²³", number)
		}
	}
	return false
}

// fold returns the same text for names that differ in case only.
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		least := r
		for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
			least = min(least, other)
		}
		return least
	}, name)
}
