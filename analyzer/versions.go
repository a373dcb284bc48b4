package analyzer

import (
	"strconv"

	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
	"github.com/bundlens/bundlens/analyzer/internal/textsearch"
	"github.com/bundlens/bundlens/internal/lazyregexp"
	"github.com/bundlens/bundlens/internal/zod"
)

// versions knows where in a program copies of the schema library say which version they are.
type versions struct {
	records [][]versionRecord // by module
	names   []string          // of the modules
	only    zod.Version       // the version of all of them, if they agree
	several bool
}

type versionRecord struct {
	at      int
	version zod.Version
}

var versionPattern = lazyregexp.New(`\bmajor:\s*(\d+),\s*minor:\s*(\d+),\s*patch:\s*(\d+)`)

// newVersions finds the records that the library keeps of its version: {major:4,minor:0,patch:0}.
func newVersions(program *scope.Program) *versions {
	v := &versions{records: make([][]versionRecord, len(program.Modules))}
	for i, m := range program.Modules {
		v.names = append(v.names, m.Name)
		for at := range textsearch.All(m.Text, "major:") {
			v.read(i, at, m.Text[at:min(len(m.Text), at+80)])
		}
	}
	return v
}

func (v *versions) read(module, at int, text []byte) {
	g := versionPattern.Get().FindSubmatch(text)
	if g == nil || string(g[1]) != "4" {
		return
	}
	number := func(b []byte) int { n, _ := strconv.Atoi(string(b)); return n }
	version := zod.Version{Major: 4, Minor: number(g[2]), Patch: number(g[3])}
	if !v.several && v.only.IsZero() {
		v.only = version
	} else if v.only != version {
		v.several = true
	}
	v.records[module] = append(v.records[module], versionRecord{at, version})
}

// at returns the version of the library copy that a class belongs to: the record nearest to where the class stands, in its
// module, or in that which lies nearest to it where the copy is several files.
func (v *versions) at(site eval.Site) zod.Version {
	if !v.several || site.Module >= len(v.records) {
		return v.only
	}
	module := v.nearest(site.Module)
	best, distance := v.only, -1
	for _, r := range v.records[module] {
		d := max(r.at-int(site.Start), int(site.Start)-r.at)
		if distance < 0 || d < distance {
			best, distance = r.version, d
		}
	}
	return best
}

// nearest is the module with a record whose name has the most in common with that of a module: itself, where it has one.
func (v *versions) nearest(module int) int {
	best, most := module, -1
	for i, records := range v.records {
		if len(records) == 0 || len(v.records[module]) > 0 {
			continue
		}
		if n := inCommon(v.names[i], v.names[module]); n > most {
			best, most = i, n
		}
	}
	return best
}

// inCommon is how many bytes of folders two names begin with alike.
func inCommon(a, b string) (n int) {
	for i := 0; i < len(a) && i < len(b) && a[i] == b[i]; i++ {
		if a[i] == '/' {
			n = i + 1
		}
	}
	return n
}
