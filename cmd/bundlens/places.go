package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/bundlens/bundlens/analyzer/source"
	"github.com/bundlens/bundlens/internal/lazyregexp"
	"github.com/bundlens/bundlens/internal/regular"
	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/lint"
)

// sourcePlaces says where things stand in the files that an input was read from. A module that is packed in another
// file, such as an archive, stands at the start of that. What was fetched is in no file of the user's.
func sourcePlaces(in *source.Input) lint.Places {
	lines := map[string]*lint.Lines{}
	return func(o schema.Origin) (lint.Position, bool) {
		if in.Path == "" || strings.HasPrefix(in.Spec, "npm:") {
			return lint.Position{}, false
		}
		l, known := lines[o.Module]
		if !known {
			l = moduleLines(in, o.Module)
			lines[o.Module] = l
		}
		if l == nil {
			return lint.Start(userPath(in.Path)), true
		}
		return l.Position(o.Start, o.End), true
	}
}

// moduleLines are the lines of a module that is a file of its own; nil where it is none.
func moduleLines(in *source.Input, name string) *lint.Lines {
	dir := in.Path
	switch in.Kind {
	case source.KindFile:
		dir = filepath.Dir(in.Path)
	case source.KindDirectory, source.KindPackage:
	default:
		return nil
	}
	file := filepath.Join(dir, filepath.FromSlash(name))
	if info, err := os.Stat(file); err != nil || !info.Mode().IsRegular() {
		return nil
	}
	for i := range in.Modules {
		if m := &in.Modules[i]; m.Name == name && m.Source != nil {
			return lint.NewLines(userPath(file), m.Source)
		}
	}
	return nil
}

// documentPlaces says where records stand in the file of a document: at the line that has their origin.
func documentPlaces(file string) (lint.Places, error) {
	text, err := regular.Read(context.Background(), file, maxDocument)
	if err != nil {
		return nil, err
	}
	lines := lint.NewLines(userPath(file), text)
	at := map[schema.Origin][2]int{}
	for _, m := range writtenOrigin.Get().FindAllSubmatchIndex(text, -1) {
		var o schema.Origin
		if json.Unmarshal(text[m[2]:m[3]], &o.Module) != nil {
			continue
		}
		o.Start, _ = strconv.Atoi(string(text[m[4]:m[5]]))
		o.End, _ = strconv.Atoi(string(text[m[6]:m[7]]))
		if _, known := at[o]; !known {
			at[o] = [2]int{m[0], m[1]}
		}
	}
	return func(o schema.Origin) (lint.Position, bool) {
		o.Symbol = ""
		if place, ok := at[o]; ok {
			return lines.Position(place[0], place[1]), true
		}
		return lint.Start(lines.File()), true
	}, nil
}

// writtenOrigin is an origin as a document has it, however its lines are broken.
var writtenOrigin = lazyregexp.New(`"module":\s*("(?:[^"\\]|\\.)*"),\s*"start":\s*(\d+),\s*"end":\s*(\d+)`)

// userPath is a path as a repository has it: from the directory that the program runs in, if it is below that.
func userPath(path string) string {
	dir, err := os.Getwd()
	if err != nil {
		return path
	}
	full, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	rel, err := filepath.Rel(dir, full)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return filepath.ToSlash(full)
	}
	return filepath.ToSlash(rel)
}

// sameProgram says why a source is not that of a document; nil where it is, as far as can be told.
func sameProgram(doc *schema.Document, in *source.Input) error {
	a, b := doc.Source, in.Describe()
	if a.SHA256 != "" && b.SHA256 != "" && a.SHA256 != b.SHA256 || a.Package != b.Package || a.Version != b.Version {
		return fmt.Errorf("%s is not the program of the document, which is %s", in.Spec, strings.TrimSpace(a.Name+" "+a.Version))
	}
	return nil
}
