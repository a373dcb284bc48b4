package source

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/bundlens/bundlens/internal/lazyregexp"
)

// maxLauncher is the size up to which a package's scripts may be a launcher for a program in another package.
const maxLauncher = 256 << 10

// dependency is a package that another one names, as the registry knows it.
type dependency struct {
	alias string // the directory in node_modules
	name  string
	spec  string // version or range
	// related says that its name belongs to the package that names it.
	related bool
}

// launcher says whether the package's own scripts are so small that its program may lie elsewhere.
func (p *opened) launcher() bool {
	return p.manifest != nil && p.executable == "" && p.loader.scriptBytes() <= maxLauncher
}

// platformPackages are the packages that hold one platform's part of this one, the likeliest first.
func (m *manifest) platformPackages(platform string) []dependency {
	type scored struct {
		dependency
		score int
	}
	var found []scored
	m.json.Get("optionalDependencies").ForEach(func(key, value gjson.Result) bool {
		d := dependency{alias: key.String(), name: key.String(), spec: value.String()}
		if rest, ok := strings.CutPrefix(d.spec, "npm:"); ok {
			d.name, d.spec = splitSpec(rest)
		}
		score, ok := platformScore(d.alias, platform)
		if !ok {
			return true
		}
		d.related = relatedNames(m.name, d.alias)
		if d.related {
			score += 100
		}
		found = append(found, scored{d, score})
		return true
	})
	slices.SortStableFunc(found, func(a, b scored) int { return b.score - a.score })
	out := make([]dependency, len(found))
	for i, f := range found {
		out[i] = f.dependency
	}
	return out
}

// spellings of operating systems and processors, as package names have them.
var spellings = map[string]string{
	"macos": "darwin", "osx": "darwin", "windows": "win32", "win": "win32",
	"amd64": "x64", "x86_64": "x64", "aarch64": "arm64",
}

// words cuts a package's name at everything that separates words in it.
var words = lazyregexp.New(`x86_64|[a-z0-9]+`)

// platformScore says whether a package's name speaks of the platform, and how plainly: a word that the platform does
// not have, such as musl or baseline, makes it less likely.
func platformScore(name, platform string) (score int, ok bool) {
	want := canonicalWords(platform)
	have := canonicalWords(name)
	last := -1
	for _, w := range want {
		i := slices.Index(have, w)
		if i < 0 {
			return 0, false
		}
		last = max(last, i)
	}
	score = 10
	for _, w := range have[last+1:] {
		if w != "gnu" && w != "glibc" && w != "msvc" {
			score -= 3
		}
	}
	return score, true
}

func canonicalWords(s string) []string {
	out := words.Get().FindAllString(strings.ToLower(s), -1)
	for i, w := range out {
		if other, ok := spellings[w]; ok {
			out[i] = other
		}
	}
	return out
}

// relatedNames says whether a dependency's name is built from the package's name or lies in its scope.
func relatedNames(name, dependency string) bool {
	scope, base, scoped := strings.Cut(name, "/")
	if !scoped {
		scope, base = "@"+name, name
	}
	return strings.HasPrefix(dependency, scope+"/") || strings.Contains(dependency, base+"-") ||
		strings.HasPrefix(base, dependencyStem(dependency))
}

// dependencyStem is a dependency's own first word with its separator, long enough to mean something.
func dependencyStem(dependency string) string {
	base := dependency[strings.LastIndex(dependency, "/")+1:]
	stem, _, found := strings.Cut(base, "-")
	if !found || len(stem) < 4 {
		return "\x00" // the prefix of nothing
	}
	return stem + "-"
}

// installedPlatform finds the platform's package among those that are installed with this one.
func (p *opened) installedPlatform(platform string) string {
	abs, err := filepath.Abs(p.root)
	if err != nil {
		return ""
	}
	for _, d := range p.manifest.platformPackages(platform) {
		for at, up := abs, 0; up < maxUp; at, up = filepath.Dir(at), up+1 {
			dir := filepath.Join(at, "node_modules", filepath.FromSlash(d.alias))
			if info, err := os.Stat(dir); err == nil && info.IsDir() {
				return dir
			}
		}
	}
	return ""
}

// missingPlatform names the packages that may hold the program that this one only starts.
func (p *opened) missingPlatform(platform string) []string {
	var names []string
	for _, d := range p.manifest.platformPackages(platform) {
		if d.related {
			names = append(names, d.name+"@"+d.spec)
		}
	}
	return names
}
