package history

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bundlens/bundlens/internal/regular"
	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/report"
)

// analysis is what is kept beside the report of a version.
type analysis struct {
	Version string `json:"version"`
	Engine  string `json:"engine"`
	// Place orders versions that a user named in an order; 0 for those of a registry, which have an order of their own.
	Place  int    `json:"place,omitempty"`
	Counts Counts `json:"counts"`
}

// Counts are the numbers of a version.
type Counts struct {
	Tools        int  `json:"tools"`
	EnabledTools int  `json:"enabledTools"`
	Prompts      int  `json:"prompts"`
	Reminders    int  `json:"reminders"`
	Agents       int  `json:"agents"`
	Commands     int  `json:"commands"`
	Environment  int  `json:"environment"`
	Flags        int  `json:"flags"`
	Complete     bool `json:"complete"`
}

func countsOf(d *schema.Document) Counts {
	c := Counts{len(d.Tools), 0, len(d.Prompts), len(d.Reminders), len(d.Agents), len(d.Commands), len(d.Environment), len(d.Flags), d.Health.Complete}
	for _, t := range d.Tools {
		if t.Enabled != nil && *t.Enabled {
			c.EnabledTools++
		}
	}
	return c
}

// maxFile bounds the files of a history, in bytes; the largest are the documents of large programs, with some megabytes.
const maxFile = 512 << 20

// versionDir is where a version's report stands. A version comes from a registry and is no path.
func versionDir(dir, version string) string {
	return filepath.Join(dir, versionsDir, strings.NewReplacer("/", "_", `\`, "_", "..", "_").Replace(version))
}

// store writes a version's report beside its place and moves it there when it is whole.
func store(dir string, a analysis, doc *schema.Document) error {
	a.Counts = countsOf(doc)
	place := versionDir(dir, a.Version)
	tmp, err := os.MkdirTemp(filepath.Join(dir, versionsDir), tempPrefix)
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	if err := os.Chmod(tmp, 0o755); err != nil {
		return err
	}
	if err := report.Write(doc, tmp); err != nil {
		return err
	}
	if err := writeJSON(filepath.Join(tmp, analysisFile), a); err != nil {
		return err
	}
	if err := os.RemoveAll(place); err != nil {
		return err
	}
	return os.Rename(tmp, place)
}

// readAnalysis answers what is known of a version; nil where it is not here.
func readAnalysis(dir, version string) (*analysis, error) {
	a, err := readStored(versionDir(dir, version))
	if err == nil && a.Version != version {
		return nil, fmt.Errorf("%s: is damaged", versionDir(dir, version))
	}
	return a, err
}

func readStored(place string) (*analysis, error) {
	data, err := regular.Read(context.Background(), filepath.Join(place, analysisFile), maxFile)
	if err != nil {
		return nil, err
	}
	a := new(analysis)
	if err := json.Unmarshal(data, a); err != nil {
		return nil, fmt.Errorf("%s: is damaged", place)
	}
	return a, nil
}

// stored names the versions that the directory has of this engine, in order.
func stored(dir, engine string) ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(dir, versionsDir))
	if err != nil {
		return nil, err
	}
	var list []*analysis
	for _, e := range entries {
		if a, err := readStored(filepath.Join(dir, versionsDir, e.Name())); err == nil && a.Engine == engine {
			list = append(list, a)
		}
	}
	slices.SortFunc(list, func(a, b *analysis) int { return cmp.Or(a.Place-b.Place, Compare(a.Version, b.Version)) })
	var out []string
	for _, a := range list {
		out = append(out, a.Version)
	}
	return out, nil
}

// load reads a version's document.
func load(dir, version string) (*schema.Document, error) {
	path := filepath.Join(versionDir(dir, version), "intel.json")
	file, _, err := regular.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	doc, err := schema.Decode(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return doc, nil
}

func writeJSON(path string, v any) error {
	var b bytes.Buffer
	if err := schema.Encode(&b, v); err != nil {
		return err
	}
	return writeFile(path, b.Bytes())
}

// writeFile replaces a file whole, and leaves one alone that is as it should be.
func writeFile(path string, data []byte) error {
	if old, err := regular.Read(context.Background(), path, maxFile); err == nil && bytes.Equal(old, data) {
		return nil
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), tempPrefix)
	if err != nil {
		return err
	}
	_, err = tmp.Write(data)
	if err = errors.Join(err, tmp.Chmod(0o644), tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		os.Remove(tmp.Name())
	}
	return err
}
