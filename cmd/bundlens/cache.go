package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/bundlens/bundlens/analyzer/source"
	"github.com/bundlens/bundlens/internal/lazyregexp"
	"github.com/bundlens/bundlens/internal/regular"
	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/report"
)

// The cache keeps the reports of analyses, each in a directory below the user's cache directory, by what was read, which
// program read it and with which options. An entry holds the files that report writes, its pages, and entry.json beside them. A
// stamp is a small file that leads from an input that can be told without opening it to what was read of it.

const (
	entryFile     = "entry.json"
	reportDir     = "report"
	pagesFile     = "pages.tar"
	maxCacheBytes = 1 << 30
)

// cache is the directory of cached analyses. A nil cache keeps nothing and finds nothing.
type cache struct{ dir string }

// entry says of a cached analysis what its report does not.
type entry struct {
	Input   string    `json:"input"`
	Engine  string    `json:"engine"`
	Options string    `json:"options"`
	Missing []string  `json:"missing"`
	Bytes   int64     `json:"bytes"`
	Made    time.Time `json:"made"`

	dir  string
	used time.Time
}

// report is where the entry's files are.
func (e *entry) report() string { return filepath.Join(e.dir, reportDir) }

// writeTo writes the report with its pages into a directory that is empty.
func (e *entry) writeTo(dir string) error {
	if err := os.CopyFS(dir, os.DirFS(e.report())); err != nil {
		return err
	}
	return unpackPages(filepath.Join(e.dir, pagesFile), dir)
}

// openCache finds the cache; nil where the user has none, or wants none.
func openCache(wanted bool) *cache {
	dir, err := os.UserCacheDir()
	if err != nil || !wanted {
		return nil
	}
	return &cache{filepath.Join(dir, "bundlens", "analyses")}
}

// key names what is made of parts, for a file.
func key(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d %s\n", len(p), p)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// engineID is which program this is. One that was built from a working copy is known by its file.
func engineID() string {
	id := version()
	if file, err := os.Executable(); err == nil {
		if info, err := os.Stat(file); err == nil {
			id += fmt.Sprintf(" %d %d", info.Size(), info.ModTime().UnixNano())
		}
	}
	return id
}

// id are the options of an analysis that change what it finds, as text.
func (o engineOptions) id(facts []string) string {
	text := fmt.Sprintf("facts %q, schema-io %q, refs %q", facts, o.schemaIO, o.refs)
	if o.vocabulary != "" {
		text += fmt.Sprintf(", vocabulary %q", o.vocabulary)
	}
	for _, k := range slices.Sorted(maps.Keys(o.assume)) {
		text += fmt.Sprintf(", %s=%q", k, o.assume[k])
	}
	return text
}

// contentID tells what was read of an input.
func contentID(in *source.Input) string {
	h := sha256.New()
	for i := range in.Modules {
		m := &in.Modules[i]
		fmt.Fprintf(h, "%q %d %d %v\n", m.Name, m.Kind, m.Size, m.Entry)
		if m.Source == nil {
			if data, err := m.Read(); err == nil {
				h.Write(data)
				continue
			}
		}
		h.Write(m.Source)
	}
	d := in.Describe()
	fmt.Fprintf(h, "%+v", d)
	return hex.EncodeToString(h.Sum(nil))
}

// exactVersion is a specification of a package that always means the same.
var exactVersion = lazyregexp.New(`^npm:.+@\d+\.\d+\.\d+[^@]*$`)

// stampID tells an input without opening it; "" for one that has to be opened.
func stampID(input, platform string) string {
	if exactVersion.Get().MatchString(input) {
		return key("npm", input, platform)
	}
	info, err := os.Stat(input)
	if err != nil || !info.Mode().IsRegular() || filepath.Ext(input) == ".js" || filepath.Ext(input) == ".mjs" || filepath.Ext(input) == ".cjs" {
		return "" // a script imports files beside it
	}
	abs, err := filepath.Abs(input)
	if err != nil {
		return ""
	}
	return key("file", abs, platform, fmt.Sprint(info.Size()), info.ModTime().UTC().Format(time.RFC3339Nano))
}

// find gives the entry for what was read with some options. Where more facts than those that were asked for do no harm,
// an entry with all of them is as good.
func (c *cache) find(content string, o engineOptions, orMore bool) *entry {
	if c == nil || content == "" {
		return nil
	}
	sets := [][]string{factList(o.facts)}
	if orMore {
		sets = append(sets, factNames())
	}
	for _, facts := range sets {
		if e := c.read(key(content, engineID(), o.id(facts))); e != nil {
			now := time.Now()
			os.Chtimes(filepath.Join(e.dir, entryFile), now, now) // it was of use
			return e
		}
	}
	return nil
}

func (c *cache) read(name string) *entry {
	dir := filepath.Join(c.dir, name)
	file := filepath.Join(dir, entryFile)
	data, err := regular.Read(context.Background(), file, maxFile)
	e := &entry{dir: dir}
	if err != nil || json.Unmarshal(data, e) != nil {
		return nil
	}
	if info, err := os.Stat(file); err == nil {
		e.used = info.ModTime()
	}
	return e
}

func (c *cache) stampFile(stamp string) string { return filepath.Join(c.dir, "stamp-"+stamp) }

// stamped is what was read of an input of which nothing but the stamp is known.
func (c *cache) stamped(stamp string) string {
	if c == nil || stamp == "" {
		return ""
	}
	content, err := regular.Read(context.Background(), c.stampFile(stamp), maxFile)
	if err != nil {
		return ""
	}
	return string(content)
}

// stamp remembers what was read of an input. That it can't be written only costs time later.
func (c *cache) stamp(stamp, content string) error {
	if c == nil || stamp == "" {
		return nil
	}
	return writeFileAtomically(c.stampFile(stamp), func(w io.Writer) error {
		_, err := io.WriteString(w, content)
		return err
	})
}

// keep writes an analysis into the cache and makes room for it. What can't be kept is not: the result does not depend on
// it.
func (c *cache) keep(content string, o engineOptions, input string, missing []string, doc *schema.Document) (*entry, error) {
	if c == nil || content == "" {
		return nil, nil
	}
	if err := os.MkdirAll(c.dir, 0o755); err != nil {
		return nil, err
	}
	tmp, err := os.MkdirTemp(c.dir, "tmp-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	if err := os.Mkdir(filepath.Join(tmp, reportDir), 0o755); err != nil {
		return nil, err
	}
	if err := report.Write(doc, filepath.Join(tmp, reportDir)); err != nil {
		return nil, err
	}
	if err := packPages(doc, filepath.Join(tmp, pagesFile)); err != nil {
		return nil, err
	}
	facts := factList(o.facts)
	e := entry{Input: input, Engine: engineID(), Options: o.id(facts), Missing: missing, Bytes: sizeOf(tmp), Made: time.Now().UTC().Truncate(time.Second)}
	data, err := json.Marshal(e)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(tmp, entryFile), data, 0o644); err != nil {
		return nil, err
	}
	e.dir = filepath.Join(c.dir, key(content, e.Engine, e.Options))
	os.RemoveAll(e.dir)
	if err := os.Rename(tmp, e.dir); err != nil {
		return nil, err
	}
	_, err = c.prune(maxCacheBytes)
	return &e, err
}

func sizeOf(dir string) (total int64) {
	walkFiles(dir, func(name string) error {
		if info, err := os.Stat(filepath.Join(dir, filepath.FromSlash(name))); err == nil {
			total += info.Size()
		}
		return nil
	})
	return total
}

// list are the entries, the last used first.
func (c *cache) list() (entries []*entry, err error) {
	if c == nil {
		return nil, nil
	}
	dirs, err := os.ReadDir(c.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	for _, d := range dirs {
		if e := c.read(d.Name()); e != nil {
			entries = append(entries, e)
		}
	}
	slices.SortStableFunc(entries, func(a, b *entry) int { return b.used.Compare(a.used) })
	return entries, err
}

// prune removes the entries that were not used for longest, until the others have no more than some bytes, and what
// leads nowhere.
func (c *cache) prune(limit int64) (removed int, err error) {
	entries, err := c.list()
	if err != nil {
		return 0, err
	}
	var total int64
	for _, e := range entries {
		if total += e.Bytes; total > limit {
			removed++
			err = errors.Join(err, os.RemoveAll(e.dir))
		}
	}
	return removed, errors.Join(err, c.sweep())
}

// maxStampAge is how long a stamp is kept, and what a run that was killed left behind.
const maxStampAge = 90 * 24 * time.Hour

func (c *cache) sweep() (err error) {
	files, err := os.ReadDir(c.dir)
	for _, f := range files {
		info, errInfo := f.Info()
		if errInfo == nil && time.Since(info.ModTime()) > maxStampAge && c.read(f.Name()) == nil {
			err = errors.Join(err, os.RemoveAll(filepath.Join(c.dir, f.Name())))
		}
	}
	return err
}

// clear removes everything.
func (c *cache) clear() error {
	if c == nil {
		return nil
	}
	return os.RemoveAll(c.dir)
}
