package view

import (
	"errors"
	"io/fs"

	"github.com/bundlens/bundlens/internal/hidden"
	"github.com/bundlens/bundlens/schema/history"
)

// timeline is a history with what changed from each version to the next.
type timeline struct {
	*history.Index
	// Changes are pages of Markdown by "FROM_to_TO".
	Changes map[string]string `json:"changes"`
}

// History makes a page for a history in a directory. Where it is served, it refers to pages for each version.
func History(dir string, served bool) (*Page, error) {
	index, err := history.Read(dir)
	if err != nil {
		return nil, err
	}
	line := &timeline{Index: index, Changes: map[string]string{}}
	for i := 1; i < len(index.Versions); i++ {
		from, to := index.Versions[i-1].Version, index.Versions[i].Version
		page, err := history.Difference(dir, from, to)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		line.Changes[from+"_to_"+to] = page
	}
	return &Page{title: hidden.Spelled(index.Package) + " over its versions", data: payload{History: line, Served: served}}, nil
}
