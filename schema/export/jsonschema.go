package export

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/bundlens/bundlens/internal/ordered"
	"github.com/bundlens/bundlens/schema"
)

// draft2020 is the dialect of a schema that names none.
const draft2020 = "https://json-schema.org/draft/2020-12/schema"

// schemaOf is a tool's input schema as a schema of its own. The program's keywords stand as they are; $id, title and
// description come before them where the program has none, and $comment says what is not exact.
func schemaOf(p *Program, t *tool) *ordered.Map {
	own := asMap(t.input)
	out := ordered.New("$schema", draft2020, "$id", p.schemaID(t), "title", t.Name)
	if d := t.description(); d != "" {
		out.Set("description", d)
	}
	comment(out, t.inexact())
	for _, key := range own.Keys() {
		if key == "$comment" && out.Has(key) {
			continue // the program's own comment says nothing of what is exact
		}
		out.Set(key, own.Value(key))
	}
	return out
}

// schemaID names a tool's schema: a URN of the program, its version and the tool.
func (p *Program) schemaID(t *tool) string {
	s := p.doc.Source
	name := s.Package
	if name == "" {
		name = s.Name
	}
	id := "urn:bundlens:" + url.PathEscape(name)
	if s.Version != "" {
		id += ":" + url.PathEscape(s.Version)
	}
	return id + ":" + url.PathEscape(t.Name)
}

// comment says what is not exact of a schema where JSON Schema has a place for that: its readers skip $comment.
func comment(s *ordered.Map, lines []string) {
	if len(lines) > 0 {
		s.Set("$comment", "bundlens: "+strings.Join(lines, " "))
	}
}

// asMap is a schema as an object: true and what is not known take anything, false nothing.
func asMap(s any) *ordered.Map {
	switch s := s.(type) {
	case *ordered.Map:
		return s
	case bool:
		if !s {
			return ordered.New("not", ordered.New())
		}
	}
	return ordered.New()
}

// jsonSchemaFiles are the tools' schemas, a file each.
func jsonSchemaFiles(p *Program) ([]File, error) {
	var files []File
	taken := map[string]bool{}
	for _, t := range p.tools {
		text, err := indented(schemaOf(p, t))
		if err != nil {
			return nil, err
		}
		files = append(files, File{FileName(t.Name, taken), text})
	}
	return files, nil
}

// jsonSchemaBundle is all schemas in one document, embedded under $defs, as JSON Schema has it for a bundle.
func jsonSchemaBundle(p *Program) ([]byte, error) {
	defs := ordered.New()
	for _, t := range p.tools {
		defs.Set(t.Name, schemaOf(p, t))
	}
	out := ordered.New("$schema", draft2020, "title", "The tools of "+p.about())
	comment(out, p.caveats())
	out.Set("$defs", defs)
	return indented(out)
}

// encoded is a value with encoding's fields, as JSON.
func encoded(v any) ([]byte, error) {
	var b bytes.Buffer
	err := schema.Encode(&b, v)
	return b.Bytes(), err
}

// indented is a value as JSON text.
func indented(v any) ([]byte, error) {
	text, err := ordered.MarshalIndent(v, "  ")
	return append(text, '\n'), err
}

// maxFileName is how long the name of a file is at most, in bytes, without its extension.
const maxFileName = 200

// FileName is the name of a tool's JSON file. A name that a file system does not take is written with underscores; two
// that differ only in case are told apart by a number, as some file systems take them for one. taken holds the names
// that were given.
func FileName(name string, taken map[string]bool) string {
	base := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`<>:"/\|?*`, r) || hidden(r) || r < ' ' {
			return '_'
		}
		return r
	}, name)
	for len(base) > maxFileName {
		_, size := utf8.DecodeLastRuneInString(base)
		base = base[:len(base)-size]
	}
	if base == "" || strings.Trim(base, ". ") != base || reserved(base) {
		base = "_" + strings.Trim(base, ". ")
	}
	file := base + ".json"
	for n := 2; taken[strings.ToLower(file)]; n++ {
		file = fmt.Sprintf("%s-%d.json", base, n)
	}
	taken[strings.ToLower(file)] = true
	return file
}

// reserved says whether Windows takes a name for that of a device, with any extension.
func reserved(name string) bool {
	stem, _, _ := strings.Cut(strings.ToUpper(name), ".")
	switch stem {
	case "CON", "PRN", "AUX", "NUL":
		return true
	}
	return len(stem) == 4 && (strings.HasPrefix(stem, "COM") || strings.HasPrefix(stem, "LPT")) && stem[3] >= '0' && stem[3] <= '9'
}
