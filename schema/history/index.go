package history

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/diff"
	"github.com/bundlens/bundlens/schema/internal/tokens"
	"github.com/bundlens/bundlens/schema/report"
)

// Index is what a history knows of every version and record.
type Index struct {
	SchemaVersion int       `json:"schemaVersion"`
	Package       string    `json:"package"`
	Engine        string    `json:"engine"`
	Versions      []Version `json:"versions"`
	Failures      []Failure `json:"failures"`
	Records       []Record  `json:"records"`
}

// indexVersion is the version of the index's form.
const indexVersion = 1

// Version is a version and its numbers.
type Version struct {
	Version string `json:"version"`
	Counts
	Tokens int `json:"tokens"`
}

// Record is something that versions have, by its kind and name.
type Record struct {
	Kind      string `json:"kind"`
	Name      string `json:"name"`
	FirstSeen string `json:"firstSeen"`
	LastSeen  string `json:"lastSeen"`
	// Alive says that the newest version has it.
	Alive bool `json:"alive"`
	// Lifetimes are the runs of versions that have it; more than one where it came back.
	Lifetimes []Lifetime `json:"lifetimes"`
	// RenamedFrom is its former name, and Names all that it had before, the oldest first: a record that was renamed or
	// reworded is one, under its newest name.
	RenamedFrom string  `json:"renamedFrom"`
	Names       []Named `json:"names"`
}

// Named is a name that a record had, up to a version.
type Named struct {
	Name  string `json:"name"`
	Until string `json:"until"`
}

// Lifetime is a run of versions, both included.
type Lifetime struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// timeline puts the index together, a version after the other.
type timeline struct {
	records map[[2]string]*Record // by kind and newest name
	gone    []*Record             // whose name another one has taken
	last    string                // the version before
}

// see takes down what a version has.
func (t *timeline) see(version string, doc *schema.Document) {
	for _, key := range keys(doc) {
		r := t.records[key]
		if r == nil {
			r = &Record{Kind: key[0], Name: key[1], FirstSeen: version}
			t.records[key] = r
		}
		if n := len(r.Lifetimes); n > 0 && (r.LastSeen == t.last || r.LastSeen == version) {
			r.Lifetimes[n-1].To = version
		} else {
			r.Lifetimes = append(r.Lifetimes, Lifetime{version, version})
		}
		r.LastSeen = version
	}
	t.last = version
}

// keys are the kinds and names of a document's records.
func keys(d *schema.Document) [][2]string {
	var out [][2]string
	add := func(kind, name string) { out = append(out, [2]string{kind, name}) }
	for _, x := range d.Tools {
		add("tools", x.Name)
	}
	for _, x := range d.Prompts {
		add("prompts", x.ID)
	}
	for _, x := range d.Reminders {
		add("reminders", x.ID)
	}
	for _, x := range d.Agents {
		add("agents", x.Name)
	}
	for _, x := range d.Commands {
		add("commands", x.Name)
	}
	for _, x := range d.Environment {
		add("environment", x.Name)
	}
	for _, x := range d.Flags {
		add("flags", x.Key)
	}
	for _, x := range d.Capabilities {
		add("capabilities", strings.TrimSpace(x.Kind+" "+x.Name))
	}
	return out
}

// renames takes down what a diff calls renamed, before the newer version is seen.
func (t *timeline) renames(r *diff.Result) {
	moved := map[[2]string]*Record{}
	for _, s := range r.Sections {
		for _, x := range s.Records {
			from := [2]string{s.Kind, x.OldName}
			old := t.records[from]
			if x.Change != diff.Renamed || old == nil {
				continue
			}
			delete(t.records, from)
			old.Names = append(old.Names, Named{x.OldName, t.last})
			old.Name, old.RenamedFrom = x.Name, x.OldName
			moved[[2]string{s.Kind, x.Name}] = old
		}
	}
	for key, r := range moved {
		if other := t.records[key]; other != nil {
			t.gone = append(t.gone, other)
		}
		t.records[key] = r
	}
}

// list answers the records by kind and name.
func (t *timeline) list() []Record {
	out := []Record{}
	for _, r := range slices.AppendSeq(t.gone, maps.Values(t.records)) {
		r.Alive = r.LastSeen == t.last
		out = append(out, *r)
	}
	slices.SortFunc(out, func(a, b Record) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name), cmp.Compare(a.FirstSeen, b.FirstSeen), cmp.Compare(a.LastSeen, b.LastSeen))
	})
	return out
}

// write makes the diffs, the index and the change log of all versions that are here. It holds two documents at a time.
func (p Plan) write(ctx context.Context, dir string, s *Summary) error {
	versions, err := stored(dir, p.Engine)
	if err != nil {
		return err
	}
	s.Versions = versions
	index := Index{SchemaVersion: indexVersion, Package: p.Package, Engine: p.Engine, Versions: []Version{}, Failures: s.Failures}
	line := &timeline{records: map[[2]string]*Record{}}
	log := &changeLog{pkg: p.Package}
	keep := map[string]bool{}
	var before *schema.Document
	for i, v := range versions {
		if err := ctx.Err(); err != nil {
			return err
		}
		doc, err := load(dir, v)
		if err != nil {
			return err
		}
		doc.Source.Version = v // what the registry calls it
		var result *diff.Result
		if before != nil {
			if result, err = diff.Compare(before, doc, diff.Options{}); err != nil {
				return err
			}
			line.renames(result)
			name := versions[i-1] + "_to_" + v + ".md"
			keep[name] = true
			if err := writePage(filepath.Join(dir, diffsDir, name), result); err != nil {
				return err
			}
		}
		line.see(v, doc)
		index.Versions = append(index.Versions, Version{v, countsOf(doc), tokens.OfTools(doc)})
		log.add(v, doc, result)
		before = doc
	}
	index.Records = line.list()
	if err := dropOthers(filepath.Join(dir, diffsDir), keep); err != nil {
		return err
	}
	if err := writePages(dir, versions, before, index.Records); err != nil {
		return err
	}
	if err := writeFile(filepath.Join(dir, changesFile), log.page()); err != nil {
		return err
	}
	return writeJSON(filepath.Join(dir, indexFile), index)
}

// writePages writes into the report of the newest version a page for each record, with the version in which it came. The
// reports of the others have none.
func writePages(dir string, versions []string, newest *schema.Document, records []Record) error {
	for _, v := range versions {
		place := versionDir(dir, v)
		if err := errors.Join(os.RemoveAll(filepath.Join(place, report.PagesDir)), os.RemoveAll(filepath.Join(place, report.IndexFile))); err != nil {
			return err
		}
	}
	if newest == nil {
		return nil
	}
	first := map[[2]string]string{}
	for _, r := range records {
		if r.Alive {
			first[[2]string{r.Kind, r.Name}] = r.FirstSeen
		}
	}
	return report.WritePages(newest, versionDir(dir, versions[len(versions)-1]), report.PageOptions{
		FirstSeen: func(list, name string) string { return first[[2]string{list, name}] },
	})
}

func writePage(path string, r *diff.Result) error {
	var b bytes.Buffer
	if err := r.WriteMarkdown(&b, diff.Full); err != nil {
		return err
	}
	return writeFile(path, b.Bytes())
}

// dropOthers removes the diffs of versions that no longer follow each other.
func dropOthers(dir string, keep map[string]bool) error {
	pages, err := filepath.Glob(filepath.Join(dir, "*_to_*.md"))
	if err != nil {
		return err
	}
	for _, page := range pages {
		if !keep[filepath.Base(page)] {
			if err := os.Remove(page); err != nil {
				return err
			}
		}
	}
	return nil
}
