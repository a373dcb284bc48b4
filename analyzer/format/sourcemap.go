package format

import (
	"encoding/json"
	"fmt"
	"path"
	"sort"

	"github.com/bundlens/bundlens/internal/sourcemap"
)

// sourceMap is a source map of version 3 (ECMA-426).
type sourceMap struct {
	Version  int      `json:"version"`
	File     string   `json:"file"`
	Sources  []string `json:"sources"`
	Names    []string `json:"names"`
	Mappings string   `json:"mappings"`
}

// sourceMap makes of the printer's map to the text one to the source, whose places are given.
func (t *text) sourceMap(file, sourceFile string, printed []byte, source *places) ([]byte, error) {
	var in sourceMap
	if err := json.Unmarshal(printed, &in); err != nil {
		return nil, fmt.Errorf("%s: source map: %w", file, err)
	}
	own := placesIn(t.Bytes())
	var out sourcemap.Writer
	err := sourcemap.Each(in.Mappings, func(m sourcemap.Mapping) {
		if m.Source < 0 {
			return
		}
		if at, ok := own.offset(m.SourceLine, m.SourceColumn); ok {
			if from := t.from(at); from >= 0 {
				line, column := source.of(from)
				out.Add(sourcemap.Mapping{Line: m.Line, Column: m.Column, SourceLine: line, SourceColumn: column, Name: -1})
			}
		}
	})
	if err != nil {
		return nil, fmt.Errorf("%s: source map: %w", file, err)
	}
	return json.Marshal(sourceMap{3, path.Base(file), []string{sourceFile}, []string{}, out.String()})
}

// from is the offset in the source of an offset in the text, or -1.
func (t *text) from(at int32) int32 {
	i := sort.Search(len(t.origins), func(i int) bool { return t.origins[i].at > at }) - 1
	if i < 0 || t.origins[i].from < 0 {
		return -1
	}
	return t.origins[i].from + at - t.origins[i].at
}
